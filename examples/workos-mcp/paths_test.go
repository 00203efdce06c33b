package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// echo responds with what it is asked, or in a way that the last segment of the path names.
func echo(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	segments := strings.Split(r.URL.Path, "/")
	h := w.Header()
	write := func(status int, text string) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
	switch last := segments[len(segments)-1]; last {
	case "s400", "s401", "s403", "s404", "s409", "s422", "s500":
		var status int
		_, _ = fmt.Sscanf(last, "s%d", &status)
		h.Set("X-Request-Id", "req_<1>")
		write(status, `{"code":"bad & worse","message":"No \u2028 \"way\"","errors":[{"field":"a<b","code":"x"}]}`)
	case "s429":
		h.Set("Retry-After", "0")
		write(http.StatusTooManyRequests, `{"message":"slow down"}`)
	case "redirect":
		h.Set("Location", "https://example.com/?a=1&b=<2>")
		write(http.StatusFound, "")
	case "nothing":
		write(http.StatusNoContent, "")
	case "html":
		h.Set("Content-Type", "text/html")
		write(http.StatusOK, "<p>It's &amp; \x01\xff</p>")
	case "broken":
		write(http.StatusOK, `{"a":`)
	case "array":
		write(http.StatusOK, ` [ 1 , {"a" : "<&>"} ] `)
	case "scalar":
		write(http.StatusOK, `"é\ud83c\udf75`+"\u202e\xff"+`"`)
	case "deep":
		write(http.StatusOK, strings.Repeat(`{"a":[`, 300)+strings.Repeat("]}", 300))
	case "cut":
		h.Set("Content-Length", "100")
		write(http.StatusOK, `{"a":1}`)
	default:
		text, _ := json.Marshal(map[string]any{
			"method": r.Method, "url": r.URL.String(), "body": string(body), "tricky": "<&>\u2028\x7f\"\\é\U0001F375\n\x01",
		})
		write(http.StatusOK, string(text))
	}
}

// exchanges are the arguments of params, by names, of the tool calls that both paths must respond to alike. Wrong params
// are not among them: mcp-go reports them by its own Go types.
func exchanges(t *testing.T) []string {
	t.Helper()
	w := newWorld(t)
	w.furnish()
	var list []string
	add := func(name, arguments string) {
		list = append(list, fmt.Sprintf(`{"name":%q,"arguments":%s}`, name, arguments))
	}
	styles := []mcpadapter.NameStyle{mcpadapter.NamesDots, mcpadapter.NamesUnderscore, mcpadapter.NamesShort}
	for i, op := range sampled(gen.Operations.Operations, 1) {
		add(styles[i%len(styles)].Name(op.ID), w.arguments(&op))
		add(op.ID, `{"unknown":1,"id":5}`)
	}
	for _, id := range []string{
		"s400", "s401", "s403", "s404", "s409", "s422", "s429", "s500", "redirect", "nothing", "html", "broken", "array",
		"scalar", "deep", "cut", "..", "", "a/b",
	} {
		add("organizations.get", fmt.Sprintf(`{"id":%q}`, id))
	}
	for _, arguments := range []string{
		`"{\"id\":\"org_1\"}"`, `{"id":"org_1","fields":"url","jq":"."}`, `{"id":"org_1","fields":["url","method"]}`,
		`{"id":"org_1","jq":".["}`, `{"id":"org_1","jq":".url|tonumber"}`, `{"id":"org_1","id":"org_2"}`, `null`, `5`, `[]`,
		`{"id":1e999}`, `{"id":9007199254740993}`, `{"id":"\ud800"}`, `{"id":"<&>\u2028é"}`, "{\"id\":\"\xff\"}",
		`{"id":` + strings.Repeat("[", 500) + strings.Repeat("]", 500) + `}`, `{"id":` + strings.Repeat("1", 400) + `}`,
	} {
		add("organizations.get", arguments)
	}
	add("organizations.list", `{"limit":"5","all_pages":"true"}`)
	add("organizations_list", `{"limit":"x","order":"up","after":7}`)
	add("no.such_tool", `{}`)
	add("organizations.lst", `{}`)
	return append(list,
		`{"name":"organizations.list"}`, ` { "arguments" : { } , "name" : "organizations.list" } `,
		`{"name":"organizations.list","arguments":{},"_meta":{"client/key":1}}`,
		`{"name":"organizations.list","arguments":{},"_meta":{}}`, `{"name":"organizations.list","arguments":{},"_meta":null}`,
		`{"name":"organizations\u002elist","arguments":{}}`,
		`{"name":"organizations.list","name":"users.list"}`, `{"name":"organizations.list","NAME":"vault.kv.list"}`,
		`{"name":"organizations.list","task":{"ttl":1}}`, `{"name":"organizations.list","arguments":{},"more":1}`)
}

// chance is what differs between two responses to one call: the token of a confirmation and when it expires.
var chance = regexp.MustCompile(`Token: [\w-]+|token\\?":\\?"[\w-]+|valid once, until [^.]+|expires\\?":\\?"[^"\\]+`)

// both returns two messages of one request: one that the server may respond to itself, and one that mcp-go has to,
// because it has a member that JSON-RPC does not know.
func both(id int, method, params string) (plain, unusual string) {
	plain = fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, id, method, params)
	return plain, strings.TrimSuffix(plain, "}") + `,"x":1}`
}

// What the server responds to itself is what mcp-go would have responded, byte for byte. Wrong params it names better.
func TestBothPathsRespondAlike(t *testing.T) {
	u := newUpstream(t, echo)
	env := map[string]string{"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_test_1", "WORKOS_CLIENT_ID": "client_1"}
	calls := exchanges(t)
	for _, args := range [][]string{
		nil, {"--mode", "dynamic"}, {"--read-only", "--deny", "vault.*"}, {"--confirm", "none"}, {"--hide-secrets"},
		{"--max-result-bytes", "1024", "--output-schemas", "--names", "short"},
	} {
		t.Run("stdio "+strings.Join(args, " "), func(t *testing.T) {
			var in strings.Builder
			in.WriteString(initialize + "\n")
			for i, params := range calls {
				plain, _ := both(2*i+1, "tools/call", params)
				_, unusual := both(2*i+2, "tools/call", params)
				in.WriteString(plain + "\n" + unusual + "\n")
				if i%100 == 0 {
					plain, _ = both(-2*i-1, "tools/list", "{}")
					_, unusual = both(-2*i-2, "tools/list", "{}")
					in.WriteString(plain + "\n" + unusual + "\n")
				}
			}
			o := execute(t, env, in.String(), append([]string{"stdio", "--log-level", "error"}, args...)...)
			responses := map[int]string{}
			for line := range strings.Lines(o.stdout) {
				var id int
				if _, err := fmt.Sscanf(line, `{"jsonrpc":"2.0","id":%d,`, &id); err != nil {
					t.Fatalf("%v: %.300s", err, line)
				}
				responses[id] = strings.Replace(line, fmt.Sprintf(`"id":%d`, id), `"id":0`, 1)
			}
			if want := 2*len(calls) + 1 + 2*((len(calls)+99)/100); len(responses) != want {
				t.Errorf("got %d responses, want %d: %s", len(responses), want, o.stderr)
			}
			for id, got := range responses {
				if id%2 != 0 {
					other := id + id/max(id, -id)
					wantAlike(t, strconv.Itoa(id), got, responses[other])
				}
			}
		})
	}
	for _, args := range [][]string{nil, {"--mode", "dynamic"}} {
		t.Run("HTTP "+strings.Join(args, " "), func(t *testing.T) {
			url, _ := startHTTP(t, env, args...)
			key := http.Header{"Authorization": {"Bearer sk_test_1"}}
			narrow := http.Header{
				"Authorization": {"Bearer sk_test_1"}, "X-Mcp-Readonly": {"true"}, "X-Mcp-Confirm": {"writes"},
				"X-Mcp-Max-Result-Bytes": {"1024"}, "Mcp-Protocol-Version": {"2025-11-25"}, "User-Agent": {"claude-ai"},
			}
			for i, params := range sampled(calls, 5) {
				header := []http.Header{key, narrow, {}}[i%3]
				plain, unusual := both(1, "tools/call", params)
				wantAlikeOverHTTP(t, url, plain, unusual, header)
			}
			for _, header := range []http.Header{key, narrow, key, narrow, {"X-Mcp-Toolsets": {"vault"}}} {
				for _, params := range []string{`{}`, `{"_meta":{"a":1}}`, `{"cursor":""}`, `{"cursor":"x"}`, `[]`, `null`} {
					plain, unusual := both(1, "tools/list", params)
					wantAlikeOverHTTP(t, url, plain, unusual, header)
				}
			}
		})
	}
}

func wantAlikeOverHTTP(t *testing.T, url, plain, unusual string, header http.Header) {
	t.Helper()
	status, got := post(t, url, plain, header)
	wantStatus, want := post(t, url, unusual, header)
	if status != wantStatus {
		t.Errorf("%.200s: got %d, want %d", plain, status, wantStatus)
	}
	wantAlike(t, plain, got, want)
}

func wantAlike(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want { // most are the same, and the race detector makes the search for what differs by chance a long one
		got, want = chance.ReplaceAllString(got, "…"), chance.ReplaceAllString(want, "…")
	}
	const wrongParams = `"error":{"code":-32602,"message":"params`
	if strings.Contains(got, wrongParams) && strings.Contains(want, `,"error":{"code":-326`) {
		return // the server names what is wrong with the params, and mcp-go its Go types
	}
	if got == "" || got != want {
		t.Errorf("%.200s: got\n%.1000s\nwant\n%.1000s", what, got, want)
	}
}
