package sandbox

import (
	"net/http"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// extras are what WorkOS serves beside the operations of its description: the token endpoint and the keys of Connect,
// the pages of portal links, the links of passwordless sessions, what the runtime clients of feature flags poll, the
// page that stands in place of a provider of Pipes, and what the pages of WithInteractive post to.
func extras() []optable.Operation {
	texts := func(names ...string) *optable.Schema {
		s := &optable.Schema{Types: optable.Object, Additional: &optable.Schema{}}
		for _, name := range names {
			s.Properties = append(s.Properties, optable.Property{Name: name, Schema: optable.Schema{Types: optable.String}})
		}
		return s
	}
	anything := &optable.Schema{Types: optable.Object, Additional: &optable.Schema{}}
	public := []optable.Requirement{{}}
	query := func(name string) optable.Parameter {
		return optable.Parameter{
			Name: name, In: optable.InQuery, Required: true, Schema: optable.Schema{Types: optable.String},
		}
	}
	return []optable.Operation{
		{
			ID: extraToken, Method: http.MethodPost, Path: "/oauth2/token", Security: public,
			Body:       &optable.Body{Required: true, Schema: *texts("grant_type", "client_id", "client_secret", "scope")},
			Responses:  []optable.Response{{Status: http.StatusOK, Schema: anything}},
			Extensions: []optable.Extension{{Name: "x-errors", JSON: `{"400": []}`}},
		},
		{
			ID: extraJWKS, Method: http.MethodGet, Path: "/oauth2/jwks", Security: public,
			Responses: []optable.Response{{Status: http.StatusOK, Schema: anything}},
		},
		{
			ID: extraFlags, Method: http.MethodGet, Path: "/sdk/feature-flags",
			Responses: []optable.Response{{Status: http.StatusOK, Schema: anything}},
		},
		{
			ID: extraConnect, Method: http.MethodGet, Path: "/data-integrations/{slug}/connect", Security: public,
			Parameters: []optable.Parameter{
				{
					Name: "slug", In: optable.InPath, Required: true, Names: "data_integration.slug",
					Schema: optable.Schema{Types: optable.String},
				},
				query("state"),
			},
			Responses: []optable.Response{{Status: http.StatusFound}},
		},
		{
			ID: extraPortal, Method: http.MethodGet, Path: portalPath, Security: public,
			Parameters: []optable.Parameter{query(fieldSecret)}, Responses: []optable.Response{{Status: http.StatusOK}},
		},
		{
			ID: extraPasswordless, Method: http.MethodGet, Path: passwordlessPath, Security: public,
			Parameters: []optable.Parameter{query("token")}, Responses: []optable.Response{{Status: http.StatusFound}},
		},
		{
			ID: extraForm, Method: http.MethodPost, Path: formPath, Security: public,
			Body:      &optable.Body{Required: true, Schema: *texts(fieldForm, "step")},
			Responses: []optable.Response{{Status: http.StatusSeeOther}},
		},
	}
}

// The IDs of what WorkOS serves beside its description.
const (
	extraToken   = "oauth2.token.create" //nolint:gosec // the name of an operation
	extraJWKS    = "oauth2.jwks.get"
	extraFlags   = "sdk.feature_flags.get"
	extraConnect = "data_integrations.connect.get"
	extraForm    = "user_management.authorize.form.create"
	extraPortal  = "portal.launch.get"

	extraPasswordless = "passwordless.confirm.get"
)

// withExtras adds them to a table and its routes.
func withExtras(table *optable.Table, routes []optable.Route) (*optable.Table, []optable.Route) {
	more := *table
	more.Operations = append(append([]optable.Operation{}, table.Operations...), extras()...)
	routes = append([]optable.Route{}, routes...)
	for _, op := range extras() {
		routes = append(routes, optable.Route{ID: op.ID, Method: op.Method, Path: op.Path})
	}
	return &more, routes
}
