package sandbox

import (
	"fmt"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// NewOf returns a sandbox of an API that the table describes, in place of WorkOS.
func NewOf(table *optable.Table, routes []optable.Route, opts ...Option) *Sandbox {
	s := New(append(opts, WithAnyKey())...)
	s.index = newIndex(table, routes)
	return s
}

// PlatformToken returns a token that the first environment issues for operations of platforms.
func PlatformToken(s *Sandbox) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	const lifetime = 3600
	return s.environment("").jwt("", object{{"scope", scopePlatform}, {"exp", int(s.time().Unix()) + lifetime}})
}

// Content lists all that a sandbox stores, each under a name of its own. The examples at the top level are there from
// the start.
func Content(s *Sandbox) map[string]string {
	ix := s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	content := map[string]string{}
	for i, env := range s.environments {
		c := &call{ix: ix, env: env, store: env.store, now: s.time(), examples: s.examples}
		for _, k := range ix.order {
			c.seed(k, nil)
		}
		env.store.commit()
		for _, k := range env.store.kinds {
			t := env.store.tables[k]
			if n := len(env.store.all(k)); n != len(t.byID) {
				panic(fmt.Sprintf("sandbox: %d of %s, %d of them by ID", n, k.name, len(t.byID)))
			}
			for _, r := range env.store.all(k) {
				if t.byID[r.id] != r {
					panic(fmt.Sprintf("sandbox: %s is another record by its ID", r.id))
				}
				fields := encode(r.fields)
				if r.hidden {
					fields = append(fields, " hidden"...)
				}
				name := k.name + " " + r.id
				if i > 0 {
					name = fmt.Sprint(i, " ", name)
				}
				content[name] = string(fields)
			}
		}
	}
	return content
}

// Classes are how far each operation is like WorkOS, by its ID.
func Classes() map[string]string {
	classes := map[string]string{}
	for id, p := range api().plans {
		classes[id] = string(p.class)
	}
	return classes
}

// TOTP is the code that an authenticator app shows.
var TOTP = totp
