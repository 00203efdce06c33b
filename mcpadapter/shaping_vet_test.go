package mcpadapter_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// jqArities are the functions that programs may call, by how many arguments each takes.
func jqArities() map[string]string {
	arities := map[string]string{}
	for taken, names := range map[string]string{
		"0": `empty not values nulls strings numbers booleans arrays objects iterables scalars length utf8bytelength keys type
			reverse min max sort unique add to_entries from_entries tostring tojson fromjson ascii_downcase ascii_upcase trim
			ltrim rtrim floor ceil round sqrt fabs abs now todate fromdate fromdateiso8601 todateiso8601 mktime gmtime infinite
			nan isnan isinfinite toboolean tonumber`,
		"1": `select sort_by group_by unique_by min_by max_by map map_values with_entries startswith endswith ltrimstr
			rtrimstr trimstr contains index rindex indices join has strftime in strptime del walk IN isempty getpath`,
		"2": "limit skip", "01": "first last paths flatten error", "12": "nth split test match capture scan",
		"23": "sub gsub", "012": "any all",
	} {
		for name := range strings.FieldsSeq(names) {
			arities[name] = taken
		}
	}
	return arities
}

func TestAProgramCallsEachFunctionWithAsManyArgumentsAsItTakes(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", someOrders), mcpadapter.WithShapingArguments())
	for name, taken := range jqArities() {
		for n := range 5 {
			program := name
			if n > 0 {
				program += "(" + strings.TrimSuffix(strings.Repeat(".;", n), ";") + ")"
			}
			r := shoptest.Invoke(t, a, "orders.list", `{"jq":`+shoptest.Quoted("try "+program+" catch 1")+`}`)
			if strings.Contains(taken, strconv.Itoa(n)) {
				if sent := len(wire.Seen()); sent != 1 {
					t.Errorf("%s: got %s, want it sent", program, r.Text())
				}
				continue
			}
			arguments := fmt.Sprintf("%d arguments", n)
			if n == 1 {
				arguments = "1 argument"
			}
			wantRefusedProgram(t, r, program, name+" does not take "+arguments)
			shoptest.WantNothingSent(t, wire, program)
		}
	}
}

// wantRefusedProgram checks why a program is refused.
func wantRefusedProgram(tb testing.TB, r mcpadapter.Result, program, message string) {
	tb.Helper()
	if r.Failure == nil || len(r.Failure.Arguments) != 1 || r.Failure.Code != mcpadapter.CodeInvalidArguments {
		tb.Errorf("%s: got %.200s, want one problem", program, r.Text())
		return
	}
	if got := r.Failure.Arguments[0]; got.Argument != "jq" || got.Message != message {
		tb.Errorf("%s: got %s, want %s", program, got, message)
	}
}

// The functions of jq that are not among those.
func TestAProgramCallsNoOtherFunction(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, mcpadapter.WithShapingArguments())
	for name := range strings.FieldsSeq(`env input inputs debug stderr input_filename input_line_number halt halt_error
		range(.) while(.;.) until(.;.) repeat(.) recurse recurse(.) recurse_down setpath(.;.) delpaths(.) to_entries(.)
		path(.) pick(.) getpath tostream fromstream(.) truncate_stream(.) limit(.) splits(.) ascii implode explode ltrimstr
		tojson(.) combinations combinations(.) transpose input_line_number group_by unique_by min_by max_by sort_by
		significand exp10 pow(.;.) log exp bsearch(.) localtime strflocaltime(.) dateadd(.;.) date getpath(.;.) error(.;.)
		builtins modulemeta get_search_list splits(.;.) ascii(.) @sh(.) _check _count _small(.) _factor inside(.) ltrimstr
		todate(.) dateadd have_literal_numbers getpath toarray abs(.) have_decnum $__prog_args limit gsub sub test
		`) {
		r := shoptest.Invoke(t, a, "orders.list", `{"jq":`+shoptest.Quoted(name)+`}`)
		shoptest.WantFailure(t, r, mcpadapter.CodeInvalidArguments, 0)
		shoptest.WantNothingSent(t, wire, name)
	}
}

func TestANameThatIsNearAFunctionIsMetWithIt(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, mcpadapter.WithShapingArguments())
	for program, message := range map[string]string{
		`ad`:                          "a program may not call ad",
		`mep`:                         "a program may not call mep",
		`maps`:                        "a program may not call maps; did you mean map?",
		`legnth`:                      "a program may not call legnth; did you mean length?",
		`zzzzzzzz`:                    "a program may not call zzzzzzzz",
		`legnth | kess`:               "a program may not call legnth; did you mean length?", // the first
		"a" + strings.Repeat("b", 60): "a program may not call a" + strings.Repeat("b", 59) + "…",
		`@texts`:                      "there is no format @texts; expected one of " + formatNames,
		`@bas "a"`:                    "there is no format @bas; expected one of " + formatNames,
	} {
		r := shoptest.Invoke(t, a, "orders.list", `{"jq":`+shoptest.Quoted(program)+`}`)
		wantRefusedProgram(t, r, program, message)
		shoptest.WantNothingSent(t, wire, program)
	}
}

const formatNames = "@text @json @csv @tsv @html @uri @urid @sh @base64 @base64d"

func TestEachFormatWritesItsText(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{
		"@text": `"a<b"`, "@json": `"\"a<b\""`, "@html": `"a&lt;b"`, "@uri": `"a%3Cb"`, "@urid": `"a<b"`, "@sh": `"'a<b'"`,
		"@base64": `"YTxi"`, "@base64d": "", "@csv": "", "@tsv": "",
	} {
		if !slices.Contains(strings.Fields(formatNames), format) {
			t.Errorf("%s is no format", format)
		}
		r := runJQ(t, `{"id":"a<b"}`, ".id | "+format)
		if want != "" && string(r.JSON) != `{"jq":[`+want+`]}` || r.Failure != nil && r.Failure.Status != 200 {
			t.Errorf("%s: got %s, want %s", format, r.Text(), want)
		}
	}
	wantJQ(t, "@csv", runJQ(t, `{"id":"a"}`, `[.id,1] | @csv, @tsv`), `["\"a\",1","a\t1"]}`, "")
	wantJQ(t, "@base64d", runJQ(t, `{"id":"YTxi"}`, `.id | @base64d`), `["a<b"]}`, "")
}

func TestEachOperatorOfAProgram(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `{"id":"o1"}`), mcpadapter.WithShapingArguments())
	for operator, want := range map[string]string{
		"|": "3", ",": "7,3", "//": "7", "and": "true", "or": "true", "==": "false", "!=": "true", ">": "true",
		">=": "true", "<": "false", "<=": "false", "+": "10", "-": "4", "*": "21", "/": "2.3333333333333335", "%": "1",
	} {
		r := shoptest.Invoke(t, a, "orders.get", `{"order_id":"1","jq":`+shoptest.Quoted("7 "+operator+" 3")+`}`)
		wantJQ(t, operator, r, "["+want+"]}", "")
		wire.Seen()
	}
	for _, operator := range []string{"=", "|=", "+=", "-=", "*=", "/=", "%=", "//="} {
		r := shoptest.Invoke(t, a, "orders.get", `{"order_id":"1","jq":`+shoptest.Quoted(".a "+operator+" 3")+`}`)
		wantRefusedProgram(t, r, operator, "a program reads the answer and may not assign with "+operator)
		shoptest.WantNothingSent(t, wire, operator)
	}
}

// What is refused is refused wherever it stands: at each place of each form, the first and the last.
func TestAProgramIsReadToItsLastPart(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, mcpadapter.WithShapingArguments())
	for _, program := range []string{
		`env`, `env|.`, `.|env`, `.|.|env`, `env,.`, `.,env`, `env+1`, `1+env`, `env*1`, `1*env`, `env-1`, `1-env`,
		`env and 1`, `1 and env`, `env//1`, `1//env`, `env==1`, `1==env`,
		`{(env):1}`, `{a:env}`, `{a:1,b:env}`, `{"\(env)":1}`, `{a:1,"\(env)":1}`, `{a:1,(env):1}`,
		`[env]`, `[1,env]`, `(env)`, `-env`, `"\(env)"`, `"a\(1)b\(env)"`, `@json "\(env)"`, `@json "\(1)\(env)"`,
		`.[env]`, `.[env:]`, `.[:env]`, `.[1:env]`, `.a[env]`, `.a.b[env]`, `.a["\(env)"]`, `."\(env)"`, `.a."\(env)"`,
		`.a.b."\(env)"`, `.[1][env]`, `.[1][1][env]`, `.["\(env)"]`, `(.)[env]`,
		`if env then 1 end`, `if 1 then env end`, `if 1 then 1 else env end`, `if 1 then 1 elif env then 1 end`,
		`if 1 then 1 elif 1 then env end`, `if 1 then 1 elif 1 then 1 elif env then 1 end`,
		`if 1 then 1 elif 1 then 1 elif 1 then env end`, `if 1 then 1 elif 1 then 1 else env end`,
		`try env`, `try env catch 1`, `try 1 catch env`, `(env)?`, `[env]?`,
		`reduce env as $x (1;1)`, `reduce . as $x (env;1)`, `reduce . as $x (1;env)`, `reduce . as {(env):$x} (1;1)`,
		`env as $x|1`, `. as $x|env`, `. as [$x,{(env):$y}]|1`, `. as {a:{(env):$y}}|1`, `. as {"\(env)":$y}|1`,
		`. as {a:$x,(env):$y}|1`, `. as [[{(env):$y}]]|1`, `. as [$a] ?// {(env):$a}|1`,
		`map(env)`, `limit(env;1)`, `limit(1;env)`, `sub(env;"")`, `sub("";env)`, `sub("";"";env)`, `first(env)`,
		`$ENV`, `$ENV.a`, `[$ENV]`, `1|$ENV`,
	} {
		r := shoptest.Invoke(t, a, "orders.list", `{"jq":`+shoptest.Quoted(program)+`}`)
		message := "a program may not call env"
		if strings.Contains(program, "$ENV") {
			message = "a program may not read the environment"
		}
		wantRefusedProgram(t, r, program, message)
		shoptest.WantNothingSent(t, wire, program)
	}
}
