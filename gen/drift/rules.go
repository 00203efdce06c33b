package main

import (
	"fmt"
	"slices"
	"strings"
)

// rule allows the differences of a kind in the operations and fields that match.
type rule struct {
	kind, method, path, field, reason string

	line int
	used bool
}

// parseRules reads lines of KIND METHOD PATH FIELD # REASON, in which * stands for any run of characters.
func parseRules(text string) ([]*rule, error) {
	var rules []*rule
	n := 0
	for line := range strings.Lines(text) {
		n++
		columns, reason, _ := strings.Cut(line, "#")
		reason = strings.TrimSpace(reason)
		f := strings.Fields(columns)
		switch {
		case len(f) == 0:
		case len(f) != 4 || reason == "":
			return nil, fmt.Errorf("line %d: want KIND METHOD PATH FIELD # REASON", n)
		case !slices.Contains(kinds, f[0]):
			return nil, fmt.Errorf("line %d: unknown kind %q", n, f[0])
		default:
			rules = append(rules, &rule{kind: f[0], method: f[1], path: f[2], field: f[3], reason: reason, line: n})
		}
	}
	return rules, nil
}

// allow gives each difference that a rule matches the reason, and returns how many there are.
func allow(differences []difference, rules []*rule) int {
	allowed := 0
	for i := range differences {
		d := &differences[i]
		for _, r := range rules {
			if r.kind == d.kind && glob(r.method, d.method) && glob(r.path, d.path) && glob(r.field, d.field) {
				r.used, d.reason = true, r.reason
			}
		}
		if d.reason != "" {
			allowed++
		}
	}
	return allowed
}

// glob matches with * for any run of characters; nothing else is special, because fields contain [] and {}.
func glob(pattern, text string) bool {
	head, tail, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, head)
	for ; ok && !glob(tail, rest); rest = rest[1:] {
		if rest == "" {
			return false
		}
	}
	return ok
}
