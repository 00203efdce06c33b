package sandbox

import (
	"fmt"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// What is shown without a check has to be what the check would have let pass.
func TestTextsThatFitAreValidAndInForm(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", "a", "active", `"active"`, `a"b`, "ä", "pending", "ada@example.com", "https://example.com/", "Okta SAML",
		"2026-01-02T03:04:05.678Z", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678+01:00", "2026-1-02T03:04:05.6789Z",
		"2026-01-02t03:04:05.678z", "2026-01-02T03:04:05,678Z", "8f14e45f-ceea-467f-a0e6-9f6c1d2b3a45",
	}
	for n := range 100 {
		for _, form := range []string{
			"2026-%02d-01T00:00:00.000Z", "2026-02-%02dT00:00:00.000Z", "2026-01-01T%02d:00:00.000Z",
			"2026-01-01T00:%02d:00.000Z", "2026-01-01T00:00:%02d.000Z", "%04d-12-28T23:59:59.999Z",
		} {
			texts = append(texts, fmt.Sprintf(form, n))
		}
	}
	fast := 0
	for s := range schemasOf(api()) {
		for _, v := range texts {
			if !fits(s, v) {
				continue
			}
			fast++
			if problems := check("", s, v); problems != nil || normalTime(s, v) != v {
				t.Errorf("%q fits %q (format %q, enum %v), but gets %v and is written %q", v, s.Name, s.Format, s.Enum, problems,
					normalTime(s, v))
			}
		}
	}
	if fast == 0 {
		t.Error("no text fits without a check")
	}
}

// schemasOf are those of all views.
func schemasOf(ix *index) map[*value.Schema]bool {
	found := map[*value.Schema]bool{}
	var add func(s *value.Schema)
	add = func(s *value.Schema) {
		if s == nil || found[s] {
			return
		}
		found[s] = true
		add(s.Items)
		for _, p := range s.Properties {
			add(p.Schema)
		}
	}
	for _, k := range ix.order {
		for _, v := range k.views {
			add(v)
		}
	}
	return found
}
