package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/mark3labs/mcp-go/client"
	"github.com/mark3labs/mcp-go/mcp"
)

func TestAServerNeedsAnAddress(t *testing.T) {
	if s, err := newServer(""); s != nil || err == nil || err.Error() != "NOTES_URL is not set" {
		t.Errorf("got %v and %v, want no server", s, err)
	}
}

// A redirect would carry the request, and what authenticates it, to another host.
func TestARedirectIsNotFollowed(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the redirect was followed")
	}))
	defer elsewhere.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		requests := 0
		api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			requests++
			http.Redirect(w, r, elsewhere.URL, status)
		}))
		s, err := newServer(api.URL)
		if err != nil {
			t.Fatal(err)
		}
		c, err := client.NewInProcessClient(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Initialize(t.Context(), mcp.InitializeRequest{}); err != nil {
			t.Fatal(err)
		}
		var call mcp.CallToolRequest
		call.Params.Name = "notes.create"
		call.Params.Arguments = map[string]any{"text": "hello"}
		result, err := c.CallTool(t.Context(), call)
		if err != nil || !result.IsError || requests != 1 {
			t.Errorf("%d: got %+v, %v and %d requests, want one and a failure", status, result, err, requests)
		}
		_ = c.Close()
		api.Close()
	}
}
