package serve

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// envFlags returns the flags that an environment variable sets if the command line does not.
func envFlags() []string {
	return []string{maxResultFlag, maxElementsFlag, hideFlag, noArgumentsFlag, maxRequestFlag, modeFlag}
}

// variable returns the name of the environment variable for a flag, or "" if the API has no prefix.
func (p program) variable(flag string) string {
	if p.api.EnvPrefix == "" {
		return ""
	}
	return p.api.EnvPrefix + "_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// variables returns the names of all environment variables with an effect.
func (p program) variables() []string {
	flags := append(envFlags(), toolsetsFlag, allowFlag, denyFlag, readOnlyFlag, confirmFlag, confirmKey)
	names := make([]string, 0, len(flags))
	for _, flag := range flags {
		names = append(names, p.variable(flag))
	}
	return names
}

// checkEnvironment rejects unknown variables with the API's prefix: a misspelt filter would filter nothing.
func (p program) checkEnvironment() error {
	if p.api.EnvPrefix == "" {
		return nil
	}
	known := p.variables()
	for _, name := range slices.Sorted(maps.Keys(p.environ)) {
		if p.environ[name] == "" || slices.Contains(known, name) ||
			!strings.HasPrefix(strings.ToUpper(name), p.api.EnvPrefix+"_") {
			continue
		}
		return usageError{fmt.Errorf("unknown environment variable %.80s%s", name, suggest(name, known))}
	}
	return nil
}

// suggest returns a question with the nearest known name, or a list of all if none is near. It compares names without
// the prefix that they share.
func suggest(name string, known []string) string {
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
		return "; did you mean " + short[near[0]] + "?"
	}
	return "; known are " + strings.Join(known, ", ")
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

// setFromEnvironment sets the flags that the command line does not set.
func (p program) setFromEnvironment(cmd *cobra.Command, _ []string) error {
	if err := p.checkEnvironment(); err != nil {
		return err
	}
	for _, name := range envFlags() {
		variable := p.variable(name)
		text := p.getenv(variable)
		if text == "" || cmd.Flags().Lookup(name) == nil || cmd.Flags().Changed(name) {
			continue
		}
		if err := cmd.Flags().Set(name, text); err != nil {
			return usageError{fmt.Errorf("%s: %w", variable, err)}
		}
	}
	return nil
}
