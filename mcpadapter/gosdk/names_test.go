package gosdk_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/gosdk"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// connect returns a session of the SDK's own client with a server in the process.
func connect(tb testing.TB, s *mcp.Server, name string, options *mcp.ClientOptions) *mcp.ClientSession {
	tb.Helper()
	near, far := mcp.NewInMemoryTransports()
	if _, err := s.Connect(tb.Context(), far, nil); err != nil {
		tb.Fatal(err)
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: name, Version: "1"}, options).Connect(tb.Context(), near, nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = session.Close() })
	return session
}

// named is a server that gives clients names by StyleFor.
func named(tb testing.TB, a *mcpadapter.Adapter, options *mcp.ServerOptions, own ...string) *mcp.Server {
	tb.Helper()
	s := mcp.NewServer(&mcp.Implementation{Name: "shop", Version: "1"}, options)
	for _, name := range own {
		s.AddTool(&mcp.Tool{Name: name, InputSchema: json.RawMessage(`{"type":"object"}`)}, ownHandler)
	}
	if err := gosdk.Register(s, a); err != nil {
		tb.Fatal(err)
	}
	s.AddReceivingMiddleware(gosdk.Middleware(a, mcpadapter.StyleFor))
	return s
}

// A name that a tool of another page has is taken, too.
func TestNamesAreTakenOnEveryPage(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	session := connect(t, named(t, a, &mcp.ServerOptions{PageSize: 3}, "teas_list"), "claude-ai", nil)
	var got []string
	for tool, err := range session.Tools(t.Context(), nil) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, tool.Name)
	}
	for _, want := range []string{"teas_list", "teas.list", "teas_create"} {
		if !slices.Contains(got, want) || len(got) != len(a.Tools())+1 {
			t.Errorf("got %v, want %s among them", got, want)
		}
	}
	r, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "teas_create", Arguments: map[string]any{"name": "n", "stock": 1}})
	if err != nil || r.IsError || len(wire.Seen()) != 1 {
		t.Errorf("got %+v and %v, want the call sent", r, err)
	}
}

// The definitions belong to the server: what one client gets changes nothing for the next.
func TestAListChangesNothingForOthers(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil)
	s := named(t, a, nil)
	for client, want := range map[string]string{"claude-ai": "teas_list", "inspector": "teas.list", "cursor": "teas_list"} {
		list, err := connect(t, s, client, nil).ListTools(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(list.Tools, func(tool *mcp.Tool) bool { return tool.Name == want }) {
			t.Errorf("%s: got no %s", client, want)
		}
		if list.CacheScope != "private" {
			t.Errorf("%s: got the cache scope %q, want private", client, list.CacheScope)
		}
	}
}

// Middleware that rejects the list fails the registration and every call, before anything is sent.
func TestAServerWhoseListFailsIsNotServed(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	refuse := func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, request mcp.Request) (mcp.Result, error) {
			if method == "tools/list" {
				return nil, errors.New("sign in first")
			}
			return next(ctx, method, request)
		}
	}
	s := mcp.NewServer(&mcp.Implementation{Name: "shop", Version: "1"}, nil)
	s.AddReceivingMiddleware(refuse)
	if err := gosdk.Register(s, a); err == nil || !strings.Contains(err.Error(), "list the tools of the server: sign in first") {
		t.Errorf("got %v, want the reason", err)
	}
	s.AddReceivingMiddleware(gosdk.Middleware(a, mcpadapter.StyleFor))
	session := connect(t, s, "claude-ai", nil)
	if list, err := session.ListTools(t.Context(), nil); err == nil {
		t.Errorf("got %+v, want the reason", list)
	}
	if r, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "teas_list"}); err == nil || len(wire.Seen()) != 0 {
		t.Errorf("got %+v, want the reason and nothing sent", r)
	}
}

// A registration leaves nothing behind on a server but the tools.
func TestARegistrationIsNoSession(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `{}`))
	s := named(t, a, nil)
	for session := range s.Sessions() {
		t.Errorf("got the session %v, want none", session)
	}
}
