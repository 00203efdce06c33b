package serve

import (
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/iotest"
)

func TestWhoIsGivenASession(t *testing.T) {
	list := strings.Replace(listTools, `"params":{}`, `"params":{"clientInfo":{"name":"claude-ai"}}`, 1)
	for _, c := range []struct {
		name, method, session, body string
		client                      string // that the session ID carries; "": no session ID
	}{
		{"a client of other names", http.MethodPost, "", initializeAs("claude-ai"), "claude-ai"},
		{"another such client", http.MethodPost, "", initializeAs("mcp-inspector"), "mcp-inspector"},
		{"a client of the usual names", http.MethodPost, "", initializeAs("cursor-vscode"), ""},
		{"no name", http.MethodPost, "", initializeAs(""), ""},
		{"99 bytes", http.MethodPost, "", initializeAs(namedOf(99)), namedOf(99)},
		{"100 bytes", http.MethodPost, "", initializeAs(namedOf(100)), namedOf(100)},
		{"101 bytes", http.MethodPost, "", initializeAs(namedOf(101)), ""},
		{"no ASCII", http.MethodPost, "", initializeAs("claude-ai é"), "claude-ai é"},
		{"a session already", http.MethodPost, "x.y", initializeAs("claude-ai"), ""},
		{"no POST", http.MethodGet, "", initializeAs("claude-ai"), ""},
		{"DELETE", http.MethodDelete, "", initializeAs("claude-ai"), ""},
		{"another method", http.MethodPost, "", list, ""},
		{"another method about it", http.MethodPost, "", strings.Replace(list, `"id":1`, `"id":"initialize"`, 1), ""},
		{"no JSON", http.MethodPost, "", strings.TrimSuffix(initializeAs("claude-ai"), "}"), ""},
		{"nothing", http.MethodPost, "", "", ""},
	} {
		var passed []string
		handler := rememberClients(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				t.Error(err)
			}
			passed = append(passed, string(body))
		}))
		r := httptest.NewRequestWithContext(t.Context(), c.method, mcpPath, strings.NewReader(c.body))
		if c.session != "" {
			r.Header.Set("Mcp-Session-Id", c.session)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if len(passed) != 1 || passed[0] != c.body || w.Code != http.StatusOK {
			t.Errorf("%s: got %d and %q passed on, want the body", c.name, w.Code, passed)
		}
		id := w.Header().Get("Mcp-Session-Id")
		if (id != "") != (c.client != "") {
			t.Errorf("%s: got the session ID %q, want one: %t", c.name, id, c.client != "")
		}
		if id == "" {
			continue
		}
		if !regexp.MustCompile(`^[A-Z2-7]{26}\.[A-Za-z0-9_-]+$`).MatchString(id) {
			t.Errorf("%s: got %s, want random text and a name", c.name, id)
		}
		_, encoded, _ := strings.Cut(id, ".")
		if got, err := base64.RawURLEncoding.DecodeString(encoded); string(got) != c.client || err != nil {
			t.Errorf("%s: got the name %q and %v, want %q", c.name, got, err, c.client)
		}
	}
}

func TestABodyThatBreaksOffOpensNoSession(t *testing.T) {
	handler := rememberClients(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("got it passed on")
	}))
	body := io.MultiReader(strings.NewReader(initializeAs("claude-ai")), iotest.ErrReader(errors.New("reset")))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, mcpPath, body))
	if w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), `"reason":"unreadable"`) ||
		w.Header().Get("Mcp-Session-Id") != "" {
		t.Errorf("got %d %q %v, want 400 and no session", w.Code, w.Body, w.Header())
	}
}

func TestTwoSessionsHaveTwoIDs(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		id := sessionID("claude-ai")
		if random, _, _ := strings.Cut(id, "."); seen[random] {
			t.Fatalf("got %s twice", id)
		} else {
			seen[random] = true
		}
	}
}
