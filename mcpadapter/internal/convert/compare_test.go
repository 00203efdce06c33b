package convert_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/convert"
)

// rewritten is a Go type that writes other JSON than it has read.
type rewritten struct{ text json.RawMessage }

func (r *rewritten) UnmarshalJSON(text []byte) error {
	r.text = append([]byte{}, text...)
	return nil
}

func (r rewritten) MarshalJSON() ([]byte, error) { return []byte(rewrites()[string(r.text)].sent), nil }

type rewriting struct {
	V rewritten `json:"v"`
}

// rewrites are values by how they are given: how a type sends them, and what is wrong with that; "": nothing.
func rewrites() map[string]struct{ sent, problem string } {
	type rewrite = struct{ sent, problem string }
	return map[string]rewrite{
		// Objects, member by member.
		`{"a":1,"b":2}`:                {`{"b":2,"a":1}`, ""},
		`{"a":1,"b":3}`:                {`null`, "v: an object cannot be sent"},
		`{"a":1,"b":4}`:                {`[1,4]`, "v: an object cannot be sent"},
		`{"a":1,"b":5}`:                {`"text"`, "v: an object cannot be sent"},
		`{"a":1,"b":6}`:                {`{"b":6}`, "v.a: the number 1 cannot be sent"},
		`{"a":1,"b":7}`:                {`{"a":1}`, "v.b: the number 7 cannot be sent"},
		`{"a":1,"b":8}`:                {`{"a":2,"b":8}`, "v.a: the number 1 would arrive as 2"},
		`{"a":1,"b":9}`:                {`{"a":1,"b":8}`, "v.b: the number 9 would arrive as 8"},
		`{"b":1,"c":2}`:                {`{"a":1,"b":1,"c":2}`, "v.a: would be sent without being given"},
		`{"b":1,"c":3}`:                {`{"b":1,"bb":1,"c":3}`, "v.bb: would be sent without being given"},
		`{"b":1,"c":4}`:                {`{"b":1,"c":4,"d":null}`, "v.d: would be sent without being given"},
		`{"a":null}`:                   {`{}`, "v.a: null cannot be sent"},
		`{}`:                           {`null`, "v: an object cannot be sent"},
		`{"x":{"y":{"z":1}}}`:          {`{"x":{"y":{"z":2}}}`, "v.x.y.z: the number 1 would arrive as 2"},
		`{"x":[{"y":1},{"y":2}]}`:      {`{"x":[{"y":1},{"y":3}]}`, "v.x[1].y: the number 2 would arrive as 3"},
		`{"x":[{"y":1},{"y":4}]}`:      {`{"x":[{"y":0},{"y":4}]}`, "v.x[0].y: the number 1 would arrive as 0"},
		`{"x":[{"y":1},{}]}`:           {`{"x":[{"y":1},{"n":0}]}`, "v.x[1].n: would be sent without being given"},
		`{"2026-01-02":"2026-01-02Z"}`: {`{"2026-01-02":"2026-01-02"}`, ""},
		// Arrays, element by element.
		`[1,2,3]`:        {`[1, 2.0, 3]`, ""},
		`[1,2,4]`:        {`[1,2]`, "v: an array of 3 cannot be sent"},
		`[1,2,5]`:        {`[1,2,5,6]`, "v: an array of 3 cannot be sent"},
		`[1,2,6]`:        {`{"0":1,"1":2,"2":6}`, "v: an array of 3 cannot be sent"},
		`[1,2,7]`:        {`null`, "v: an array of 3 cannot be sent"},
		`[1,2,8]`:        {`[0,2,8]`, "v[0]: the number 1 would arrive as 0"},
		`[1,2,9]`:        {`[1,0,9]`, "v[1]: the number 2 would arrive as 0"},
		`[1,2,10]`:       {`[1,2,0]`, "v[2]: the number 10 would arrive as 0"},
		`[[1],[2]]`:      {`[[1],[]]`, "v[1]: an array of 1 cannot be sent"},
		`[]`:             {`[ ]`, ""},
		`[{"empty":[]}]`: {`[{"empty":null}]`, "v[0].empty: an array of 0 cannot be sent"},
		`[["empty"],[]]`: {`[["empty"],{}]`, "v[1]: an array of 0 cannot be sent"},
		`[["empty",[]]]`: {`[["empty",""]]`, "v[0][1]: an array of 0 cannot be sent"},
		// Whole numbers by each digit, others as closely as a float64 can.
		`10`:                 {`10.0`, ""},
		`11`:                 {`1.1e1`, ""},
		`12`:                 {`13`, "v: the number 12 would arrive as 13"},
		`-12`:                {`12`, "v: the number -12 would arrive as 12"},
		`9007199254740993`:   {`9007199254740992`, "v: the number 9007199254740993 would arrive as 9007199254740992"},
		`9007199254740993.0`: {`9007199254740992.0`, "v: the number 9007199254740993.0 would arrive as 9007199254740992.0"},
		`14`:                 {`14.00000000000000000001`, "v: the number 14 would arrive as 14.00000000000000000001"},
		`0.1`:                {`0.1000000000000000055`, ""},
		`9007199254740993.5`: {`9007199254740994`, ""},
		`0.25`:               {`0.26`, "v: the number 0.25 would arrive as 0.26"},
		`0.5`:                {`"0.5"`, "v: the number 0.5 would arrive as "},
		`15`:                 {`null`, "v: the number 15 would arrive as "},
		`16`:                 {`16e999`, "v: the number 16 would arrive as 16e999"},
		`0.75`:               {`75e999`, "v: the number 0.75 would arrive as 75e999"},
		// Of numbers too large to compare only the text.
		`[1e999,1]`: {`[1e999,1.0]`, ""},
		`[1e999,2]`: {`[1e998,2]`, "v[0]: the number 1e999 would arrive as 1e998"},
		`[1e999,3]`: {`[1,3]`, "v[0]: the number 1e999 would arrive as 1"},
		`[1e999,4]`: {`[null,4]`, "v[0]: the number 1e999 would arrive as "},
		`[1e999,5]`: {`[10e998,5]`, "v[0]: the number 1e999 would arrive as 10e998"},
		// What cannot be read again.
		`"twice"`: {`{"a":1,"a":1}`, `write convert_test.rewriting: "a" is given twice`},
		`"broken"`: {`{`, "write convert_test.rewriting: json: error calling MarshalJSON for type " +
			"convert_test.rewritten: unexpected end of JSON input"},
		// Of everything else only the kind.
		`"2026-01-02T00:00:00Z"`: {`"2026-01-02T00:00:00+00:00"`, ""},
		`"text"`:                 {`1`, `v: the string "text" cannot be sent`},
		`"null"`:                 {`null`, `v: the string "null" cannot be sent`},
		`"object"`:               {`{}`, `v: the string "object" cannot be sent`},
		`true`:                   {`"true"`, "v: the boolean true cannot be sent"},
		`false`:                  {`null`, "v: the boolean false cannot be sent"},
		`[null]`:                 {`[""]`, "v[0]: null cannot be sent"},
		`[null,null]`:            {`[null,0]`, "v[1]: null cannot be sent"},
		`[null,true]`:            {`[null,false ]`, ""},
	}
}

func TestWhatAGoTypeSendsIsComparedWithWhatWasGiven(t *testing.T) {
	t.Parallel()
	for given, c := range rewrites() {
		v, err := value.Parse([]byte(`{"v":` + given + `}`))
		if err != nil {
			t.Fatal(err)
		}
		_, err = convert.To(reflect.TypeFor[rewriting](), v)
		if got := message(err); got != c.problem {
			t.Errorf("%s as %s: got %q, want %q", given, c.sent, got, c.problem)
		}
	}
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// A value without a name has no path in front of the problem.
func TestAWholeValueIsComparedToo(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		`[1,2,3]`: "", `[1,2,4]`: "an array of 3 cannot be sent", `[1,2,8]`: "[0]: the number 1 would arrive as 0",
	} {
		v, err := value.Parse([]byte(given))
		if err != nil {
			t.Fatal(err)
		}
		if _, err = convert.To(reflect.TypeFor[rewritten](), v); message(err) != want {
			t.Errorf("%s: got %v, want %s", given, err, want)
		}
	}
}
