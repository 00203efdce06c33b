package main

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

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// namedOf returns the name of a client of so many bytes that needs other names of tools.
func namedOf(size int) string { return "claude-ai" + strings.Repeat("x", size-len("claude-ai")) }

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
	if w.Code != http.StatusBadRequest || w.Body.String() != "the request could not be read\n" ||
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

func TestWhichSessionIDsCarryAName(t *testing.T) {
	url, _ := startHTTP(t, nil, flags{sandbox: true})
	encode := base64.RawURLEncoding.EncodeToString
	for _, c := range []struct {
		name, id string
		want     mcpadapter.NameStyle
	}{
		{"a name", "x." + encode([]byte("claude-ai")), mcpadapter.NamesUnderscore},
		{"nothing before it", "." + encode([]byte("claude-ai")), mcpadapter.NamesUnderscore},
		{"another name", "x." + encode([]byte("cursor-vscode")), mcpadapter.NamesShort},
		{"a name of dots", "x." + encode([]byte("mcp-inspector")), mcpadapter.NamesDots},
		{"99 bytes", "x." + encode([]byte(namedOf(99))), mcpadapter.NamesUnderscore},
		{"100 bytes", "x." + encode([]byte(namedOf(100))), mcpadapter.NamesUnderscore},
		{"101 bytes", "x." + encode([]byte(namedOf(101))), mcpadapter.NamesShort},
		{"no dot", encode([]byte("claude-ai")), mcpadapter.NamesShort},
		{"padding", "x." + base64.URLEncoding.EncodeToString([]byte("claude-ai1")), mcpadapter.NamesShort},
		{"another dot", "x." + encode([]byte("claude-ai")) + ".", mcpadapter.NamesShort},
		{"no name", "x.", mcpadapter.NamesShort},
	} {
		status, list := post(t, url+mcpPath, listTools, http.Header{"Mcp-Session-Id": {c.id}})
		if status != http.StatusOK {
			t.Errorf("%s: got %d %.200s, want 200", c.name, status, list)
			continue
		}
		wantStyle(t, c.name, list, c.want)
	}
}

func TestNamesAndModesAreWrittenAsTheyAreRead(t *testing.T) {
	for _, text := range []string{"auto", "dots", "underscore", "short"} {
		n := names{fixed: true, style: mcpadapter.NamesShort}
		if err := n.UnmarshalText([]byte(text)); err != nil {
			t.Fatal(err)
		}
		got, err := n.MarshalText()
		if string(got) != text || err != nil {
			t.Errorf("got %s and %v, want %s", got, err, text)
		}
		for client, auto := range map[string]mcpadapter.NameStyle{
			"claude-ai": mcpadapter.NamesUnderscore, "cursor-vscode": mcpadapter.NamesShort, "": mcpadapter.NamesShort,
		} {
			if style := n.styleFor(client); style.String() != text && !(text == "auto" && style == auto) {
				t.Errorf("%s: %q gets %v", text, client, style)
			}
		}
	}
	for _, text := range []string{"", "Dots", "auto ", "dot", "none"} {
		n := names{fixed: true, style: mcpadapter.NamesShort}
		if err := n.UnmarshalText([]byte(text)); err == nil || n != (names{fixed: true, style: mcpadapter.NamesShort}) {
			t.Errorf("%q: got %v and %v, want an error and nothing changed", text, n, err)
		}
	}
	for text, want := range map[string]mode{"direct": modeDirect, "dynamic": modeDynamic} {
		var m mode
		if err := m.UnmarshalText([]byte(text)); err != nil || m != want {
			t.Errorf("%s: got %d and %v, want %d", text, m, err, want)
		}
		if got, err := m.MarshalText(); string(got) != text || err != nil {
			t.Errorf("%s: got %s and %v", text, got, err)
		}
	}
	for _, text := range []string{"", "Direct", "dynamic ", strings.Repeat("x", 50)} {
		m := modeDynamic
		err := m.UnmarshalText([]byte(text))
		if err == nil || m != modeDynamic || len(err.Error()) > 80 {
			t.Errorf("%q: got %d and %v, want a short error and nothing changed", text, m, err)
		}
	}
	if got, err := modeUnset.MarshalText(); len(got) != 0 || err != nil {
		t.Errorf("got %q and %v, want nothing for no mode", got, err)
	}
}
