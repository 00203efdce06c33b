package flags

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Flag is the state of a feature flag in a snapshot. Treat it as immutable: it is shared.
type Flag struct {
	Slug string
	// Enabled is whether the flag is on for anybody.
	Enabled bool
	// DefaultValue is the decision of an enabled flag for everyone who is not in Targets.
	DefaultValue bool
	// Targets are the enabled targets.
	Targets []FlagTarget
}

// FlagTarget is somebody or something that a flag is on for.
type FlagTarget struct {
	// Type is "user", "organization" or the type of a custom target.
	Type string
	ID   string
}

const (
	typeUser         = "user"
	typeOrganization = "organization"
)

// maxSnapshot limits a snapshot in bytes.
const maxSnapshot = 32 << 20

// snapshot is the state of all flags. It is immutable.
type snapshot struct {
	flags map[string]*entry
	raw   []byte // of a store or the wire
}

type entry struct {
	flag    *Flag
	targets map[FlagTarget]struct{}
}

func (s *snapshot) entry(slug string) *entry {
	if s == nil {
		return nil
	}
	return s.flags[slug]
}

// wireFlag is a flag of the API. Pointers detect what is missing.
type wireFlag struct {
	Enabled      *bool `json:"enabled"`
	DefaultValue *bool `json:"default_value"`
	Targets      *struct {
		Users         []wireTarget `json:"users"`
		Organizations []wireTarget `json:"organizations"`
		Custom        []wireTarget `json:"custom_targets"`
	} `json:"targets"`
}

type wireTarget struct {
	Type    string `json:"type"`
	ID      string `json:"id"`
	Enabled bool   `json:"enabled"`
}

// parse reads a snapshot. A flag that cannot be read keeps its state of before, if there is one; defects names them.
// It returns an error if the text is not a snapshot at all.
func parse(raw []byte, before *snapshot) (_ *snapshot, defects, err error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return nil, nil, fmt.Errorf("invalid snapshot: want a JSON object of flags: %w", err)
	}
	if members == nil {
		return nil, nil, errors.New("invalid snapshot: want a JSON object of flags, not null")
	}
	parsed := &snapshot{flags: make(map[string]*entry, len(members)), raw: raw}
	var all []error
	for _, slug := range slices.Sorted(maps.Keys(members)) {
		read, err := parseFlag(slug, members[slug])
		if err != nil {
			all = append(all, fmt.Errorf("flag %.100q: %w", slug, err))
			if read = before.entry(slug); read == nil {
				continue
			}
		}
		parsed.flags[slug] = read
	}
	defects = errors.Join(all...)
	if defects != nil && len(all) == len(members) { // such as a proxy's error, which must not delete every flag
		return nil, nil, fmt.Errorf("invalid snapshot: none of its members is a flag: %w", defects)
	}
	return parsed, defects, nil
}

func parseFlag(slug string, raw json.RawMessage) (*entry, error) {
	var wire wireFlag
	if err := json.Unmarshal(raw, &wire); err != nil {
		return nil, err //nolint:wrapcheck // parse names the flag
	}
	switch {
	case wire.Enabled == nil:
		return nil, errors.New(`"enabled" is missing`)
	case wire.DefaultValue == nil:
		return nil, errors.New(`"default_value" is missing`)
	case wire.Targets == nil:
		return nil, errors.New(`"targets" is missing`)
	}
	read := &entry{
		flag:    &Flag{Slug: slug, Enabled: *wire.Enabled, DefaultValue: *wire.DefaultValue},
		targets: map[FlagTarget]struct{}{},
	}
	read.add(typeUser, wire.Targets.Users)
	read.add(typeOrganization, wire.Targets.Organizations)
	for _, t := range wire.Targets.Custom {
		if t.Type != typeUser && t.Type != typeOrganization { // which have lists of their own
			read.add(t.Type, []wireTarget{t})
		}
	}
	read.flag.Targets = slices.SortedFunc(maps.Keys(read.targets), func(a, b FlagTarget) int {
		return strings.Compare(a.Type+"\x00"+a.ID, b.Type+"\x00"+b.ID)
	})
	return read, nil
}

// add adds the enabled ones of the targets. The API reserves disabled ones: today they are as good as absent.
func (e *entry) add(kind string, targets []wireTarget) {
	for _, t := range targets {
		if t.Enabled {
			e.targets[FlagTarget{kind, t.ID}] = struct{}{}
		}
	}
}

func (e *entry) equal(other *entry) bool {
	return e.flag.Enabled == other.flag.Enabled && e.flag.DefaultValue == other.flag.DefaultValue &&
		maps.Equal(e.targets, other.targets)
}

// Change is a flag whose state differs from the snapshot before. Before is nil for a new flag, After for one that is
// gone.
type Change struct {
	Slug          string
	Before, After *Flag
}

// changes returns the differences in order of slugs.
func changes(before, after *snapshot) []Change {
	var all []Change
	for slug, now := range after.flags {
		switch old := before.entry(slug); {
		case old == nil:
			all = append(all, Change{slug, nil, now.flag})
		case !old.equal(now):
			all = append(all, Change{slug, old.flag, now.flag})
		}
	}
	for slug, old := range before.flags {
		if after.flags[slug] == nil {
			all = append(all, Change{slug, old.flag, nil})
		}
	}
	slices.SortFunc(all, func(a, b Change) int { return strings.Compare(a.Slug, b.Slug) })
	return all
}
