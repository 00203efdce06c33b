package sandbox

import (
	"net/http"
	"slices"
	"strings"
)

// Tenant is what one API key reaches of a sandbox, for tests that share a served one and run side by side: each has a
// key of its own. Make it with [Sandbox.Tenant]. It is safe for concurrent use.
type Tenant struct {
	sandbox *Sandbox
	key     string
}

// Tenant returns the environment of an API key, and creates it if it does not exist. All keys share one environment
// with [WithSharedEnvironment] or [WithAnyKey]. The empty key stands for the first environment.
func (s *Sandbox) Tenant(key string) Tenant { return Tenant{s, key} }

// Seed is [Sandbox.Seed] for the environment of the key.
func (t Tenant) Seed(text []byte) error {
	lists, err := readSeed(text)
	if err != nil {
		return err
	}
	s := t.sandbox
	ix := s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	plant := func(c *call) error { return c.plantAll(lists) }
	return newAct(ix, s.environment(t.key), s.time()).carryOut(plant)
}

// Reset forgets what is stored in the environment of the key, and nothing of others. The clock, the rules of faults and
// the log of requests are those of the whole sandbox, and stay.
func (t Tenant) Reset() error {
	s := t.sandbox
	ix := s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	env := s.environment(t.key)
	i := slices.Index(s.environments, env)
	other := s.content
	other.environments = slices.Clone(s.environments)
	other.environments[i] = newEnvironment(ix, env.key, s.seed+uint64(i)) //nolint:gosec // G115: an index
	return s.replace(other)
}

// Outbox is [Sandbox.Outbox] of the environment of the key.
func (t Tenant) Outbox() []Message {
	s := t.sandbox
	s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.environment(t.key).outbox()
}

// tenantControl responds to a request about the environment of the key that it brings.
func (s *Sandbox) tenantControl(r request, what string) reply {
	if !strings.HasPrefix(r.bearer, keyPrefix) {
		return newProblemReply(errUnauthorized)
	}
	t := s.Tenant(r.bearer)
	switch r.method + " " + what {
	case "POST seed":
		return outcome(t.Seed(r.body))
	case "POST reset":
		return outcome(t.Reset())
	case "GET outbox":
		return jsonReply(http.StatusOK, t.Outbox())
	}
	return noSuchPath()
}
