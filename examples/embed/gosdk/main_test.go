package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
)

func connect(t *testing.T, transport http.RoundTripper) *mcp.ClientSession {
	t.Helper()
	s, err := newServer("sk_sandbox", workos.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		t.Fatal(err)
	}
	near, far := mcp.NewInMemoryTransports()
	if _, err := s.Connect(t.Context(), far, nil); err != nil {
		t.Fatal(err)
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), near, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

func TestServerHasItsOwnToolAndTheChosenOnes(t *testing.T) {
	session := connect(t, sandbox.New())
	list, err := session.ListTools(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, tool := range list.Tools {
		names = append(names, tool.Name)
		if tool.Name != "clock" && !tool.Annotations.ReadOnlyHint {
			t.Errorf("%s is not read-only", tool.Name)
		}
	}
	for _, want := range []string{"clock", "organizations_list", "organizations_get"} {
		if !slices.Contains(names, want) || slices.Contains(names, "organizations_delete") {
			t.Errorf("got %v, want %s among them and nothing that writes", names, want)
		}
	}
	for name, part := range map[string]string{"clock": "", "organizations_list": `"data"`} {
		r, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: name})
		if err != nil || r.IsError || len(r.Content) != 1 {
			t.Fatalf("%s: got %+v and %v", name, r, err)
		}
		text, ok := r.Content[0].(*mcp.TextContent)
		if !ok || !strings.Contains(text.Text, part) {
			t.Errorf("%s: got %+v, want %s", name, r.Content[0], part)
			continue
		}
		if _, err := time.Parse(time.RFC3339, text.Text); name == "clock" && err != nil {
			t.Errorf("got %s, want the time", text.Text)
		}
	}
}

// Of what was not chosen nothing is sent.
func TestNothingElseIsSent(t *testing.T) {
	sent := 0
	session := connect(t, transport(func(r *http.Request) (*http.Response, error) {
		sent++
		return sandbox.New().RoundTrip(r)
	}))
	for _, name := range []string{"organizations.delete", "organizations_create", "vault.kv.list"} {
		r, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: name, Arguments: map[string]any{"id": "org_1"}})
		if err == nil || sent != 0 {
			t.Errorf("%s: got %+v and %d requests, want an error and none", name, r, sent)
		}
	}
}

func TestAServerWithoutAKeyDoesNotStart(t *testing.T) {
	for _, key := range []string{"", "sk with\nlines"} {
		if s, err := newServer(key); s != nil || err == nil {
			t.Errorf("%q: got %v and %v, want an error alone", key, s, err)
		}
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
