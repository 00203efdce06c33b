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
