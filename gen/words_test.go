package gen_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestSummariesAreShortAndUnique(t *testing.T) {
	t.Parallel()
	const most = 60
	seen := map[string]string{}
	for _, op := range gen.Operations.Operations {
		if n := utf8.RuneCountInString(op.Summary); n == 0 || n > most || strings.HasSuffix(op.Summary, ".") {
			t.Errorf("%s: summary %q of %d characters, want 1 to %d without a full stop", op.ID, op.Summary, n, most)
		}
		if other, taken := seen[strings.ToLower(op.Summary)]; taken {
			t.Errorf("%s: summary %q is that of %s, want one of its own", op.ID, op.Summary, other)
		}
		seen[strings.ToLower(op.Summary)] = op.ID
	}
}

func TestOperationsAndParametersAreDescribed(t *testing.T) {
	t.Parallel()
	for _, op := range gen.Operations.Operations {
		if op.Description == "" || op.Description == op.Summary {
			t.Errorf("%s: description %q, want more than the summary", op.ID, op.Description)
		}
		if strings.Trim(op.Toolset, "abcdefghijklmnopqrstuvwxyz_") != "" || op.Toolset == "" {
			t.Errorf("%s: toolset %q, want a name such as user_management", op.ID, op.Toolset)
		}
		for _, p := range op.Parameters {
			if p.Description == "" {
				t.Errorf("%s: parameter %s has no description", op.ID, p.Name)
			}
		}
	}
}

// What programs need is a fact beside the description: x-id-prefix, deprecated. A description that repeats it would be a
// second source.
func TestDescriptionsRepeatNoFact(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../api.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i, line := range strings.Split(string(document), "\n") {
		if strings.Contains(line, "_…`") {
			t.Errorf("api.yaml:%d: want x-id-prefix in place of %q", i+1, strings.TrimSpace(line))
		}
		if !strings.HasPrefix(line, "#") && strings.Contains(line, "eprecated") && !deprecation.MatchString(line) {
			t.Errorf("api.yaml:%d: want deprecated and x-deprecated-reason in place of %q", i+1, strings.TrimSpace(line))
		}
	}
	prefixed := 0
	for _, op := range gen.Operations.Operations {
		for _, p := range op.Parameters {
			for _, prefix := range p.Schema.IDPrefixes {
				prefixed++
				if !idPrefix.MatchString(prefix) {
					t.Errorf("%s: %s: got the prefix %q, want one such as org_", op.ID, p.Name, prefix)
				}
			}
		}
	}
	if prefixed < 180 {
		t.Errorf("got %d prefixes of parameters, want at least 180", prefixed)
	}
}

var deprecation = regexp.MustCompile(`^ *(deprecated: true|x-deprecated-reason: \S.*)$`)

var idPrefix = regexp.MustCompile(`^[a-z][a-z0-9_]*_$`)

func TestComponentsAndPropertiesAreDescribed(t *testing.T) {
	t.Parallel()
	for i := range gen.Operations.Schemas {
		s := &gen.Operations.Schemas[i]
		if s.Description == "" {
			t.Errorf("component %s has no description", s.Name)
		}
		undescribed(t, s.Name, s)
	}
}

// undescribed reports the properties below a schema that lack a description.
func undescribed(t *testing.T, at string, s *optable.Schema) {
	t.Helper()
	for i := range s.Properties {
		p := &s.Properties[i]
		if p.Schema.Description == "" {
			t.Errorf("property %s.%s has no description", at, p.Name)
		}
		undescribed(t, at+"."+p.Name, p.Schema)
	}
	for _, inner := range []*optable.Schema{s.Items, s.Additional} {
		if inner != nil {
			undescribed(t, at+"[]", inner)
		}
	}
}
