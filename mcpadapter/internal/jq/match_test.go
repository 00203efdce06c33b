package jq_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/itchyny/gojq"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jq"
)

// run returns the outputs of a program as text.
func run(ctx context.Context, text, input string) ([]string, error) {
	p, err := jq.Parse(text)
	if err != nil {
		return nil, err
	}
	got, err := p.Run(ctx, json.RawMessage(input))
	var list []string
	for _, v := range got.Values {
		list = append(list, string(v))
	}
	return list, err
}

// plain returns the outputs of a program as gojq gives them by itself.
func plain(t *testing.T, text, input string) []string {
	t.Helper()
	query, err := gojq.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal([]byte(input), &value); err != nil {
		t.Fatal(err)
	}
	var list []string
	for outputs := query.Run(value); ; {
		v, ok := outputs.Next()
		if !ok {
			return list
		}
		if err, failed := v.(error); failed {
			t.Fatalf("gojq: %s: %v", text, err)
		}
		b, err := gojq.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, string(b))
	}
}

func TestSearchesByRegularExpressionAgreeWithJQ(t *testing.T) {
	t.Parallel()
	texts := []string{`""`, `"a"`, `"abcabc"`, `"aAaA"`, `"a,b, c,,d"`, `"x\ny\nx"`, `"日本語 日本"`, `"a😀b😀"`, `"test 123 and 45"`}
	for _, program := range []string{
		`[match("a")]`, `[match("a";"g")]`, `[match("A";"gi")]`, `[match("";"g")]`, `[match("x*";"g")]`,
		`[match("(a)(b)?(c)?";"g")]`, `[match("(?<n>[0-9]+)";"g")]`, `[match("^.";"g")]`, `[match(".$";"g")]`,
		`[match("\\b\\w";"g")]`, `[match("x.y";"gm")]`, `[match("日本";"g")]`, `[match(["A","gi"])]`, `[match("a";null)]`,
		`[capture("(?<first>.)(?<rest>.*)")]`, `[capture("(?<d>[0-9])";"g")]`, `[capture(["(?<a>A)","i"])]`,
		`[scan("[a-z]")]`, `[scan("([a-z])([0-9])?")]`, `[scan("A";"i")]`, `[scan(", *")]`,
		`split(", *";null)`, `split("";"g")`, `split("A";"i")`, `split("b")`,
		`sub("a";"b")`, `sub("(?<x>.)";"\(.x)!")`, `gsub("";"-")`, `gsub("a";"")`, `gsub("(?<l>[a-z])";"<\(.l)>")`,
		`gsub("A";"_";"i")`, `gsub("\\s";"")`, `gsub("^";">")`, `gsub("$";"<")`, `[gsub("(?<x>a)";"1","2")]`,
		`[sub("(?<x>.)";"\(.x|ascii_upcase)","-")]`, `gsub("日本";"JP")`, `test("b")`, `test("B";"i")`,
	} {
		for _, text := range texts {
			want := plain(t, program, text)
			if got, err := run(t.Context(), program, text); err != nil || !slices.Equal(got, want) {
				t.Errorf("%s of %s: got %s, %v, want %s", program, text, got, err, want)
			}
		}
	}
}

func TestSearchesRefuseWhatTheyCannotSearch(t *testing.T) {
	t.Parallel()
	for program, want := range map[string]string{
		`match("a")`:         "only texts can be searched by a regular expression, not number",
		`"a"|match(1)`:       "must be texts",
		`"a"|match("a";1)`:   "must be texts",
		`"a"|match("a";"x")`: `unknown flag "x" of a regular expression: want g, i or m`,
		`"a"|match("(";"g")`: "invalid regular expression",
		`"a"|scan("a";"gx")`: `unknown flag "x"`,
	} {
		if got, err := run(t.Context(), program, "1"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %s, %v, want %q", program, got, err, want)
		}
	}
	if got, err := run(t.Context(), `try match("a") catch "caught"`, "1"); err != nil || !slices.Equal(got, []string{`"caught"`}) {
		t.Errorf("an error in try: got %s, %v", got, err)
	}
}

func TestACanceledRunIsSaidToBe(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := run(ctx, `[match("a";"g")]`, `"aaa"`); !errors.Is(err, jq.ErrCanceled) {
		t.Errorf("got %s, %v, want %v", got, err, jq.ErrCanceled)
	}
}

func FuzzSearches(f *testing.F) {
	f.Add("a|b", "g", "xaby")
	f.Add(`\b`, "gi", "word word")
	f.Add("(?<n>x)?", "g", "日x")
	f.Fuzz(func(t *testing.T, re, flags, text string) {
		if len(re) > 50 || len(text) > 200 || strings.ToValidUTF8(text+re+flags, "") != text+re+flags {
			return
		}
		program := fmt.Sprintf(`[match(%s;%s)|[.offset,.length,.string]]`, quote(t, re), quote(t, flags))
		query, err := gojq.Parse(program)
		if err != nil {
			t.Fatal(err)
		}
		v, _ := query.Run(text).Next()
		got, err := run(t.Context(), program, quote(t, text))
		if _, failed := v.(error); failed {
			if err == nil {
				t.Errorf("%s of %q: got %s, want an error", program, text, got)
			}
			return
		}
		want, _ := gojq.Marshal(v)
		if err == nil && (len(got) != 1 || got[0] != string(want)) {
			t.Errorf("%s of %q: got %s, want %s", program, text, got, want)
		}
	})
}

func quote(t *testing.T, text string) string {
	t.Helper()
	b, err := json.Marshal(text)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
