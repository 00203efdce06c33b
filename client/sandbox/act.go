package sandbox

import (
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// newAct returns the call of a change that no operation makes; an empty one stands in its place.
func newAct(ix *index, env *environment, now time.Time) *call {
	return &call{ix: ix, plan: &plan{op: &optable.Operation{}}, env: env, store: env.store, now: now, unasked: true}
}

// act runs a change that no operation of the API makes, in the first environment in which it succeeds.
func (s *Sandbox) act(do func(*call) error) error {
	ix := s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.time()
	if len(s.environments) == 0 {
		s.environment("")
	}
	var failures error
	for _, env := range s.environments {
		if failures = newAct(ix, env, now).carryOut(do); failures == nil {
			return nil
		}
	}
	return failures
}

// carryOut makes a change whole, or with an error nothing of it.
func (c *call) carryOut(do func(*call) error) error {
	err := do(c)
	if err == nil {
		err = c.env.commit()
	}
	if err != nil {
		c.env.store.rollback()
	}
	return err
}
