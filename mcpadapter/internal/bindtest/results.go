package bindtest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// results are what every binding returns, by the name of the case.
//
//go:embed testdata/results.json
var results []byte

// request is a request of one case.
type request struct {
	name   string
	server string // of servers
	method string // "": tools/call
	params string
}

const (
	pixel = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
	tea   = ` { "id": "tea_1", "stock": 9007199254740993, "note": "<b>&\u2028é" }`
)

// shop responds as the path of a request says.
func shop(w http.ResponseWriter, r *http.Request) {
	kind, status, body := "application/json", http.StatusOK, tea
	switch {
	case strings.Contains(r.URL.Path, "sold"):
		status, body = http.StatusNotFound, `{"code":"no_tea","message":"Sold out."}`
	case strings.Contains(r.URL.Path, "busy"):
		w.Header().Set("Retry-After", "7")
		status, body = http.StatusTooManyRequests, `{"message":"Slowly."}`
	case strings.HasSuffix(r.URL.Path, "/slip"):
		kind, body = "text/plain", "1 pot\n"
	case strings.HasSuffix(r.URL.Path, "/where"):
		w.Header().Set("Location", "https://carrier.example/1")
		status, body = http.StatusFound, ""
	case r.Method == http.MethodDelete:
		status, body = http.StatusNoContent, ""
	case r.Method == http.MethodPost:
		status = http.StatusCreated
	case r.URL.Path == "/teas":
		body = "[" + tea + "]"
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// depot responds with media.
func depot(w http.ResponseWriter, r *http.Request) {
	kind, body := "image/png", pixel
	switch {
	case strings.Contains(r.URL.Path, "announcement"):
		kind, body = "audio/mpeg", "ID3\xff"
	case strings.Contains(r.URL.Path, "manual"):
		kind, body = "application/pdf", "%PDF-\xff"
	}
	w.Header().Set("Content-Type", kind)
	_, _ = w.Write([]byte(body))
}

// engine runs the program "delete", which deletes a tea, and every other one returns its source.
type engine struct{}

func (engine) Run(
	ctx context.Context, p mcpadapter.Program, step mcpadapter.ProgramStep,
) (mcpadapter.ProgramValue, error) {
	if p.Source == "delete" {
		_, err := step(ctx, []mcpadapter.ProgramCall{{
			ID: 1, Operation: "teas.delete", Arguments: json.RawMessage(deletion),
		}})
		return mcpadapter.ProgramValue{JSON: json.RawMessage(`"gone"`)}, err
	}
	text, err := json.Marshal(p.Source)
	if err != nil {
		return mcpadapter.ProgramValue{}, fmt.Errorf("write the source: %w", err)
	}
	return mcpadapter.ProgramValue{JSON: text, Log: []string{"ran"}}, nil
}

// servers are those of the cases.
func servers(t *testing.T, b Binding) map[string]string {
	t.Helper()
	confirming, _ := shoptest.New(t, shop, shoptest.Confirming(mcpadapter.ConfirmRisky))
	plain, _ := shoptest.New(t, shop)
	reading, _ := shoptest.New(t, shop, mcpadapter.WithFilter(mcpadapter.Filter{ReadOnly: true}))
	media, _ := shoptest.Depot(t, depot)
	output := shoptest.NewWithOutput(t, shoptest.Responding(http.StatusOK, strings.NewReader(tea)))
	return map[string]string{
		"shop":       serve(t, b, plain, Setup{}),
		"documented": serve(t, b, reading, Setup{Resources: true, Named: true}),
		"confirming": serve(t, b, confirming, Setup{}),
		"reading":    serve(t, b, reading, Setup{Mode: RegisterAll, Named: true}),
		"depot":      serve(t, b, media, Setup{}),
		"output":     serve(t, b, output, Setup{}),
		"dynamic":    serve(t, b, confirming, Setup{Mode: RegisterDynamic, Named: true}),
		"programs":   serve(t, b, confirming, Setup{Mode: RegisterPrograms, Engine: engine{}, Named: true}),
	}
}

func requests() []request {
	return []request{
		{"the list", "shop", "tools/list", `{}`},
		{"the list with confirmations", "confirming", "tools/list", `{}`},
		{"the list by names for the client", "reading", "tools/list", `{}`},
		{"the list with output schemas", "output", "tools/list", `{}`},
		{"the list of the dynamic mode", "dynamic", "tools/list", `{}`},
		{"the list of the code mode", "programs", "tools/list", `{}`},

		{"a response keeps its digits", "shop", "", `{"name":"getTea","arguments":{"tea_id":"1"}}`},
		{"an array", "shop", "", `{"name":"teas.list"}`},
		{"null as the arguments", "shop", "", `{"name":"teas.list","arguments":null}`},
		{"no content", "shop", "", `{"name":"teas.delete","arguments":{"tea_id":"1"}}`},
		{"a text", "shop", "", `{"name":"parcels.slip","arguments":{"number":1}}`},
		{"a redirect", "shop", "", `{"name":"parcels.track","arguments":{"number":1}}`},
		{"an image", "depot", "", `{"name":"crates.label.get","arguments":{"id":"1"}}`},
		{"audio", "depot", "", `{"name":"announcements_get","arguments":{}}`},
		{"a file", "depot", "", `{"name":"manuals_get","arguments":{"name":"a"}}`},
		{"repaired arguments", "shop", "", `{"name":"teas.create","arguments":{"name":"n","stock":"9007199254740993"}}`},
		{"a renamed argument", "shop", "", `{"name":"getTea","arguments":{"teaId":"1"}}`},
		{"a structured result", "output", "", `{"name":"getTea","arguments":{"tea_id":"1"}}`},

		{"a failure of the API", "shop", "", `{"name":"getTea","arguments":{"tea_id":"sold"}}`},
		{"a failure to try again", "shop", "", `{"name":"getTea","arguments":{"tea_id":"busy"}}`},
		{"a path that leads elsewhere", "shop", "", `{"name":"getTea","arguments":{"tea_id":".."}}`},
		{"an unknown argument", "shop", "", `{"name":"getTea","arguments":{"tea_id":"1","nmae":"x"}}`},
		{"a missing argument", "shop", "", `{"name":"getTea","arguments":{}}`},
		{"an operation that is filtered", "reading", "", `{"name":"teas.delete","arguments":{"tea_id":"1"}}`},
		{"a confirmation", "confirming", "", `{"name":"teas.delete","arguments":{"tea_id":"1"}}`},
		{"a token that is none", "confirming", "", `{"name":"teas.delete","arguments":{"tea_id":"1","confirmation":"x"}}`},
		{"an unknown tool", "shop", "", `{"name":"nothing"}`},

		{"a search", "dynamic", "", `{"name":"search_operations","arguments":{"query":"list teas"}}`},
		{"a description", "dynamic", "", `{"name":"describe_operations","arguments":{"operations":["getTea"]}}`},
		{"a dynamic call", "dynamic", "",
			`{"name":"call_read_operation","arguments":{"operation":"getTea","arguments":{"tea_id":"1"}}}`},
		{"a dynamic call of another kind", "dynamic", "",
			`{"name":"call_write_operation","arguments":{"operation":"getTea"}}`},
		{"a dynamic confirmation", "dynamic", "", `{"name":"call_destructive_operation",` +
			`"arguments":{"operation":"teas.delete","arguments":{"tea_id":"1"}}}`},
		{"resources", "dynamic", "resources/list", `{}`},
		{"the catalogue", "dynamic", "resources/read", `{"uri":"operations://catalogue"}`},
		{"templates", "documented", "resources/templates/list", `{}`},
		{"documentation", "documented", "resources/read", `{"uri":"operations://operations/getTea"}`},
		{"documentation of what is filtered", "documented", "resources/read",
			`{"uri":"operations://operations/teas.delete"}`},
		{"a program", "programs", "", `{"name":"run_program","arguments":{"program":"1 + 1"}}`},
		{"a program to confirm", "programs", "", `{"name":"run_program","arguments":{"program":"delete"}}`},
	}
}

func testResults(t *testing.T, b Binding, update bool) {
	t.Helper()
	t.Parallel()
	clients, wanted, got := map[string]*client{}, map[string]json.RawMessage{}, map[string]json.RawMessage{}
	if err := json.Unmarshal(results, &wanted); err != nil {
		t.Fatal(err)
	}
	for name, url := range servers(t, b) {
		clients[name] = (&client{url: url, name: "unheard-of"}).connect(t)
	}
	for _, r := range requests() {
		if r.method == "" {
			r.method = "tools/call"
		}
		var params map[string]any
		if err := json.Unmarshal([]byte(r.params), &params); err != nil {
			t.Fatal(err)
		}
		if arguments := rawArguments(t, r.params); arguments != nil {
			params["arguments"] = arguments
		}
		result, failure := clients[r.server].request(t, r.method, params)
		if failure != nil { // in the words of the library
			result = fmt.Appendf(nil, `{"code":%d}`, failure.Code)
			if r.method == "resources/read" { // revisions differ, and so do libraries
				result = json.RawMessage(`{"code":"not found"}`)
			}
		}
		text := canonical(t, result)
		if got[r.name] = json.RawMessage(text); update {
			continue
		}
		if want := canonical(t, wanted[r.name]); text != want {
			t.Errorf("%s: %s\ngot  %s\nwant %s", r.name, firstDifference(text, want), text, want)
		}
	}
	if len(wanted) != len(got) && !update {
		t.Errorf("got %d cases, the file has %d", len(got), len(wanted))
	}
	if update {
		write(t, got)
	}
}

// rawArguments returns the arguments with their digits.
func rawArguments(tb testing.TB, params string) json.RawMessage {
	tb.Helper()
	var p struct {
		Arguments json.RawMessage `json:"arguments"`
	}
	if err := json.Unmarshal([]byte(params), &p); err != nil {
		tb.Fatal(err)
	}
	return p.Arguments
}

// firstDifference returns the first lines that differ.
func firstDifference(got, want string) string {
	lines := strings.Split(want, "\n")
	for i, line := range strings.Split(got, "\n") {
		if i >= len(lines) || line != lines[i] {
			return strings.TrimSpace(line)
		}
	}
	return "the end"
}

// write replaces the file of results.
func write(tb testing.TB, got map[string]json.RawMessage) {
	tb.Helper()
	text, err := json.MarshalIndent(got, "", "  ")
	if err != nil {
		tb.Fatal(err)
	}
	_, here, _, _ := runtime.Caller(0) //nolint:dogsled // the file alone
	file := filepath.Join(filepath.Dir(here), "testdata", "results.json")
	if err := os.WriteFile(file, append(text, '\n'), 0o600); err != nil {
		tb.Fatal(err)
	}
}
