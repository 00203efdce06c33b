package serve

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"net/http"
	"sync"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// maxLists limits the lists in a cache.
const maxLists = 64

// listKey identifies a list of tools: its style of names and the narrowing headers of its request.
type listKey [sha256.Size]byte

// newListKey returns the key of the lists with names in a style, for a request with these headers (nil: none) of a
// caller with these grants.
func newListKey(style mcpadapter.NameStyle, header http.Header, scope string) listKey {
	settings := make([][]string, 0, len(headers())+1)
	for _, name := range headers() {
		settings = append(settings, header.Values(name))
	}
	settings = append(settings, []string{scope})
	text, _ := json.Marshal(settings)               //nolint:errchkjson // strings
	return sha256.Sum256(append(text, byte(style))) //nolint:gosec // G115: there are a handful of styles
}

// listCache caches lists of tools as JSON. The zero value is empty. It is safe for concurrent use.
type listCache struct {
	off   bool // nothing is kept, for a server whose one client reads its list once
	mu    sync.Mutex
	lists map[listKey]json.RawMessage
}

func (c *listCache) get(key listKey) json.RawMessage {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lists[key]
}

// put caches a list, in place of another one if the cache is full.
func (c *listCache) put(key listKey, list json.RawMessage) {
	if c.off {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for other := range c.lists {
		if len(c.lists) < maxLists {
			break
		}
		delete(c.lists, other)
	}
	if c.lists == nil {
		c.lists = map[listKey]json.RawMessage{}
	}
	c.lists[key] = list
}

// list responds to tools/list.
func (p *fastPath) list(ctx context.Context, m envelope, from sender, l *requestLog) [][]byte {
	if m.params != nil && !walk(m.params, func(member, value []byte) bool {
		return string(member) == "_meta" && meansNothing(value)
	}) {
		return nil
	}
	key := newListKey(p.style(from.client), from.header, scopeOf(ctx))
	list := p.lists.get(key)
	if list == nil {
		if list = p.made(ctx, from.client); list == nil {
			return nil
		}
		p.lists.put(key, list)
	}
	l.outcome = outcomeOK
	return [][]byte{openResponse(nil, m.id), list, closeResponse(nil)}
}

// made returns the list of tools for a client, as mcp-go writes it, or nil.
func (p *fastPath) made(ctx context.Context, client string) json.RawMessage {
	if p.tools != nil {
		return mcpgo.AppendList(ctx, nil, p.directory, p.tools, client)
	}
	result, ok := listFor(ctx, p.server, client)
	if !ok {
		return nil
	}
	list, err := json.Marshal(result)
	if err != nil {
		return nil
	}
	return list
}
