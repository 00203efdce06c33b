package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Each setting of responses by flag and by variable, with its effect, over every way into the program.
func TestEachSettingOfResponsesHasItsEffect(t *testing.T) {
	pages := users(t, 345, true)
	secrets := newUpstream(t, answer(webhook))
	count := `{"all_pages":true,"jq":".data|length"}`
	for _, c := range []struct {
		flag      string
		tool      string
		arguments string
		upstream  *upstream
		values    map[string]string // what the result holds, by value
		unset     string            // what it holds without
	}{
		{
			flag: maxElementsFlag, tool: "user_management.users.list", arguments: count, upstream: pages,
			values: map[string]string{ // the page that reaches the limit is the last
				"100": `{"jq":[100],"left_out":`, "101": `{"jq":[200],"left_out":`, "1": `{"jq":[100],"left_out":`,
				"0": `{"jq":[345]}`,
			},
			unset: `{"jq":[345]}`,
		},
		{
			flag: hideFlag, tool: "webhook_endpoints.list", arguments: `{}`, upstream: secrets,
			values: map[string]string{"true": mcpadapter.Hidden, "false": "whsec_1", "1": mcpadapter.Hidden, "F": "whsec_1"},
			unset:  "whsec_1",
		},
		{
			flag: noArgumentsFlag, tool: "user_management.users.list", arguments: count, upstream: pages,
			values: map[string]string{"true": "jq: is unknown", "false": `"jq":[345]`}, unset: `"jq":[345]`,
		},
		{
			flag: maxResultFlag, tool: "user_management.users.list", arguments: `{"limit":100}`, upstream: pages,
			values: map[string]string{"1024": `"left_out"`, "1025": `"left_out"`, "0": "user_000099", "99999": "user_000099"},
			unset:  "user_000099",
		},
	} {
		base := map[string]string{"WORKOS_BASE_URL": c.upstream.URL, "WORKOS_API_KEY": "sk_1"}
		doors := map[string]func(variable string, args ...string) string{
			"shell": func(variable string, args ...string) string {
				env := map[string]string{envOf(c.flag): variable}
				for name, value := range base {
					env[name] = value
				}
				o := execute(t, env, "", append([]string{"tool", "call", c.tool, c.arguments}, args...)...)
				return o.stdout + o.stderr
			},
			"stdio": func(variable string, args ...string) string {
				env := map[string]string{envOf(c.flag): variable}
				for name, value := range base {
					env[name] = value
				}
				return openStdio(t, env, args...).call([]string{callBody(1, c.tool, c.arguments)})[0]
			},
		}
		squeeze := strings.NewReplacer(" ", "", "\n", "", `\"`, `"`)
		for door, call := range doors {
			check := func(what, got, want string) {
				t.Helper()
				if !strings.Contains(squeeze.Replace(got), squeeze.Replace(want)) {
					t.Errorf("%s, --%s: %s: got %.500s, want %s", door, c.flag, what, got, want)
				}
			}
			check("unset", call(""), c.unset)
			values := slices.Sorted(maps.Keys(c.values))
			if door == "stdio" {
				values = sampled(values, 3)
			}
			for i, value := range values {
				want, other := c.values[value], values[(i+1)%len(values)]
				check("flag "+value, call("", "--"+c.flag+"="+value), want)
				check("variable "+value, call(value), want)
				check("flag "+value+" beside variable "+other, call(other, "--"+c.flag+"="+value), want)
			}
		}
	}
}

func TestLimitsOfTheSettingsHaveTheirNeighbors(t *testing.T) {
	for _, c := range []struct {
		flag, value string
		want        string // "" for none
	}{
		{maxResultFlag, "-1", "--max-result-bytes: -1 is less than 1024, which every answer needs"},
		{maxResultFlag, "0", ""},
		{maxResultFlag, "1", "--max-result-bytes: 1 is less than 1024, which every answer needs"},
		{maxResultFlag, "1023", "--max-result-bytes: 1023 is less than 1024, which every answer needs"},
		{maxResultFlag, "1024", ""},
		{maxElementsFlag, "-1", "--max-elements: -1 is less than nothing"},
		{maxElementsFlag, "0", ""},
		{maxElementsFlag, "1", ""},
	} {
		for _, o := range []outcome{
			execute(t, nil, "", "tool", "list", "x", "--"+c.flag, c.value),
			execute(t, map[string]string{envOf(c.flag): c.value}, "", "tool", "list", "x"),
			execute(t, map[string]string{envOf(c.flag): c.value}, "", "stdio"),
		} {
			want := outcome{code: exitOK}
			if c.want != "" {
				want = outcome{code: exitUsage, stderr: "workos-mcp: " + c.want + "\nRun 'workos-mcp --help' for usage.\n"}
			}
			if o != want {
				t.Errorf("%s %s: got %+v, want %+v", c.flag, c.value, o, want)
			}
		}
	}
	for size, ok := range map[int]bool{0: true, 1: false, 31: false, 32: true, 33: true, 100: true} {
		key := strings.Repeat("k", size)
		p := process{getenv: func(name string) string { return map[string]string{confirmKeyEnv: key}[name] }}
		got, err := p.confirmation(confirm{})
		if ok && (err != nil || string(got.Key) != key || (got.Key == nil) != (size == 0)) {
			t.Errorf("a key of %d: got %q and %v, want it", size, got.Key, err)
		}
		want := fmt.Sprintf("%s has %d characters, expected at least 32 random ones, such as from: openssl rand -base64 32"+
			"\nRun 'workos-mcp --help' for usage.", confirmKeyEnv, size)
		if !ok && (err == nil || err.Error() != want) {
			t.Errorf("a key of %d: got %v, want %s", size, err, want)
		}
	}
}

// The help tells the value of each flag that nobody sets.
func TestTheHelpTellsTheDefaults(t *testing.T) {
	help := execute(t, nil, "", "http", "--help").stdout
	defaults := map[string]string{
		"confirm": "destructive", "names": "auto", "profile": "standard", "log-level": "INFO", "max-elements": "10000",
		"max-result-bytes": "49152", "mode": "direct, or WORKOS_MCP_MODE", "addr": `"127.0.0.1:8080"`,
		"allow": "", "deny": "", "toolsets": "", "read-only": "", "sandbox": "", "output-schemas": "", "hide-secrets": "",
		"no-answer-arguments": "", "allow-origin": "",
	}
	found := map[string]string{}
	var flag string
	for line := range strings.Lines(help) {
		if name, ok := strings.CutPrefix(line, "      --"); ok {
			flag = strings.Fields(name)[0]
			found[flag] = ""
		}
		if _, value, ok := strings.Cut(line, "(default "); ok {
			found[flag] = strings.TrimSuffix(strings.TrimSpace(value), ")")
		}
	}
	for name, want := range defaults {
		if got, ok := found[name]; !ok || got != want {
			t.Errorf("--%s: got the default %q, want %q", name, got, want)
		}
	}
	if len(found) != len(defaults) {
		t.Errorf("got %d flags, want %d: %v", len(found), len(defaults), found)
	}
	const part = "--addr string" // what a flag without a name for its value is shown with
	if strings.Contains(help, part) {
		t.Errorf("got %q in the help", part)
	}
}

func TestAConfirmationIsWrittenAsItIsRead(t *testing.T) {
	for text, want := range map[string]mcpadapter.ConfirmationPolicy{
		"none": mcpadapter.ConfirmNone, "destructive": mcpadapter.ConfirmDestructive, "writes": mcpadapter.ConfirmWrites,
	} {
		var c confirm
		if err := c.UnmarshalText([]byte(text)); err != nil || c != (confirm{given: true, policy: want}) {
			t.Errorf("%s: got %+v and %v, want %v", text, c, err, want)
		}
		if got, err := c.MarshalText(); string(got) != text || err != nil {
			t.Errorf("%s: got %s and %v", text, got, err)
		}
	}
	for _, text := range []string{"", "None", "write", "all", strings.Repeat("x", 60)} {
		before := confirm{given: true, policy: mcpadapter.ConfirmWrites}
		c := before
		want := fmt.Sprintf("%.40q is none of none, destructive and writes", text)
		if err := c.UnmarshalText([]byte(text)); err == nil || err.Error() != want || c != before {
			t.Errorf("%q: got %+v and %v, want %s and nothing changed", text, c, err, want)
		}
	}
	if got, err := (confirm{}).MarshalText(); string(got) != "destructive" || err != nil {
		t.Errorf("got %s and %v for none given, want destructive", got, err)
	}
}

func TestOnlyAYesIsAYes(t *testing.T) {
	for text, want := range map[string]bool{
		"y\n": true, "Y\n": true, "yes\n": true, "Yes\r\n": true, "\t yEs \n": true, "y": true, "yes\nn\n": true,
		"": false, "\n": false, "n\n": false, "no\n": false, "yy\n": false, "yeah\n": false, "ye\n": false, "y n\n": false,
		"\ny\n": false, "ÿ\n": false,
		strings.Repeat(" ", 97) + "yes\n": true, strings.Repeat(" ", 98) + "yes\n": false, // 100 bytes are read
		strings.Repeat(" ", 99) + "y": true, strings.Repeat(" ", 100) + "y": false,
	} {
		got, err := readYes(t.Context(), strings.NewReader(text))
		if got != want || err != nil {
			t.Errorf("%q: got %t and %v, want %t", text, got, err, want)
		}
	}
	broken := errors.New("broken")
	got, err := readYes(t.Context(), io.MultiReader(strings.NewReader("yes"), iotest.ErrReader(broken)))
	if got || !errors.Is(err, broken) || err.Error() != "read the answer: broken" {
		t.Errorf("got %t and %v, want %v", got, err, broken)
	}
	synctest.Test(t, func(t *testing.T) {
		in, keyboard := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := readYes(ctx, in)
			ended <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-ended; err != context.Canceled { //nolint:errorlint // exactly that
			t.Errorf("got %v, want the end of the context", err)
		}
		_ = keyboard.Close()
	})
}

// Only a terminal is asked, and only without --yes.
func TestWhoIsAsked(t *testing.T) {
	var stderr bytes.Buffer
	p := process{stdin: strings.NewReader("yes\n"), stderr: &stderr}
	if ok, err := p.asker(true)(t.Context(), "Delete it?"); !ok || err != nil || stderr.Len() != 0 {
		t.Errorf("with --yes: got %t, %v and %q, want a yes alone", ok, err, &stderr)
	}
	ok, err := p.asker(false)(t.Context(), "Delete it?")
	const want = "standard input is no terminal; give --yes to confirm the call beforehand"
	if ok || err == nil || err.Error() != want || stderr.String() != "Delete it?\n\n" {
		t.Errorf("without a terminal: got %t, %v and %q, want %s", ok, err, &stderr, want)
	}
}

func TestOneHeaderIsReadAtMostOnce(t *testing.T) {
	for _, c := range []struct {
		values []string
		want   int
		err    string
	}{
		{nil, 0, ""},
		{[]string{" 7 "}, 7, ""},
		{[]string{"x"}, 0, `X-N: strconv.Atoi: parsing "x": invalid syntax`},
		{[]string{"7", "7"}, 0, "X-N: the header is given 2 times"},
		{[]string{"7", "8", "9"}, 0, "X-N: the header is given 3 times"},
	} {
		got, err := oneHeader(http.Header{"X-N": c.values}, "X-N", strconv.Atoi)
		if text := fmt.Sprint(err); got != c.want || (err == nil) != (c.err == "") || err != nil && text != c.err {
			t.Errorf("%q: got %d and %v, want %d and %q", c.values, got, err, c.want, c.err)
		}
	}
}
