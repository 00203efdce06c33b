package sandbox

import (
	"encoding/json"
	"fmt"
	"time"
)

// snapshotVersion is that of the format of snapshots and state files.
const snapshotVersion = 1

// snapshot is the JSON form of a sandbox.
type snapshot struct {
	Version      int                `json:"workos_sandbox"`
	Seed         uint64             `json:"seed"`
	Offset       time.Duration      `json:"offset,omitempty"` // nanoseconds
	Random       []byte             `json:"random"`           // as in savedEnvironment, for content.unknown
	Environments []savedEnvironment `json:"environments"`
}

// content is what a sandbox has stored.
type content struct {
	seed         uint64
	offset       time.Duration // by which the clock is moved
	unknown      *store        // of the request IDs of those without an environment
	environments []*environment
}

// Snapshot returns all that the sandbox has stored, as JSON for [Sandbox.Restore]. It contains API keys, codes and
// vault objects, of passwords and tokens the hashes alone. It belongs to the version of this module that wrote it.
func (s *Sandbox) Snapshot() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.save()
}

// Empty reports whether nothing is stored.
func (s *Sandbox) Empty() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, env := range s.environments {
		for _, t := range env.store.tables {
			if len(t.byID) > 0 {
				return false
			}
		}
	}
	return true
}

// Restore replaces all that the sandbox has stored with a snapshot, and continues the random part of IDs and secrets
// where the snapshot was taken; the other options stay as they are. With an error nothing is changed.
func (s *Sandbox) Restore(text []byte) error {
	ix := s.ready()
	s.mu.Lock()
	defer s.mu.Unlock()
	restored, err := restore(ix, text)
	if err == nil {
		err = s.replace(restored)
	}
	if err != nil {
		return fmt.Errorf("workos/sandbox: restore: %w", err)
	}
	return nil
}

// replace puts other content in the place of that of the sandbox, and of its file.
func (s *Sandbox) replace(other content) error {
	before := s.content
	s.content = other
	if err := s.rewrite(); err != nil {
		s.content = before
		return err
	}
	for _, env := range s.environments {
		env.sandbox = s
	}
	s.notify()
	return nil
}

func (c *content) save() []byte {
	saved := snapshot{Version: snapshotVersion, Seed: c.seed, Offset: c.offset, Environments: []savedEnvironment{}}
	saved.Random, _ = c.unknown.random.MarshalBinary() // never fails
	for i, env := range c.environments {
		saved.Environments = append(saved.Environments, env.save(i))
	}
	text, _ := json.Marshal(saved) //nolint:errchkjson // made of what was decoded
	return text
}

// restore reads a snapshot.
func restore(ix *index, text []byte) (content, error) {
	var saved snapshot
	if err := json.Unmarshal(text, &saved); err != nil {
		return content{}, err //nolint:wrapcheck // the callers name the operation
	}
	if saved.Version != snapshotVersion {
		return content{}, fmt.Errorf("workos_sandbox: version %d: want %d", saved.Version, snapshotVersion)
	}
	c := content{seed: saved.Seed, offset: saved.Offset, unknown: newStore(saved.Seed, nil, nil)}
	if err := c.unknown.random.UnmarshalBinary(saved.Random); err != nil {
		return content{}, fmt.Errorf("random: %w", err)
	}
	for i, e := range saved.Environments {
		if e.Index != i {
			return content{}, fmt.Errorf("environment %d: index %d", i, e.Index)
		}
		if err := c.load(ix, e); err != nil {
			return content{}, err
		}
	}
	return c, nil
}

// load brings an environment, which may be the next new one, to a saved state.
func (c *content) load(ix *index, saved savedEnvironment) error {
	if saved.Index < 0 || saved.Index > len(c.environments) {
		return fmt.Errorf("environment %d: want at most %d", saved.Index, len(c.environments))
	}
	if saved.Index == len(c.environments) {
		c.environments = append(c.environments, newEnvironment(ix, saved.Key, saved.Seed))
	}
	return c.environments[saved.Index].load(ix, saved)
}
