package serve

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// One list is made for each combination of what it depends on, and written the same the second time.
func TestListsAreMadeOnce(t *testing.T) {
	fast := fastOf(t, flags{})
	m, _ := readEnvelope([]byte(listTools))
	seen := map[string]string{}
	for i, from := range []sender{
		{client: ""}, {client: "claude-ai"}, {client: "mcp-inspector"}, {client: "", header: http.Header{}},
		{client: "", header: http.Header{"X-Mcp-Readonly": {"true"}}},
		{client: "", header: http.Header{"Accept": {"*/*"}}},
	} {
		first := bytes.Join(fast.respond(t.Context(), m, from, newRequestLog()), nil)
		second := bytes.Join(fast.respond(t.Context(), m, from, newRequestLog()), nil)
		if string(first) != string(second) || !strings.HasPrefix(string(first), `{"jsonrpc":"2.0","id":1,"result":{"tools":[`) {
			t.Errorf("%d: got %.200s and %.200s, want one list", i, first, second)
		}
		seen[string(first)] = from.client
	}
	// Three styles of names, and the headers that narrow; other headers make no difference.
	if n := len(fast.lists.lists); n != 4 || len(seen) != 3 {
		t.Errorf("got %d lists kept, %d of them different", n, len(seen))
	}
}

func TestKeysOfLists(t *testing.T) {
	keys := map[listKey]string{}
	for name, header := range map[string]http.Header{
		"none": {}, "toolsets": {"X-Mcp-Toolsets": {"a"}}, "others": {"X-Mcp-Toolsets": {"b"}}, "allow": {"X-Mcp-Allow": {"a"}},
		"deny": {"X-Mcp-Deny": {"a"}}, "confirm": {"X-Mcp-Confirm": {"writes"}}, "empty": {"X-Mcp-Deny": {""}},
		"limit": {"X-Mcp-Max-Result-Bytes": {"1024"}}, "hide": {"X-Mcp-Hide-Secrets": {"true"}},
		"parts": {"X-Mcp-Allow": {"a,b"}}, "values": {"X-Mcp-Allow": {"a", "b"}},
	} {
		for _, style := range []mcpadapter.NameStyle{mcpadapter.NamesDots, mcpadapter.NamesShort} {
			key := newListKey(style, header, "")
			if other, taken := keys[key]; taken {
				t.Errorf("%s and %s have the same key", name, other)
			}
			if keys[key] = name; newListKey(style, header.Clone(), "") != key {
				t.Errorf("%s: got two keys", name)
			}
		}
	}
}

func TestOnlySoManyListsAreKept(t *testing.T) {
	var c listCache
	key := func(i int) listKey { return newListKey(0, http.Header{"X-Mcp-Allow": {strconv.Itoa(i)}}, "") }
	for i := range 3 * maxLists {
		c.put(key(i), json.RawMessage(strconv.Itoa(i)))
		if got := string(c.get(key(i))); got != strconv.Itoa(i) || len(c.lists) != min(i+1, maxLists) {
			t.Fatalf("%d: got %s of %d lists", i, got, len(c.lists))
		}
	}
	c.put(key(0), json.RawMessage("new"))
	if got := string(c.get(key(0))); got != "new" {
		t.Errorf("got %s, want the new list", got)
	}
}

// Over stdio each list is made when it is asked for, and the same.
func TestNoListIsKeptForOneClient(t *testing.T) {
	fast := fastOf(t, flags{})
	fast.lists.off = true
	m, _ := readEnvelope([]byte(listTools))
	first := bytes.Join(fast.respond(t.Context(), m, sender{}, newRequestLog()), nil)
	second := bytes.Join(fast.respond(t.Context(), m, sender{}, newRequestLog()), nil)
	if string(first) != string(second) || len(fast.lists.lists) != 0 {
		t.Errorf("got %.200s and %.200s, and %d lists kept, want one list and none kept", first, second, len(fast.lists.lists))
	}
}
