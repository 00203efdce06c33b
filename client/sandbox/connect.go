package sandbox

import (
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

const (
	kindApplication  = "connect_application"
	kindClientSecret = "connect_application_secret"

	fieldApplication = "connect_application_id"
	fieldClient      = "client_id"
)

// listApplications lists the applications of an organization or of all, without those that registered themselves,
// unless they are asked for.
func (c *call) listApplications() (any, error) {
	types := c.values("registration_types", &value.Schema{Types: arrayType})
	if len(types) == 0 {
		types = []string{"authenticated"}
	}
	return c.listOf(c.candidates(c.plan.kind), func(r *record) bool {
		registered := "authenticated"
		if r.fields["was_dynamically_registered"] == true {
			registered = "dynamic"
		}
		return slices.Contains(types, registered) && !r.hidden && c.filtered(r)
	})
}

// completeApplication gives a new application its client ID, and an OAuth application what it has by default. One of a
// third party belongs to an organization.
func (c *call) completeApplication(r *record) error {
	f := r.fields
	f[fieldClient] = c.store.newID("client_", c.now)
	if r.text("application_type") != "oauth" {
		return nil
	}
	registered := f["was_dynamically_registered"] == true
	if f["is_first_party"] == false && f[fieldOrganization] == nil && !registered {
		return c.invalid([]fieldProblem{{fieldOrganization, codeRequired}})
	}
	f["was_dynamically_registered"] = registered
	if f["uses_pkce"] == nil {
		f["uses_pkce"] = false
	}
	uris, _ := f["redirect_uris"].([]any)
	f["redirect_uris"] = defaultURIs(uris)
	return nil
}

// defaultURIs are redirect URIs of which one is the default: the first unless another says that it is.
func defaultURIs(uris []any) []any {
	entries := make([]any, len(uris))
	is := func(v any) bool {
		entry, _ := v.(map[string]any)
		return entry["default"] == true
	}
	some := slices.ContainsFunc(uris, is)
	for i, v := range uris {
		entry, _ := v.(map[string]any)
		entries[i] = map[string]any{"uri": entry["uri"], "default": is(v) || !some && i == 0}
	}
	return entries
}

// createClientSecret makes a secret of an application. Its value is shown once; the hash is kept.
func (c *call) createClientSecret() (any, error) {
	r, err := c.keep(c.plan.kind, c.given(c.plan.kind))
	if err != nil {
		return nil, err
	}
	response := c.view(r, c.plan.answer)
	c.store.set(r, grantSecret, digest(r.text("secret")))
	c.store.unset(r, "secret")
	return response, nil
}
