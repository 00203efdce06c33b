package serve

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// variable returns the name of the environment variable for a flag, or "" if the API has no prefix.
func (p program) variable(flag string) string {
	if p.api.EnvPrefix == "" {
		return ""
	}
	return p.api.EnvPrefix + "_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// variables returns the names of all environment variables with the prefix and an effect.
func (p program) variables() []string {
	flags := append(slices.Clone(p.settings), configFlag)
	names := make([]string, 0, 2*len(flags))
	for _, flag := range flags {
		names = append(names, p.variable(flag))
	}
	for _, name := range p.secretVariables() {
		if strings.HasPrefix(name, p.api.EnvPrefix+"_") {
			names = append(names, name, name+fileSuffix)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// checkEnvironment rejects unknown variables with the API's prefix: a misspelt filter would filter nothing.
func (p program) checkEnvironment() error {
	if p.api.EnvPrefix == "" || p.broken != nil { // without a description its variables are unknown
		return nil //nolint:nilerr // the command reports it
	}
	known := p.variables()
	for _, name := range slices.Sorted(maps.Keys(p.environ)) {
		if p.environ[name] == "" || slices.Contains(known, name) || p.ofCompletion(name) ||
			!strings.HasPrefix(strings.ToUpper(name), p.api.EnvPrefix+"_") {
			continue
		}
		near := nearest(name, known)
		if near == "" {
			return usageError{fmt.Errorf("unknown environment variable %.80s: want %s_ and the name of a flag, such as %s",
				name, p.api.EnvPrefix, p.variable(readOnlyFlag))}
		}
		return usageError{fmt.Errorf("unknown environment variable %.80s; did you mean %s?", name, near)}
	}
	return nil
}

// ofCompletion reports whether cobra reads a variable. Its scripts for fish and PowerShell set the first one.
func (p program) ofCompletion(name string) bool {
	return name == p.variable("active-help") || name == p.variable("completion-descriptions")
}

// suggest returns a question with the nearest known name, or a list of all if none is near.
func suggest(name string, known []string) string {
	if near := nearest(name, known); near != "" {
		return "; did you mean " + near + "?"
	}
	return "; known are " + strings.Join(known, ", ")
}

// nearest returns the known name that is nearest, or "" if none is near. It compares names without the prefix that they
// share.
func nearest(name string, known []string) string {
	folded := make([]string, 0, len(known)+1)
	for _, k := range known {
		folded = append(folded, fold(k))
	}
	shared := sharedPrefix(append(folded, fold(name)))
	short := make(map[string]string, len(known))
	for i, k := range known {
		folded[i] = folded[i][shared:]
		short[folded[i]] = k
	}
	if near := phrase.Nearest(fold(name)[shared:], folded, 1); len(near) > 0 {
		return short[near[0]]
	}
	return ""
}

// fold returns a name in lower case, without dashes and underscores.
func fold(name string) string {
	return strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(name))
}

// sharedPrefix returns the length of the longest common prefix.
func sharedPrefix(names []string) int {
	n := len(names[0])
	for _, name := range names[1:] {
		n = min(n, len(name))
		for names[0][:n] != name[:n] {
			n--
		}
	}
	return n
}
