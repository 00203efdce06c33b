package mcpadapter_test

import (
	"context"
	"encoding/json"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

func TestProgramsMakeTheirOutputsOfTheAnswer(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", someOrders), mcpadapter.WithShapingArguments())
	for program, want := range map[string]string{
		`.data[].id`:              `["o1","o2"]`,
		`[.data[].id]`:            `[["o1","o2"]]`,
		`.data | length`:          `[2]`,
		`empty`:                   `[]`,
		`null`:                    `[null]`,
		`.data[0].lines[1].grams`: `[9007199254740993]`, // digits stay
		`.data | map(select(.note == "a")) | .[0] | {id, note}`:       `[{"id":"o1","note":"a"}]`,
		`.data | map(.lines // []) | flatten | map(.grams) | add > 5`: `[true]`,
		`.data | group_by(.note) | map({n: length, note: .[0].note})`: `[[{"n":1,"note":null},{"n":1,"note":"a"}]]`,
		`.data | sort_by(.id) | reverse | map(.id) | join(",")`:       `["o2,o1"]`,
		`.data[] | "\(.id): \(.note // "none")"`:                      `["o1: a","o2: none"]`,
		`[.data[] | [.id, .note]] | .[] | @csv`:                       `["\"o1\",\"a\"","\"o2\","]`,
		`reduce .data[] as {id: $id} (0; . + ($id | length))`:         `[4]`,
		`.data | with_entries(.value |= .) | length`:                  "",
		`.data[0].extra | to_entries | map("\(.key)=\(.value)")`:      `[["a={\"x\":2}","b=1"]]`,
		`.data[0] | del(.lines, .extra)`:                              `[{"id":"o1","note":"a"}]`,
		`[.data[].id | test("^O1$"; "i")]`:                            `[[true,false]]`,
		`[.data[].id | sub("o(?<n>.)"; "n=\(.n)")]`:                   `[["n=1","n=2"]]`,
		`[.. | numbers]`: `[[2,1,5,9007199254740993]]`,
		`first(.data[] | select(.payment)) | .payment.last4 | tonumber * 2`: `[8484]`,
		`if .new then "new" elif .old then "old" else "none" end`:           `["new"]`,
		`try error("x") catch .`:                                       `["x"]`,
		`.data[5].id?, .data[-1].id`:                                   `[null,"o2"]`,
		`.data as [$first, $second] | $second.id`:                      `["o2"]`,
		`.data[0:1] | map(.id)`:                                        `[["o1"]]`,
		`["2026-01-02T03:04:05Z" | fromdate, (0 | todate)]`:            `[[1767323045,"1970-01-01T00:00:00Z"]]`,
		`{(.data[0].id): 1, "k\(1)": -(2), (@base64 "a\("b")"): 3}`:    `[{"aYg==":3,"k1":-2,"o1":1}]`,
		`[limit(3; range(9))]`:                                         "",
		`.data | any(.[]; .id == "o2")`:                                `[true]`,
		`[.data[] | .id] - ["o1"]`:                                     `[["o2"]]`,
		`.data | unique_by(.payment) | length`:                         `[2]`,
		`[paths] | length > 10`:                                        `[true]`,
		`.data[0].lines | map(.tea.name // empty) | contains(["Ass"])`: `[true]`,
	} {
		r := shoptest.Invoke(t, a, "orders.list", `{"jq":`+shoptest.Quoted(program)+`}`)
		switch {
		case want == "":
			shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		case string(r.JSON) != `{"jq":`+want+`}`:
			t.Errorf("%s: got %s, want %s", program, r.Text(), want)
		}
	}
	for _, r := range wire.Seen() {
		if r.URI != "/orders" {
			t.Errorf("got %s on the wire, want no trace of jq", r.URI)
		}
	}
}

func TestProgramsThatMayNotRunAreRefusedBeforeAnythingIsSent(t *testing.T) {
	t.Setenv("WORKOS_TEST_SECRET", "sk_secret")
	shop, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", someOrders), mcpadapter.WithShapingArguments())
	for program, part := range map[string]string{
		`.data[`:                          "not complete",
		`.data | ]`:                       "cannot be read from ] at byte 9",
		``:                                "",
		`$ENV.WORKOS_TEST_SECRET`:         "may not read the environment",
		`env.WORKOS_TEST_SECRET`:          "may not call env",
		`input`:                           "may not call input",
		`[inputs]`:                        "may not call inputs",
		`import "x" as x; .`:              "may not import",
		`include "x"; .`:                  "may not import",
		`def f: f; f`:                     "may not define functions",
		`.data | (def f: f; f)`:           "may not define functions",
		`. as $x | (def f: f; f)`:         "may not define functions",
		`repeat(1)`:                       "may not call repeat",
		`[range(1e9)]`:                    "may not call range",
		`[limit(1; while(true; .))]`:      "may not call while",
		`recurse(.)`:                      "may not call recurse",
		`.a[1000000000] = 1`:              "may not assign with =",
		`.a |= 1`:                         "may not assign with |=",
		`.a += 1`:                         "may not assign with +=",
		`setpath(["a"]; 1)`:               "may not call setpath",
		`halt_error`:                      "may not call halt_error",
		`debug`:                           "may not call debug",
		`input_filename`:                  "may not call input_filename",
		`$__prog_args`:                    "variable not defined",
		`label $out | break $out`:         "may not use label",
		`foreach .data[] as $x (0; 1)`:    "may not use foreach",
		`_check`:                          "may not call _check",
		`lengths`:                         "did you mean length?",
		`map(.a; .b)`:                     "map does not take 2 arguments",
		`{a: env}`:                        "may not call env",
		`"\(env)"`:                        "may not call env",
		`.[env]`:                          "may not call env",
		`.["\(env)"]`:                     "may not call env",
		`.a["\(env)"]`:                    "may not call env",
		`.[env:]`:                         "may not call env",
		`if env then 1 else 2 end`:        "may not call env",
		`if 1 then env end`:               "may not call env",
		`if 1 then 1 elif 2 then env end`: "may not call env",
		`try env catch .`:                 "may not call env",
		`try error catch env`:             "may not call env",
		`reduce env as $x (0; .)`:         "may not call env",
		`reduce .[] as $x (0; env)`:       "may not call env",
		`. as {(env): $x} | $x`:           "may not call env",
		`. as {"\(env)": $x} | $x`:        "may not call env",
		`. as [{a: {(env): $x}}] | $x`:    "may not call env",
		`-env`:                            "may not call env",
		`map(env)`:                        "may not call env",
		`@json "\(env)"`:                  "may not call env",
		`. as $x ?// [env] | 1`:           "",
		`1, env`:                          "may not call env",
		`[env]`:                           "may not call env",
		`(env)`:                           "may not call env",
		`@nothing`:                        "there is no format @nothing",
		strings.Repeat(" ", 5000):         "more than 4096 bytes",
	} {
		r := shoptest.Invoke(t, shop, "orders.list", `{"jq":`+shoptest.Quoted(program)+`}`)
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		shoptest.WantParts(t, program, r.Text(), "jq: ", part)
	}
	for arguments, part := range map[string]string{
		`{"jq":5}`:                       "expected a program as a string, got the number 5",
		`{"jq":".data","fields":"data"}`: "cannot go together with fields",
	} {
		r := shoptest.Invoke(t, shop, "orders.list", arguments)
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		shoptest.WantParts(t, arguments, r.Text(), part)
	}
	if n := len(wire.Seen()); n != 0 {
		t.Errorf("got %d requests, want none", n)
	}
}

func TestAProgramThatFailsTellsThatTheCallSucceeded(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `{"id":"o1"}`), mcpadapter.WithShapingArguments())
	for name, part := range map[string]string{"orders.get": "Correct the program", "orders.replace": "do not repeat it"} {
		r := shoptest.Invoke(t, a, name, `{"order_id":"1","jq":".id.x"}`)
		shoptest.WantFailure(t, r, mcpadapter.CodeProgramFailed, 200)
		shoptest.WantParts(t, name, r.Text(), "the call succeeded", "expected an object", part, `Details: {"id":"string"}`)
	}
	if n := len(wire.Seen()); n != 2 {
		t.Errorf("got %d requests, want 2", n)
	}
}

// Each of these would take more memory than there is, or time without end, in one step.
func TestProgramsStayWithinTimeAndMemory(t *testing.T) {
	t.Parallel()
	order := `{"id":"o1","note":"` + strings.Repeat("n", 100) + `"}`
	list := `{"data":[` + strings.Repeat(order+",", 499) + order + `]}`
	double := func(step string) string { return `"x" | ` + strings.TrimSuffix(strings.Repeat(step+"|", 200), "|") }
	for name, program := range map[string]string{
		"sums":           double(`.+.`),
		"interpolations": double(`"\(.)\(.)"`),
		"products":       `7 | ` + strings.TrimSuffix(strings.Repeat(".*.|", 60), "|"),
		"repeated texts": `"xxxxxxxx" * 200000000`,
		"shared arrays":  double(`[.,.]`),
		"shared objects": double(`{a:.,b:.}`),
		"compared":       double(`[.,.]`) + `| . == .`,
		"written":        double(`[.,.]`) + `| tojson`,
		"escapes":        `"\"" | ` + strings.TrimSuffix(strings.Repeat("@json|", 200), "|"),
		"quotes":         `"'" | ` + strings.TrimSuffix(strings.Repeat("@sh|", 200), "|"),
		"mapped":         `[1] | ` + strings.TrimSuffix(strings.Repeat("map(.,.)|", 200), "|"),
		"joined":         `[.data[].note] | join([.[]] | add)`,
		"reduced":        `reduce .data[] as $x ("x"; . + .)`,
		"walked":         `walk([.,.,.,.])`,
		"nested":         `reduce (.data[], .data[]) as $x (0; [.])`,
		"replaced":       `.data[0].note | ` + strings.TrimSuffix(strings.Repeat(`gsub("n";"nnnnnnnn")|`, 60), "|"),
		"gathered":       `[.data[] as $a | .data[] as $b | .data[] as $c | 1]`,
		"sorted":         `[.data | sort_by(.[]?, ..), .]` + strings.Repeat("|map(.[]?,.[]?)", 30),
		"shared keys":    `[.data[], .data[] | 1, 2] as $k | .data | sort_by([$k, .note])`,
		"streamed":       `.data[] | .. | .. | 1`,
		"counted":        `[.data[] as $a | .data[] as $b | .data[] as $c | .data[] as $d | select(false)] | length`,
		"numbers":        `("1" + "` + strings.Repeat("0", 390) + `") | tonumber | . * . | . * . | . * . | . * .`,
	} {
		start := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), hangs)
		a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) { // so long does it have after the response
			body := closing{strings.NewReader(list), func() { time.AfterFunc(300*time.Millisecond, cancel) }}
			return &http.Response{StatusCode: http.StatusOK, Body: body}, nil
		}, mcpadapter.WithShapingArguments())
		r := shoptest.Tool(t, a, "orders.list").Invoke(ctx, json.RawMessage(`{"jq":`+shoptest.Quoted(program)+`}`))
		cancel()
		if took := time.Since(start); took > hangs { // never is what is feared
			t.Errorf("%s: took %s", name, took)
		}
		if r.Failure == nil && len(r.JSON) > 6<<20 {
			t.Errorf("%s: got %d bytes, want few", name, len(r.JSON))
		}
		if r.Failure != nil && r.Failure.Code != mcpadapter.CodeProgramFailed {
			t.Errorf("%s: got %s, want the program to fail", name, r.Text())
		}
		if testing.Verbose() {
			t.Logf("%s: %s, %.90s", name, time.Since(start).Round(time.Millisecond), r.Text())
		}
	}
}

// endless is a program that would run for longer than anyone waits.
var endless = `[` + strings.Repeat(`.. as $x|`, 40) + `select(false)]`

func TestOutputsAreCutToFit(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.Orders{N: 3000, PageSize: 3000}.ServeHTTP, mcpadapter.WithShapingArguments(),
		mcpadapter.WithMaxResultBytes(2048))
	for program, inside := range map[string]bool{`.data[].id`: false, `[.data[].id]`: true} {
		r := shoptest.Invoke(t, a, "orders.list", `{"jq":`+shoptest.Quoted(program)+`}`)
		var got struct {
			JQ      []json.RawMessage `json:"jq"`
			LeftOut leftOut           `json:"left_out"`
		}
		if err := json.Unmarshal(r.JSON, &got); err != nil || len(r.JSON) > 2048 {
			t.Fatalf("%s: got %d bytes, %v", program, len(r.JSON), err)
		}
		list := got.JQ
		if inside {
			if err := json.Unmarshal(got.JQ[0], &list); err != nil {
				t.Fatal(err)
			}
		}
		if len(list)+got.LeftOut.Elements != 3000 || len(list) < 80 {
			t.Errorf("%s: got %d outputs and %+v left out, want 3000", program, len(list), got.LeftOut)
		}
	}
	r := shoptest.Invoke(t, a, "orders.list", `{"jq":"{a: [.data[].id]}"}`)
	shoptest.WantParts(t, "one large output", r.Text(), "too_large", `"jq":["1 element, the first",{"a":"array of 3000"}]`)
	r = shoptest.Invoke(t, a, "orders.list", `{"jq":"(.data[],.data[],.data[],.data[])|1"}`)
	shoptest.WantParts(t, "many outputs", r.Text(), `"more":true`, "10000 outputs")
}

func FuzzProgramsRunOrAreRefused(f *testing.F) {
	for _, seed := range []string{
		`.data[].id`, `map(select(.a == "x") | {a, b: (.c // 1)}) | add`, `reduce .[] as [$a, {b: $c}] (0; . + $a)`,
		`"\(.a)" | test("^a"; "g")`, `.a.b[1:2]?.c["d"]`, `[.. | numbers] | sort_by(-.)`, `try error catch .`, `@csv "\(.)"`,
		`env`, `def f: f; f`, `.a = 1`, `$__loc__`, `. as {$a} ?// [$a] | $a`, `if . then 1 elif 2 then 3 end`,
	} {
		f.Add(seed, someOrders)
	}
	f.Fuzz(func(t *testing.T, program, answer string) {
		if len(program) > 512 || len(answer) > 2048 || !json.Valid([]byte(answer)) {
			return
		}
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		sent := 0
		a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
			sent++
			time.AfterFunc(200*time.Millisecond, cancel) // of the program, not of what comes before it
			return shoptest.Responding(200, strings.NewReader(answer))(r)
		}, mcpadapter.WithShapingArguments())
		r := shoptest.Tool(t, a, "orders.list").Invoke(ctx, json.RawMessage(`{"jq":`+shoptest.Quoted(program)+`}`))
		refused := r.Failure != nil && r.Failure.Code == mcpadapter.CodeInvalidArguments
		if !json.Valid(r.JSON) || refused == (sent > 0) {
			t.Errorf("%q: got %d requests and %.500s", program, sent, r.JSON)
		}
		if r.Failure != nil && r.Failure.Code == mcpadapter.CodeInternal {
			t.Errorf("%q: got %s", program, r.Text())
		}
	})
}

func FuzzFieldsSelectOrAreRefused(f *testing.F) {
	for _, seed := range []string{
		"data.id", "data[].lines[].tea.name,object", "[\"data.id\"]", "data..id", ".", ",", "data.extra.\x00", "a.b.c",
	} {
		f.Add(seed, someOrders)
	}
	f.Fuzz(func(t *testing.T, fields, answer string) {
		if len(fields) > 512 || len(answer) > 2048 || !json.Valid([]byte(answer)) {
			return
		}
		a := shoptest.NewWith(t, shoptest.Responding(200, strings.NewReader(answer)), mcpadapter.WithShapingArguments())
		r := shoptest.Invoke(t, a, "orders.list", `{"fields":`+shoptest.Quoted(fields)+`}`)
		if !json.Valid(r.JSON) || r.Failure == nil && len(r.JSON) > 6*len(answer)+len(`{"value":}`)+2 {
			t.Errorf("%q of %s: got %s", fields, answer, r.JSON)
		}
		if r.Failure != nil && r.Failure.Code != mcpadapter.CodeInvalidArguments {
			t.Errorf("%q of %s: got %s", fields, answer, r.Text())
		}
	})
}

func TestProgramsTakeTurns(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", someOrders), mcpadapter.WithShapingArguments())
	ctx, cancel := context.WithTimeout(t.Context(), hangs)
	defer cancel()
	const program = `{"jq":"[.data[] as $a | .data[] as $b | 1] | add"}`
	var group sync.WaitGroup
	for range 8 * runtime.GOMAXPROCS(0) {
		group.Go(func() {
			r := shoptest.Tool(t, a, "orders.list").Invoke(ctx, json.RawMessage(program))
			if string(r.JSON) != `{"jq":[4]}` {
				t.Errorf("got %s, want 4", r.Text())
			}
		})
	}
	group.Wait()
	if r := shoptest.Tool(t, a, "orders.list").Invoke(canceled(t), json.RawMessage(`{"jq":"."}`)); r.Failure == nil {
		t.Errorf("got %s for a call that was given up, want a failure", r.Text())
	}
}

func TestEveryFunctionThatProgramsMayCallIsThere(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", someOrders), mcpadapter.WithShapingArguments())
	for program := range strings.FieldsSeq(`
		empty not values nulls strings numbers booleans arrays objects iterables scalars first(.data) last(.data[])
		([1]|first) ([1]|last) select(.) limit(1;.) skip(1;.) ([1]|nth(0)) nth(0;.data[]) getpath(["data"])
		(.data|sort_by(.id)) (.data|group_by(.id)) (.data|unique_by(.id)) (.data|min_by(.id)) (.data|max_by(.id))
		map(.) map_values(.) with_entries(.) ("a"|startswith("a")) ("a"|endswith("a")) ("a"|ltrimstr("a"))
		("a"|rtrimstr("a")) ("a"|trimstr("a")) ("a"|contains("a")) ("a"|index("a")) ("a"|rindex("a"))
		("a"|indices("a")) (["a"]|join(",")) has("data") (0|strftime("%Y")) ("a"|in({"a":1}))
		("2026"|strptime("%Y")) length ("a"|utf8bytelength) keys type ([1]|reverse) ([1]|min) ([1]|max) ([1]|sort)
		([1]|unique) ([1]|add) to_entries (to_entries|from_entries) tostring tojson ("1"|fromjson) ("a"|ascii_downcase)
		("a"|ascii_upcase) ("a"|trim) ("a"|ltrim) ("a"|rtrim) (1|floor) (1|ceil) (1|round) (1|sqrt) (1|fabs) (1|abs) now
		(0|todate) ("2026-01-01T00:00:00Z"|fromdate) ("2026-01-01T00:00:00Z"|fromdateiso8601) (0|todateiso8601)
		(0|gmtime|mktime) (0|gmtime) infinite nan (1|isnan) (1|isinfinite) ("true"|toboolean) ("a,b"|split(","))
		("a"|split("a";"g")) ("a"|test("a")) ("a"|match("a";"g")) ("a"|capture("a")) ("a"|scan("a")) ("a"|sub("a";"b"))
		("a"|sub("a";"b";"g")) ("a"|gsub("a";"b")) ("1"|tonumber) del(.data) walk(.) IN(.) isempty(.) paths
		paths(type=="array") any(.data[];.) all(.data[];.) ([true]|any) ([true]|all) ([1]|any(.)) ([1]|all(.))
		([[1]]|flatten) ([[1]]|flatten(1)) try(error)catch(1) try(error("a"))catch(1)
	`) {
		r := shoptest.Invoke(t, a, "orders.list", `{"jq":`+shoptest.Quoted(program)+`}`)
		if r.Failure != nil {
			t.Errorf("%s: got %s", program, r.Text())
		}
	}
}
