package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

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
		base := map[string]string{"WORKOS_BASE_URL": c.upstream.URL, "WORKOS_API_KEY": "sk_1", confirmEnv: "none"}
		doors := map[string]func(variable string, args ...string) string{
			"shell": func(variable string, args ...string) string {
				env := map[string]string{envOf(c.flag): variable}
				maps.Copy(env, base)
				o := execute(t, env, "", append([]string{"tool", "call", c.tool, c.arguments}, args...)...)
				return o.stdout + o.stderr
			},
			"stdio": func(variable string, args ...string) string {
				env := map[string]string{envOf(c.flag): variable}
				maps.Copy(env, base)
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
		{maxResultFlag, "-1", "--max-result-bytes: invalid limit -1: want 0 or at least 1024"},
		{maxResultFlag, "0", ""},
		{maxResultFlag, "1", "--max-result-bytes: invalid limit 1: want 0 or at least 1024"},
		{maxResultFlag, "1023", "--max-result-bytes: invalid limit 1023: want 0 or at least 1024"},
		{maxResultFlag, "1024", ""},
		{maxElementsFlag, "-1", "--max-elements: invalid limit -1: want at least 0"},
		{maxElementsFlag, "0", ""},
		{maxElementsFlag, "1", ""},
	} {
		for _, o := range []outcome{
			execute(t, nil, "", "tool", "list", "x", "--"+c.flag, c.value),
			execute(t, map[string]string{envOf(c.flag): c.value}, "", "tool", "list", "x"),
			execute(t, map[string]string{envOf(c.flag): c.value}, "", "stdio"),
		} {
			o.stderr = withoutUsage(strings.TrimPrefix(o.stderr, nothingListed))
			want := outcome{code: exitOK}
			if c.want != "" {
				want = outcome{code: exitUsage, stderr: "workos-mcp: " + c.want}
			}
			if o != want {
				t.Errorf("%s %s: got %+v, want %+v", c.flag, c.value, o, want)
			}
		}
	}
	for size, ok := range map[int]bool{0: true, 1: false, 31: false, 32: true, 33: true, 100: true} {
		key := strings.Repeat("k", size)
		o := execute(t, map[string]string{confirmKeyEnv: key}, "", "tool", "list", "x")
		o.stderr = withoutUsage(strings.TrimPrefix(o.stderr, nothingListed))
		want := outcome{code: exitUsage, stderr: fmt.Sprintf("workos-mcp: %s has %d characters: want at least 32 random "+
			"ones, such as from: openssl rand -base64 32", confirmKeyEnv, size)}
		if ok {
			want = outcome{code: exitOK}
		}
		if o != want {
			t.Errorf("a key of %d: got %+v, want %+v", size, o, want)
		}
	}
}

// The help tells the value of each flag that nobody sets.
func TestTheHelpTellsTheDefaults(t *testing.T) {
	help := execute(t, nil, "", "http", "--help").stdout
	defaults := map[string]string{
		"confirm": "risky", "names": "auto", "profile": "standard", "log-level": "INFO", "max-elements": "10000",
		"max-result-bytes": "49152", "mode": "direct", "addr": `"127.0.0.1:8080"`,
		"allow": "", "deny": "", "toolsets": "", "read-only": "", "sandbox": "", "output-schemas": "", "hide-secrets": "",
		"no-answer-arguments": "", "allow-origin": "", "allow-host": "", "max-request-bytes": "262144", "interpreter": "",
		"max-bytes-in-flight": "33554432", "max-calls": "512", "max-caller-calls": "128", "max-waiting": "1024",
		"max-wait": "5s", "rate": "", "shared-rate": "", "burst": "", "max-connections": "1024", "require-credential": "", "log-format": "text",
		"audit-log": "", "store": `"memory"`, "metrics-addr": "", "drain-delay": "", "shutdown-timeout": "25s", "auth": `"passthrough"`,
		"base-url": "", "issuer": "", "grant": "", "organization": "", "config": "",
		"tls-cert": "", "tls-key": "", "base-path": "", "page": "", "trusted-proxy": "", "circuit-breaker": "true", "upstream-rate": "6000", "proxy-header": `"x-forwarded"`,
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

// nothingListed is on stderr if tool list x lists nothing.
const nothingListed = "workos-mcp: no tool's name begins with \"x\"\nTo search by words: workos-mcp tool search x\n"
