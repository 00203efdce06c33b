package sandbox

import "time"

// time is the sandbox's: that of its clock, moved by what Advance was called with.
func (s *Sandbox) time() time.Time { return s.now().Add(s.offset).UTC() }

// Time returns the sandbox's time: that of its clock, see [WithClock], moved by [Sandbox.Advance].
func (s *Sandbox) Time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.time()
}

// Advance moves the sandbox's time forward, so that codes and tokens expire and deliveries become due. A negative
// duration moves it back. [Sandbox.Reset] undoes it.
func (s *Sandbox) Advance(d time.Duration) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	moved := s.content
	moved.offset += d
	return s.replace(moved)
}
