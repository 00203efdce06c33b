// Package naming makes names of tools and arguments that MCP, its clients and the APIs of models accept.
package naming

import (
	"fmt"
	"hash/crc32"
	"strings"
)

// Shorten abbreviates a name of words with underscores between to a limit in characters: from the left, all but the
// last word. A name that was too long ends in a checksum of the ID, so that no two of them become one.
func Shorten(name string, limit int, id string) string {
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

// stump returns the first four characters of a word.
func stump(word string) string { return word[:min(len(word), 4)] }

// Limit is the limit of the names of tools, in characters.
const Limit = 128

// Valid reports whether MCP allows the name (revision 2025-11-25, server/tools, "Tool Names").
func Valid(name string) bool {
	return len(name) <= Limit && isName(name)
}

// isName reports whether a text has characters, and only those of names.
func isName(text string) bool {
	for i := range len(text) {
		if !isNameCharacter(text[i]) {
			return false
		}
	}
	return text != ""
}

func isNameCharacter(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.'
}

// Sanitize returns a name that MCP allows: the given one with each run of other characters as one underscore, with a
// checksum if it is too long.
func Sanitize(name string) string {
	b := make([]byte, 0, len(name))
	for i := range len(name) {
		switch c := name[i]; {
		case isNameCharacter(c):
			b = append(b, c)
		case len(b) == 0 || b[len(b)-1] != '_':
			b = append(b, '_')
		}
	}
	short := strings.Trim(string(b), "_")
	if len(short) > Limit {
		sum := fmt.Sprintf("_%08x", crc32.ChecksumIEEE([]byte(name)))
		short = short[:Limit-len(sum)] + sum
	}
	return short
}

// argumentLimit is the limit of the names of arguments in the API of Anthropic, in characters of names.
const argumentLimit = 64

// Argument returns a name for an argument that clients accept: that of the parameter if it is one, otherwise what
// is valid of it, with _lt and _gt for the signs with which some APIs end the names of bounds.
func Argument(parameter string) string {
	if len(parameter) <= argumentLimit && isName(parameter) {
		return parameter
	}
	name := Sanitize(strings.NewReplacer("<", "_lt", ">", "_gt").Replace(parameter))
	if len(name) > argumentLimit {
		sum := fmt.Sprintf("_%08x", crc32.ChecksumIEEE([]byte(parameter)))
		name = name[:argumentLimit-len(sum)] + sum
	}
	if name == "" {
		return "argument"
	}
	return name
}
