package mcpadapter_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// wideObject is an object of n members with names of that many bytes.
func wideObject(n, size int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"%0*d":1`, size, i)
	}
	return `{` + strings.TrimPrefix(b.String(), ",") + `}`
}

func TestAShapeGoesAsDeepAsFits(t *testing.T) {
	t.Parallel()
	large := wideObject(30, 50)
	const note = `"note":"string of 2000 bytes"`
	member := `"note":"` + strings.Repeat("x", 2000) + `"`
	for _, c := range []struct{ body, shape string }{
		{`{` + member + `,"a":{"b":{"c":1}}}`, `{` + note + `,"a":{"b":{"c":"number"}}}`},
		{`{` + member + `,"a":{"b":` + large + `}}`, `{` + note + `,"a":{"b":"object of 30 members"}}`},
		{`{` + member + `,"a":` + large + `}`, `{` + note + `,"a":"object of 30 members"}`},
		{large, `"object of 30 members"`},
		{`{` + member + `,"a":[` + large + `]}`, `{` + note + `,"a":["1 element, the first","object of 30 members"]}`},
	} {
		a := shoptest.NewWith(t, bodies(c.body), mcpadapter.WithMaxResultBytes(1024), mcpadapter.WithShapingArguments())
		const less = "Ask for less with fields (paths to keep), or for a part with jq, such as .data[100:200]."
		for id, advice := range map[string]string{
			"orders.get": less, "orders.replace": "The call took effect: do not repeat it to see its response.",
		} {
			want := fmt.Sprintf(`{"too_large":{"bytes":%d,"at_most":1024,"shape":%s,"advice":%s}}`,
				len(c.body), c.shape, shoptest.Quoted(advice))
			if got := jsonOf(t, a, id, `{"order_id":"1"}`); got != want {
				t.Errorf("%s: got %s, want %s", id, got, want)
			}
		}
	}
}

// shaped has operations with arguments of the names that the adapter's own have.
type shaped struct{ shoptest.Doer }

func (s shaped) Jq(context.Context, *jqTaken) (*http.Response, error)         { return s.Doer(nil) }
func (s shaped) Fields(context.Context, *fieldsTaken) (*http.Response, error) { return s.Doer(nil) }
func (s shaped) Both(context.Context, *bothTaken) (*http.Response, error)     { return s.Doer(nil) }
func (s shaped) None(context.Context) (*http.Response, error)                 { return s.Doer(nil) }

type jqTaken struct {
	JQ     *string `json:"jq,omitempty"`
	Answer *string `json:"answer_jq,omitempty"`
}

type fieldsTaken struct {
	Fields *string `json:"fields,omitempty"`
	Answer *string `json:"answer_fields,omitempty"`
}

type bothTaken struct {
	JQ           *string `json:"jq,omitempty"`
	AnswerJQ     *string `json:"answer_jq,omitempty"`
	Fields       *string `json:"fields,omitempty"`
	AnswerFields *string `json:"answer_fields,omitempty"`
}

func TestOnlyTheArgumentsOfAToolAreAdvised(t *testing.T) {
	t.Parallel()
	query := func(names ...string) []optable.Parameter {
		list := make([]optable.Parameter, len(names))
		for i, name := range names {
			list[i] = optable.Parameter{Name: name, In: optable.InQuery, Schema: &optable.Schema{Types: optable.String}}
		}
		return list
	}
	for id, c := range map[string]struct {
		parameters []optable.Parameter
		want       string
	}{
		"jq":     {query("jq", "answer_jq"), "Ask for less with fields (paths to keep)."},
		"fields": {query("fields", "answer_fields"), "Ask for a part with jq, such as .data[100:200]."},
		"both":   {query("jq", "answer_jq", "fields", "answer_fields"), "Ask for less."},
		"none":   {nil, "Ask for less with fields (paths to keep), or for a part with jq, such as .data[100:200]."},
	} {
		body := `{"id":"` + strings.Repeat("x", 2000) + `"}`
		list := `{"data":[{"id":"` + strings.Repeat(`x"},{"id":"`, 200) + `"}]}`
		for _, body := range []string{body, list} {
			a, err := mcpadapter.New(shaped{func(*http.Request) (*http.Response, error) {
				return shoptest.Responding(200, strings.NewReader(body))(nil)
			}}, &optable.Table{Operations: []optable.Operation{{
				ID: id, Method: http.MethodGet, Path: "/x", Parameters: c.parameters,
				Responses: []optable.Response{documented(200, "", optable.Schema{Properties: listSchema("x").Properties[:1]})},
			}}}, mcpadapter.WithShapingArguments(), mcpadapter.WithMaxResultBytes(1024))
			if err != nil {
				t.Fatal(err)
			}
			if got := jsonOf(t, a, id, `{}`); !strings.Contains(got, `"advice":"`+c.want+`"`) &&
				!strings.Contains(got, `"reason":"Cut to fit into 1024 bytes. `+c.want+`"`) {
				t.Errorf("%s: got %s, want %s", id, got, c.want)
			}
		}
	}
}

func TestAFailureIsShortenedNoMoreThanItMustBe(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("m", 2000)
	sixty := strings.Repeat("m", 60) + "…"
	const left = `"left out: too large"`
	failure := func(code, message, id, details string) string {
		text := `{"error":{"status":418,"code":` + shoptest.Quoted(code) + `,"message":` + shoptest.Quoted(message)
		if id != "" {
			text += `,"request_id":` + shoptest.Quoted(id)
		}
		if details != "" {
			text += `,"details":` + details
		}
		return text + `}}`
	}
	list := `["` + long + `"]`
	for _, c := range []struct {
		says  says
		whole string
		short string
	}{
		{says{message: long, code: "c"}, failure("c", long, "", ""), failure("c", sixty, "", "")},
		{says{code: long, message: "n"}, failure(long, "n", "", ""), failure(sixty, "n", "", "")},
		{says{code: "c", requestID: long}, failure("c", "", long, ""), failure("c", "", sixty, "")},
		{
			says{code: "c", message: "n", details: []string{long}}, failure("c", "n", "", list), failure("c", "n", "", left),
		},
		{
			says{code: "c", message: long[:100], requestID: "r", details: []string{long}},
			failure("c", long[:100], "r", list), failure("c", long[:100], "r", left),
		},
		{
			says{code: "c", message: long, details: []string{long}}, failure("c", long, "", list), failure("c", sixty, "", left),
		},
	} {
		c.says.status = http.StatusTeapot
		for most, want := range map[int]string{len(c.whole): c.whole, len(c.whole) - 1: c.short} {
			a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, c.says },
				mcpadapter.WithMaxResultBytes(most))
			if want == c.short && len(c.whole) > 4000 { // what fits without its details is cut no further
				a = shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { return nil, c.says },
					mcpadapter.WithMaxResultBytes(1024))
			}
			r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
			if string(r.JSON) != want {
				t.Errorf("into %d: got %.300s, want %.300s", most, r.JSON, want)
			}
			var written struct{ Error *mcpadapter.Failure }
			if err := json.Unmarshal(r.JSON, &written); err != nil || written.Error.String() != r.Text() {
				t.Errorf("into %d: got the text %.300s, want that of the JSON (%v)", most, r.Text(), err)
			}
		}
	}
}

func TestTheProblemsOfARefusalAreShortenedBeforeTheyGo(t *testing.T) {
	t.Parallel()
	arguments := []string{}
	for i := range 6 {
		arguments = append(arguments, fmt.Sprintf(`"%d%s":1`, i, strings.Repeat("n", 299)))
	}
	refused := func(most int) mcpadapter.Result {
		sent := 0
		a := shoptest.NewWith(t, shoptest.Counting(&sent), mcpadapter.WithMaxResultBytes(most))
		r := shoptest.Invoke(t, a, "orders.list", "{"+strings.Join(arguments, ",")+"}")
		if r.Failure == nil || sent != 0 || len(r.JSON) > most || r.Failure.Code != mcpadapter.CodeInvalidArguments {
			t.Fatalf("into %d: got %d requests and %d bytes", most, sent, len(r.JSON))
		}
		return r
	}
	const example = `,"example":{}`
	whole := len(refused(1 << 20).JSON)
	short := len(refused(whole - 1).JSON)
	bare := short - len(example)
	five := len(refused(bare - 1).JSON)
	for _, c := range []struct {
		most, problems, characters int
		example                    bool
	}{
		{1 << 20, 6, 300, true}, {whole, 6, 300, true}, {whole - 1, 6, 201, true}, {short, 6, 201, true},
		{short - 1, 6, 201, false}, {bare, 6, 201, false}, {bare - 1, 5, 201, false}, {five, 5, 201, false},
		{five - 1, 4, 201, false},
	} {
		f := refused(c.most).Failure
		n := len([]rune(f.Arguments[0].Argument))
		if len(f.Arguments) != c.problems || n != c.characters || f.Arguments[0].Argument[0] != '0' ||
			(f.Example != nil) != c.example {
			t.Errorf("into %d: got %d problems of %d characters and the example %s, want %+v",
				c.most, len(f.Arguments), n, f.Example, c)
		}
	}
}

func TestALongProblemIsShortenedTo200Characters(t *testing.T) {
	t.Parallel()
	var members []string
	for i := range 12 {
		members = append(members, fmt.Sprintf(`"%040d"`, i))
	}
	item := optable.Schema{Types: optable.String, Enum: members}
	r := &recorder{}
	a, err := mcpadapter.New(r, tableOf(optable.Operation{
		ID: "put", Method: http.MethodPut, Path: "/v", Body: &optable.Body{Required: true, Schema: &optable.Schema{
			Types: optable.Object, Properties: []optable.Property{
				{Name: "v", Required: true, Schema: &optable.Schema{Types: optable.Array, Items: &item}},
			},
		}},
	}), mcpadapter.WithMaxResultBytes(1024))
	if err != nil {
		t.Fatal(err)
	}
	got := problemsOf(shoptest.Invoke(t, a, "put", `{"v":["é","é","é"]}`))
	message := []rune("expected one of " + strings.Join(members, ", "))
	want := "v[0]: " + string(message[:200]) + "…"
	if len(got) == 0 || !strings.HasPrefix(got[0], want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if sent := r.took(); len(sent) > 0 {
		t.Errorf("got %q sent, want nothing", sent)
	}
}
