package main

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// namedOf returns the name of a client of so many bytes that needs other names of tools.
func namedOf(size int) string { return "claude-ai" + strings.Repeat("x", size-len("claude-ai")) }

func TestWhichSessionIDsCarryAName(t *testing.T) {
	url, _ := startHTTP(t, nil, "--sandbox")
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
