package mcpadapter

import (
	"fmt"
	"hash/crc32"
	"strings"
)

// NameStyle is a way to write the names of tools. Clients are told names in one style; in a call every style counts.
// The zero value is [NamesDots]. As text, in flags for instance, the styles are dots, underscore and short.
type NameStyle int

// The styles of names. What a style makes of an operation does not depend on the others; [New] fails if two operations
// get one name, be it in different styles.
const (
	// NamesDots is the operationId: at most 128 characters of [a-zA-Z0-9_.-].
	NamesDots NameStyle = iota
	// NamesUnderscore has '_' in place of '.': at most 64 characters of [a-zA-Z0-9_-].
	NamesUnderscore
	// NamesShort is for clients that put the server's name in front and count both: at most 51 characters of
	// [a-zA-Z0-9_].
	NamesShort
)

// Limits of names in characters.
const (
	// underscoreLimit is that of the names of functions in the APIs of model providers.
	underscoreLimit = 64
	// shortLimit leaves room for mcp__server__ within 64 characters, and for server: within 60.
	shortLimit = 51
)

// String returns the style as text.
func (s NameStyle) String() string {
	switch s {
	case NamesDots:
		return "dots"
	case NamesUnderscore:
		return "underscore"
	case NamesShort:
		return "short"
	}
	return fmt.Sprintf("NameStyle(%d)", int(s))
}

// MarshalText returns the style as text.
func (s NameStyle) MarshalText() ([]byte, error) {
	if s < NamesDots || s > NamesShort {
		return nil, fmt.Errorf("mcpadapter: there is no %v", s)
	}
	return []byte(s.String()), nil
}

// UnmarshalText reads what MarshalText writes, and nothing else.
func (s *NameStyle) UnmarshalText(text []byte) error {
	for style := NamesDots; style <= NamesShort; style++ {
		if string(text) == style.String() {
			*s = style
			return nil
		}
	}
	return fmt.Errorf("mcpadapter: the style of names %q is none of dots, underscore and short", text)
}

// Name returns the name of an operation in the style, by its operationId alone: a name that is too long for the style
// has its words abbreviated from the left, all but the last one, and ends in a checksum of the operationId.
func (s NameStyle) Name(operationID string) string {
	name := operationID
	switch s {
	case NamesUnderscore:
		name = fit(strings.ReplaceAll(name, ".", "_"), underscoreLimit, operationID)
	case NamesShort:
		name = fit(strings.ReplaceAll(strings.ReplaceAll(name, ".", "_"), "-", "_"), shortLimit, operationID)
	case NamesDots:
	}
	return name
}

// fit shortens a name to the limit.
func fit(name string, limit int, id string) string {
	if len(name) <= limit {
		return name
	}
	sum := fmt.Sprintf("_%04x", crc32.ChecksumIEEE([]byte(id))>>16)
	limit -= len(sum)
	words, length := strings.Split(name, "_"), len(name)
	for _, shorten := range [...]func(string) string{abbreviation, stump} {
		for i, word := range words[:len(words)-1] {
			if length <= limit {
				break
			}
			words[i] = shorten(word)
			length -= len(word) - len(words[i])
		}
	}
	name = strings.Join(words, "_")
	return name[:min(len(name), limit)] + sum
}

// abbreviation returns the usual abbreviation of a word, or the word.
func abbreviation(word string) string {
	for _, a := range [...]struct{ word, short string }{
		{"administrators", "admins"},
		{"application", "app"}, {"applications", "apps"},
		{"assignment", "assign"}, {"assignments", "assigns"},
		{"attribute", "attr"}, {"attributes", "attrs"},
		{"authentication", "authn"}, {"authorization", "auth"},
		{"configuration", "config"}, {"configurations", "configs"},
		{"credential", "cred"}, {"credentials", "creds"},
		{"directories", "dirs"}, {"directory", "dir"},
		{"environment", "env"}, {"environments", "envs"},
		{"integration", "integ"}, {"integrations", "integs"},
		{"management", "mgmt"},
		{"membership", "member"}, {"memberships", "members"},
		{"organization", "org"}, {"organizations", "orgs"},
		{"permission", "perm"}, {"permissions", "perms"},
		{"verification", "verif"},
	} {
		if a.word == word {
			return a.short
		}
	}
	return word
}

// stump is the beginning of a word.
func stump(word string) string { return word[:min(len(word), 4)] }
