package jq_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jq"
)

// wantRefused checks why a program is refused.
func wantRefused(t *testing.T, program, message string) {
	t.Helper()
	if p, err := jq.Parse(program); p != nil || err == nil || err.Error() != message {
		t.Errorf("%s: got %v, %v, want %s", program, p, err, message)
	}
}

// arities are the functions that programs may call, by how many arguments each accepts.
func arities() map[string]string {
	functions := map[string]string{}
	for accepted, names := range map[string]string{
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
			functions[name] = accepted
		}
	}
	return functions
}

func TestEachFunctionAcceptsItsNumberOfArguments(t *testing.T) {
	t.Parallel()
	for name, accepted := range arities() {
		for n := range 5 {
			program := name
			if n > 0 {
				program += "(" + strings.TrimSuffix(strings.Repeat(".;", n), ";") + ")"
			}
			if strings.Contains(accepted, strconv.Itoa(n)) {
				if _, err := jq.Parse(program); err != nil {
					t.Errorf("%s: got %v", program, err)
				}
				continue
			}
			arguments := fmt.Sprintf("%d arguments", n)
			if n == 1 {
				arguments = "1 argument"
			}
			wantRefused(t, program, name+" does not take "+arguments)
		}
	}
}

func TestOtherFunctionsAreRefused(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(`env input inputs debug stderr input_filename halt halt_error range(.) while(.;.)
		until(.;.) repeat(.) recurse recurse(.) setpath(.;.) delpaths(.) path(.) pick(.) tostream fromstream(.) splits(.)
		ascii implode explode combinations transpose significand exp10 pow(.;.) log bsearch(.) localtime strflocaltime(.)
		dateadd(.;.) builtins modulemeta get_search_list inside(.) have_decnum _check _count _small(.) _factor _matches(.;.)
		_named`) {
		if p, err := jq.Parse(name); p != nil || err == nil ||
			!strings.HasPrefix(err.Error(), "a program may not call "+strings.Split(name, "(")[0]) {
			t.Errorf("%s: got %v, %v", name, p, err)
		}
	}
}

func TestRefusalSuggestsTheNearestFunction(t *testing.T) {
	t.Parallel()
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
		`foreach .[] as $x (0; 1)`:    "a program may not use foreach .[] as $x (0; 1)",
		`label $out | 1`:              "a program may not use label $out | 1",
	} {
		wantRefused(t, program, message)
	}
}

const formatNames = "@text @json @csv @tsv @html @uri @urid @sh @base64 @base64d"

func TestFormats(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{
		"@text": `"a<b"`, "@json": `"\"a<b\""`, "@html": `"a&lt;b"`, "@uri": `"a%3Cb"`, "@urid": `"a<b"`, "@sh": `"'a<b'"`,
		"@base64": `"YTxi"`,
	} {
		wantRun(t, format, format, `"a<b"`, []string{want}, "")
	}
	wantRun(t, "@csv", `[.,1] | @csv, @tsv`, `"a"`, []string{`"\"a\",1"`, `"a\t1"`}, "")
	wantRun(t, "@base64d", `@base64d`, `"YTxi"`, []string{`"a<b"`}, "")
	wantRun(t, "of a part", `@base64 "a\(.)"`, `"a<b"`, []string{`"aYTxi"`}, "")
}

func TestOperators(t *testing.T) {
	t.Parallel()
	for operator, want := range map[string][]string{
		"|": {"3"}, ",": {"7", "3"}, "//": {"7"}, "and": {"true"}, "or": {"true"}, "==": {"false"}, "!=": {"true"},
		">": {"true"}, ">=": {"true"}, "<": {"false"}, "<=": {"false"}, "+": {"10"}, "-": {"4"}, "*": {"21"},
		"/": {"2.3333333333333335"}, "%": {"1"},
	} {
		wantRun(t, operator, "7 "+operator+" 3", "1", want, "")
	}
	for _, operator := range []string{"=", "|=", "+=", "-=", "*=", "/=", "%=", "//="} {
		wantRefused(t, ".a "+operator+" 3", "a program reads the answer and may not assign with "+operator)
	}
}

// TestEveryPartOfAProgramIsVetted refuses the same call at each place of each form, the first and the last.
func TestEveryPartOfAProgramIsVetted(t *testing.T) {
	t.Parallel()
	for _, program := range []string{
		`env`, `env|.`, `.|env`, `.|.|env`, `env,.`, `.,env`, `env+1`, `1+env`, `env*1`, `1*env`, `env-1`, `1-env`,
		`env and 1`, `1 and env`, `env//1`, `1//env`, `env==1`, `1==env`, `env%1`, `1%env`, `env/1`, `1/env`,
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
	} {
		wantRefused(t, program, "a program may not call env")
	}
	for _, program := range []string{`$ENV`, `$ENV.a`, `[$ENV]`, `1|$ENV`} {
		wantRefused(t, program, "a program may not read the environment")
	}
	wantRun(t, "another variable", `. as $env | $env`, "1", []string{"1"}, "")
}
