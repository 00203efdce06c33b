package main

import (
	"bytes"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

const credential = "MUSEUM_MCP_MUSEUM_PLACEHOLDER_AUTH=guest:secret"

// museumServer is a museum that responds with one response and records what reaches it.
func museumServer(t *testing.T, mediaType, response string) (url string, wire *strings.Builder) {
	t.Helper()
	wire = &strings.Builder{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		user, password, _ := r.BasicAuth()
		wire.WriteString(r.Method + " " + r.URL.RequestURI() + " " + user + ":" + password + " " + string(body) + "\n")
		w.Header().Set("Content-Type", mediaType)
		_, _ = io.WriteString(w, response)
	}))
	t.Cleanup(s.Close)
	return s.URL, wire
}

// run runs the program, with the credential of a guest.
func run(t *testing.T, url, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = serve.Run(t.Context(), museum(), serve.Process{
		Args: args, Environ: []string{credential, "MUSEUM_MCP_SERVER=" + url},
		Stdin: strings.NewReader(stdin), Stdout: &out, Stderr: &errs,
	})
	return code, out.String(), errs.String()
}

func TestEachOperationOfTheMuseumIsATool(t *testing.T) {
	code, stdout, stderr := run(t, "https://museum.example", "", "tool", "list")
	if code != serve.ExitOK || strings.Count(stdout, "\n") != 8 || stderr != "" {
		t.Errorf("got %d %s%s, want 8 tools, none skipped", code, stdout, stderr)
	}
}

func TestCallsReachTheMuseum(t *testing.T) {
	const event = "dad4bce8-f5cb-4078-a211-995864315e39"
	for _, c := range []struct{ tool, arguments, want string }{
		{"getMuseumHours", `{"startDate":"2026-01-31","limit":3}`, "GET /museum-hours?startDate=2026-01-31&limit=3 guest:secret \n"},
		{
			"buyMuseumTickets", `{"ticketType":"general","ticketDate":"2026-01-31","email":"a@example.com"}`,
			`POST /tickets guest:secret {"email":"a@example.com","ticketDate":"2026-01-31","ticketType":"general"}` + "\n",
		},
		{
			"updateSpecialEvent", `{"eventId":"` + event + `","price":15}`,
			"PATCH /special-events/" + event + ` guest:secret {"price":15}` + "\n",
		},
	} {
		url, wire := museumServer(t, "application/json", "{}")
		code, stdout, stderr := run(t, url, "", "tool", "call", c.tool, c.arguments)
		if code != serve.ExitOK || wire.String() != c.want {
			t.Errorf("%s: got %d %s%s and sent %q, want %q", c.tool, code, stdout, stderr, wire, c.want)
		}
	}
}

func TestNothingReachesTheMuseumUnlessItIsValid(t *testing.T) {
	url, wire := museumServer(t, "application/json", "{}")
	for _, arguments := range []string{
		`{"ticketType":"vip","ticketDate":"2026-01-31"}`, `{"ticketType":"general","ticketDate":"soon"}`,
		`{"ticketType":"general"}`, `{"ticketType":"general","ticketDate":"2026-01-31","date":1}`,
	} {
		code, stdout, _ := run(t, url, "", "tool", "call", "buyMuseumTickets", arguments)
		if code == serve.ExitOK || wire.Len() > 0 {
			t.Errorf("%s: got %d %s and sent %q, want nothing sent", arguments, code, stdout, wire)
		}
	}
}

func TestATicketIsAnImage(t *testing.T) {
	const image = "\x89PNG\r\n\x1a\n"
	url, wire := museumServer(t, "image/png", image)
	const calls = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",` +
		`"capabilities":{},"clientInfo":{"name":"inspector","version":"1"}}}` + "\n" +
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"getTicketCode",` +
		`"arguments":{"ticketId":"a54a57ca-36f8-421b-a6b4-2e8f26858a4c"}}}` + "\n"
	code, stdout, stderr := run(t, url, calls)
	want := `"type":"image","data":"` + base64.StdEncoding.EncodeToString([]byte(image)) + `","mimeType":"image/png"`
	if code != serve.ExitOK || !strings.Contains(stdout, want) || !strings.HasPrefix(wire.String(), "GET /tickets/a54a57ca") {
		t.Errorf("got %d %s%s and sent %q, want %s", code, stdout, stderr, wire, want)
	}
}
