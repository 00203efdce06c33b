package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mark3labs/mcp-go/mcp"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

func TestServerHasItsOwnToolAndTheChosenOnes(t *testing.T) {
	s, err := newServer("sk_sandbox", workos.WithHTTPClient(&http.Client{Transport: sandbox.New()}))
	if err != nil {
		t.Fatal(err)
	}
	all, err := workos.New("sk_sandbox")
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := mcpadapter.New(all.API(), &gen.Operations)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"clock"}
	for _, tool := range adapter.Tools() {
		if tool.Toolset() == "organizations" && tool.Annotations().ReadOnly {
			want = append(want, tool.Name())
		}
	}
	var got []string
	for name := range s.ListTools() {
		got = append(got, name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) || len(got) < 4 {
		t.Errorf("got %v, want %v", got, want)
	}
	for name, part := range map[string]string{"clock": "", "organizations.list": `"data"`} {
		message := s.HandleMessage(t.Context(), json.RawMessage(
			`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"`+name+`","arguments":{}}}`))
		text, err := json.Marshal(message)
		if err != nil || !strings.Contains(string(text), part) || strings.Contains(string(text), `"isError":true`) {
			t.Errorf("%s: got %s and %v, want %s", name, text, err, part)
		}
	}
	result, err := s.GetTool("clock").Handler(t.Context(), mcp.CallToolRequest{})
	if err != nil {
		t.Fatal(err)
	}
	text, ok := result.Content[0].(mcp.TextContent)
	if told, err := time.Parse(time.RFC3339, text.Text); !ok || err != nil || told.IsZero() {
		t.Errorf("got %v and %v, want the time", result.Content, err)
	}
}

func TestAServerWithoutAKeyDoesNotStart(t *testing.T) {
	for _, key := range []string{"", "sk with\nlines"} {
		if s, err := newServer(key); s != nil || err == nil {
			t.Errorf("%q: got %v and %v, want an error alone", key, s, err)
		}
	}
	if s, err := newServer("sk_a", workos.WithBaseURL("ftp://example.com")); s != nil || err == nil {
		t.Errorf("got %v and %v, want an error alone", s, err)
	}
}

// Of what was not chosen nothing is sent.
func TestNothingElseIsSent(t *testing.T) {
	sent := 0
	counted := transport(func(r *http.Request) (*http.Response, error) {
		sent++
		return sandbox.New().RoundTrip(r)
	})
	s, err := newServer("sk_sandbox", workos.WithHTTPClient(&http.Client{Transport: counted}))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"organizations.delete", "organizations.create", "vault.kv.list", "organizations_delete",
	} {
		text, err := json.Marshal(s.HandleMessage(context.WithoutCancel(t.Context()), json.RawMessage(
			`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"`+name+`","arguments":{"id":"org_1"}}}`)))
		if err != nil || !strings.Contains(string(text), `"error"`) || sent != 0 {
			t.Errorf("%s: got %s, %v and %d requests, want none", name, text, err, sent)
		}
	}
}

// The end of the input waits for the calls that were read.
func TestNoCallIsLostAtTheEndOfTheInput(t *testing.T) {
	const calls = 20
	release, arrived := make(chan struct{}), make(chan struct{}, calls)
	slow := transport(func(r *http.Request) (*http.Response, error) {
		arrived <- struct{}{}
		<-release
		return sandbox.New().RoundTrip(r)
	})
	s, err := newServer("sk_sandbox", workos.WithHTTPClient(&http.Client{Transport: slow}))
	if err != nil {
		t.Fatal(err)
	}
	var in, out strings.Builder
	in.WriteString(`{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18",` +
		`"capabilities":{},"clientInfo":{"name":"x","version":"1"}}}` + "\n")
	for i := range calls {
		_, _ = fmt.Fprintf(&in, `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"organizations.list",`+
			`"arguments":{}}}`+"\n", i+1)
	}
	go func() { // once the last call is under way, the whole input has been read
		for range calls {
			<-arrived
		}
		close(release)
	}()
	if err := serve.Stdio(t.Context(), s, strings.NewReader(in.String()), &out, slog.Default()); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(out.String(), `"structuredContent":{"object":"list"`); got != calls {
		t.Errorf("got %d results, want %d: %.500s", got, calls, &out)
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
