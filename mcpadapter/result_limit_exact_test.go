package mcpadapter_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// manyOrders are n elements of 24 bytes.
func manyOrders(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("order_%08d", i)
	}
	return ids
}

func TestAResultThatFitsExactlyIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	list := onePage("order_00000099", manyOrders(100)...)
	last := onePage("", manyOrders(100)...)
	output := `{"jq":["` + strings.Repeat("x", 2000) + `"]}`
	object := `{"id":"` + strings.Repeat("x", 2000) + `"}`
	outputs := `{"jq":["` + strings.Join(manyOrders(100), `","`) + `"]}`
	inside := `{"jq":[["` + strings.Join(manyOrders(100), `","`) + `"]]}`
	for name, c := range map[string]struct {
		tool, arguments, body, want, cut string
	}{
		"list":     {"orders.list", `{}`, list, list, "left_out"},
		"fields":   {"orders.list", `{"fields":"object,data,list_metadata"}`, list, list, "left_out"},
		"pages":    {"orders.list", `{"all_pages":true,"fields":"object,data"}`, last, last, "left_out"},
		"object":   {"orders.get", `{"order_id":"1"}`, object, object, "too_large"},
		"selected": {"orders.get", `{"order_id":"1","fields":"id"}`, object, object, "too_large"},
		"outputs":  {"orders.list", `{"jq":".data[].id"}`, list, outputs, "left_out"},
		"inside":   {"orders.list", `{"jq":"[.data[].id]"}`, list, inside, "left_out"},
		"output":   {"orders.get", `{"order_id":"1","jq":".id"}`, object, output, "too_large"},
	} {
		n := len(c.want)
		for _, most := range []int{n + 1, n, n - 1} {
			a := shoptest.NewWith(t, bodies(c.body), mcpadapter.WithMaxResultBytes(most), mcpadapter.WithShapingArguments())
			got := jsonOf(t, a, c.tool, c.arguments)
			switch {
			case most >= n && got != c.want:
				t.Errorf("%s: %d bytes into %d: got %.300s, want the whole", name, n, most, got)
			case most < n && (len(got) > most || !strings.Contains(got, `"`+c.cut+`":{`)):
				t.Errorf("%s: %d bytes into %d: got %d bytes, %.300s, want %s", name, n, most, len(got), got, c.cut)
			}
		}
	}
}

// As many elements as can be: one more would not fit.
func TestAListIsCutNoEarlierThanItMustBe(t *testing.T) {
	t.Parallel()
	const n = 500
	list := onePage("order_00000499", manyOrders(n)...)
	for name, c := range map[string]struct {
		arguments string
		element   int // bytes of one, with its comma
	}{
		"list":    {`{}`, len(`{"id":"order_00000000"},`)},
		"outputs": {`{"jq":".data[].id"}`, len(`"order_00000000",`)},
		"inside":  {`{"jq":"[.data[].id]"}`, len(`"order_00000000",`)},
	} {
		for most := 1024; most < 1024+2*c.element; most++ {
			a := shoptest.NewWith(t, bodies(list), mcpadapter.WithMaxResultBytes(most), mcpadapter.WithShapingArguments())
			got := jsonOf(t, a, "orders.list", c.arguments)
			if !json.Valid([]byte(got)) || len(got) > most || len(got)+c.element <= most {
				t.Errorf("%s into %d: got %d bytes, want as many elements of %d bytes as fit", name, most, len(got), c.element)
			}
			given := strings.Count(got, "order_0")
			if name == "list" {
				given -= 2 // the cursors
			}
			var r struct {
				LeftOut leftOut `json:"left_out"`
			}
			if err := json.Unmarshal([]byte(got), &r); err != nil || r.LeftOut.Elements != n-given {
				t.Errorf("%s into %d: got %d elements and %+v (%v), want %d", name, most, given, r.LeftOut, err, n)
			}
		}
	}
}

func TestHowToGoOnFromACutListIsToldInFull(t *testing.T) {
	t.Parallel()
	ids := manyOrders(100)
	const cut, less = "Cut to fit into 1100 bytes.", " Ask for less with fields (paths to keep), or for a part with jq, " +
		"such as .data[100:200]."
	fewer := " Call again with that many at most for a cursor that leads to the rest."
	opaque, last := onePage("opaque", ids...), onePage("", ids...)
	for name, c := range map[string]struct {
		tool, arguments, body string
		after                 string // cursor of the result; "": null
		more                  bool
		carryOn, reason       string
	}{
		"a known cursor": {
			"orders.list", `{}`, onePage(ids[99], ids...), "the last", true, `{"after":"the last"}`, cut + goOn,
		},
		"an opaque cursor": {"orders.list", `{}`, opaque, "", true, `{"limit":the number}`, cut + fewer},
		"the last page":    {"orders.list", `{}`, last, "", false, `{"limit":the number}`, cut + fewer},
		"several pages":    {"orders.list", `{"all_pages":true}`, last, "", false, ``, cut + less},
		"a write": {"orders.search", `{}`, opaque, "opaque", false, ``, cut + " The call took effect: " +
			"do not repeat it to see the rest."},
		"a write of the last": {"orders.search", `{}`, last, "", false, ``, cut + " The call took effect: " +
			"do not repeat it to see the rest."},
	} {
		a := shoptest.NewWith(t, bodies(c.body), mcpadapter.WithMaxResultBytes(1100), mcpadapter.WithShapingArguments())
		got := jsonOf(t, a, c.tool, c.arguments)
		given := strings.Count(got, `{"id":`)
		if given < 5 || given > 40 {
			t.Fatalf("%s: got %d elements", name, given)
		}
		fill := strings.NewReplacer("the last", ids[given-1], "the number", strconv.Itoa(given))
		want := strings.TrimSuffix(onePage(fill.Replace(c.after), ids[:given]...), "}") +
			fmt.Sprintf(`,"left_out":{"elements":%d`, 100-given)
		if c.more {
			want += `,"more":true`
		}
		if c.carryOn != "" {
			want += `,"continue":` + fill.Replace(c.carryOn)
		}
		if want += `,"reason":` + shoptest.Quoted(c.reason) + `}}`; got != want {
			t.Errorf("%s: got\n%s, want\n%s", name, got, want)
		}
	}
}

func TestOutputsThatAreCutTellHowMany(t *testing.T) {
	t.Parallel()
	list := onePage("order_00000099", manyOrders(100)...)
	const reason = "Cut to fit into 1100 bytes; narrow the program, or take a part of its output."
	for program, form := range map[string]string{
		`.data[].id`:                "[%s]",
		`[.data[].id]`:              "[[%s]]",
		`["x"], .data[].id`:         `[["x"],%s]`,
		`.data[].id, ["x"]`:         "[%s]",
		`[.data[].id] | ., empty`:   "[[%s]]",
		`["x", "y", .data[].id]`:    `[["x","y",%s]]`,
		`.data[].id, [.data[0].id]`: "[%s]",
	} {
		a := shoptest.NewWith(t, bodies(list), mcpadapter.WithMaxResultBytes(1100), mcpadapter.WithShapingArguments())
		got := jsonOf(t, a, "orders.list", `{"jq":`+shoptest.Quoted(program)+`}`)
		given := strings.Count(got, "order_")
		texts := `"` + strings.Join(manyOrders(given), `","`) + `"`
		left := 100 - given
		if strings.HasSuffix(program, "]") && !strings.HasPrefix(program, "[") {
			left++
		}
		want := `{"jq":` + fmt.Sprintf(form, texts) +
			fmt.Sprintf(`,"left_out":{"elements":%d,"reason":%s}}`, left, shoptest.Quoted(reason))
		if got != want || given < 40 {
			t.Errorf("%s: got\n%s, want\n%s", program, got, want)
		}
	}
	for _, program := range []string{`{a: [.data[].id]}`, `[.data[].id | [.]] | {a: .}`, `[.data[].id] | add`} {
		a := shoptest.NewWith(t, bodies(list), mcpadapter.WithMaxResultBytes(1100), mcpadapter.WithShapingArguments())
		if got := jsonOf(t, a, "orders.list", `{"jq":`+shoptest.Quoted(program)+`}`); !strings.HasPrefix(got, `{"too_large":`) {
			t.Errorf("%s: got %s, want its shape", program, got)
		}
	}
}

// What the adapter adds to a response has a name that the response has not, and by the table cannot have.
func TestWhatIsAddedTakesAFreeName(t *testing.T) {
	t.Parallel()
	pad := strings.Repeat(`{"id":"x"},`, 200) + `{"id":"x"}`
	of := func(names ...string) []optable.Response {
		properties := slices.Clone(listSchema("list_metadata").Properties)
		for _, name := range names {
			properties = append(properties, optable.Property{Name: name, Schema: &optable.Schema{Const: "1"}})
		}
		return []optable.Response{
			documented(200, "application/json", optable.Schema{Types: optable.Object, Properties: properties}),
		}
	}
	for _, c := range []struct {
		members   string
		answers   []optable.Response
		arguments string
		want      string
	}{
		{``, of(), `{}`, `,"left_out":{`},
		{`"left_out":1,`, of(), `{}`, `,"_left_out":{`},
		{`"_left_out":1,`, of(), `{}`, `,"left_out":{`},
		{`"left_out":1,"_left_out":1,`, of(), `{}`, `,"__left_out":{`},
		{``, of("left_out"), `{}`, `,"_left_out":{`},
		{`"_left_out":1,`, of("left_out"), `{}`, `,"__left_out":{`},
		{``, of("left_out", "_left_out"), `{}`, `,"__left_out":{`},
		{``, of(), `{"jq":"1"}`, `{"jq":[1]}`},
		{`"jq":1,`, of(), `{"jq":"1"}`, `{"jq":[1]}`},
		{``, of("jq"), `{"jq":"1"}`, `{"_jq":[1]}`},
		{``, of("jq", "_jq"), `{"jq":"1"}`, `{"__jq":[1]}`},
		{``, of("left_out"), `{"jq":".data[].id, .data[].id"}`, `,"_left_out":{`},
		{``, of(), `{"jq":"{a:[.data[]]}"}`, `{"too_large":{`},
		{``, of("too_large"), `{"jq":"{a:[.data[]]}"}`, `{"_too_large":{`},
	} {
		body := `{` + c.members + `"data":[` + pad + `],"list_metadata":{"after":"x"}}`
		a := shopAnswering(t, "orders.list", c.answers, nil, bodies(body), mcpadapter.WithMaxResultBytes(1024),
			mcpadapter.WithShapingArguments())
		if got := jsonOf(t, a, "orders.list", c.arguments); !strings.Contains(got, c.want) {
			t.Errorf("%s %s: got %s, want %s in it", c.members, c.arguments, got, c.want)
		}
	}
}

func TestTheSmallestOfAllLimitsCounts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		option int
		asked  []int
		want   int // 0: none
	}{
		{0, nil, 0},
		{0, []int{2000}, 2000},
		{0, []int{1}, 1024}, {0, []int{-1}, 1024}, {0, []int{0}, 1024}, {0, []int{1023}, 1024}, {0, []int{1024}, 1024},
		{0, []int{1025}, 1025},
		{0, []int{2000, 3000}, 2000}, {0, []int{3000, 2000}, 2000}, {0, []int{2000, 2000}, 2000},
		{0, []int{2000, 2001}, 2000}, {0, []int{2001, 2000}, 2000},
		{0, []int{2000, 1}, 1024},
		{1500, nil, 1500},
		{1500, []int{2000}, 1500}, {1500, []int{1499}, 1499}, {1500, []int{1500}, 1500}, {1500, []int{1501}, 1500},
		{1500, []int{1, 2000}, 1024},
	} {
		for _, n := range []int{c.want, c.want + 1} {
			if c.want == 0 {
				n = 5000
			}
			opts := []mcpadapter.Option{mcpadapter.WithShapingArguments()}
			if c.option > 0 {
				opts = append(opts, mcpadapter.WithMaxResultBytes(c.option))
			}
			body := `{"id":"` + strings.Repeat("x", n-len(`{"id":""}`)) + `"}`
			ctx := t.Context()
			for _, asked := range c.asked {
				ctx = mcpadapter.LimitResultBytes(ctx, asked)
			}
			r := shoptest.Tool(t, shoptest.NewWith(t, bodies(body), opts...), "orders.get").Invoke(ctx, json.RawMessage(`{"order_id":"1"}`))
			if fits := c.want == 0 || n <= c.want; fits != (string(r.JSON) == body) {
				t.Errorf("%+v: %d bytes: got %d, want them whole: %t", c, n, len(r.JSON), fits)
			}
		}
	}
}

// Nothing is written anew that need not be: members keep their spelling.
func TestAResultWithinItsLimitKeepsItsSpelling(t *testing.T) {
	t.Parallel()
	const list = `{"\u0064ata":[],"data":[{"\u0069d":"\u0031"}],"list_metadata":{"after":null},"\u0061":1}`
	for _, opts := range [][]mcpadapter.Option{
		nil, {mcpadapter.WithShapingArguments()}, {mcpadapter.WithMaxResultBytes(1024)},
		{mcpadapter.WithShapingArguments(), mcpadapter.WithMaxResultBytes(1024)},
	} {
		if got := jsonOf(t, shoptest.NewWith(t, bodies(list), opts...), "orders.list", `{}`); got != list {
			t.Errorf("got %s, want %s", got, list)
		}
	}
}
