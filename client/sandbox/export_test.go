package sandbox

import (
	"fmt"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// NewOf returns a sandbox of an API that the table describes, in place of WorkOS.
func NewOf(table *optable.Table, routes []optable.Route, opts ...Option) *Sandbox {
	s := New(opts...)
	s.once.Do(func() { s.index = newIndex(table, routes) })
	return s
}

// Content lists all that a sandbox stores, each under a name of its own. The examples at the top level are there from
// the start.
func Content(s *Sandbox) map[string]string {
	ix := s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{ix: ix, store: s.store, now: s.now().UTC()}
	for _, k := range ix.order {
		c.seed(k, nil)
	}
	content := map[string]string{}
	for k, records := range s.store.records {
		if len(records) != len(s.store.byID[k]) {
			panic(fmt.Sprintf("sandbox: %d of %s, %d of them by ID", len(records), k.name, len(s.store.byID[k])))
		}
		for _, r := range records {
			if s.store.byID[k][r.id] != r {
				panic(fmt.Sprintf("sandbox: %s is another record by its ID", r.id))
			}
			fields := encode(r.fields)
			if r.hidden {
				fields = append(fields, " hidden"...)
			}
			content[k.name+" "+r.id] = string(fields)
		}
	}
	for link := range s.store.links {
		content["link "+link[0]+" "+link[1]] = "true"
	}
	for path, fields := range s.store.singles {
		content["single "+path] = string(encode(fields))
	}
	for encrypted, key := range s.store.keys {
		content["data key "+encrypted] = key.id + " " + key.key
	}
	return content
}
