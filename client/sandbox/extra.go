package sandbox

import (
	"net/http"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// extras are what WorkOS serves beside the operations of its description and the endpoints of Connect: the pages of
// portal links and of the links in emails, the links of passwordless sessions, what the runtime clients of feature
// flags poll and what the command line of WorkOS sets, the page that stands in place of a provider of Pipes, and what
// the pages of WithInteractive post to.
func extras() []optable.Operation {
	anything := &optable.Schema{Types: optable.Object, Additional: &optable.Schema{}}
	public := []optable.Requirement{{}}
	query := func(name string) optable.Parameter {
		return optable.Parameter{
			Name: name, In: optable.InQuery, Required: true, Schema: &optable.Schema{Types: optable.String},
		}
	}
	return []optable.Operation{
		{
			ID: extraFlags, Method: http.MethodGet, Path: "/sdk/feature-flags",
			Responses: []optable.Response{{Status: http.StatusOK, Schema: anything}},
		},
		{
			ID: extraConnect, Method: http.MethodGet, Path: "/data-integrations/{slug}/connect", Security: public,
			Parameters: []optable.Parameter{
				{
					Name: "slug", In: optable.InPath, Required: true, Names: "data_integration.slug",
					Schema: &optable.Schema{Types: optable.String},
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
			ID: extraInvite, Method: http.MethodGet, Path: invitePath, Security: public,
			Parameters: []optable.Parameter{query(fieldInvited)}, Responses: []optable.Response{{Status: http.StatusOK}},
		},
		{
			ID: extraAccept, Method: http.MethodPost, Path: invitePath, Security: public,
			Body:      formOf(fieldInvited, fieldNewPassword),
			Responses: []optable.Response{{Status: http.StatusOK}},
		},
		{
			ID: extraReset, Method: http.MethodGet, Path: resetPath, Security: public,
			Parameters: []optable.Parameter{query("token")}, Responses: []optable.Response{{Status: http.StatusOK}},
		},
		{
			ID: extraSet, Method: http.MethodPost, Path: resetPath, Security: public,
			Body:      formOf("token", fieldNewPassword),
			Responses: []optable.Response{{Status: http.StatusOK}},
		},
		{
			ID: extraHomepage, Method: http.MethodPut, Path: homepagePath,
			Body:      formOf("url"),
			Responses: []optable.Response{{Status: http.StatusNoContent}},
		},
		{
			ID: extraForm, Method: http.MethodPost, Path: formPath, Security: public,
			Body:      formOf(fieldForm, "step"),
			Responses: []optable.Response{{Status: http.StatusSeeOther}},
		},
	}
}

// formOf is a body with these texts and anything else.
//
//go:noinline
func formOf(names ...string) *optable.Body {
	s := &optable.Schema{Types: optable.Object, Additional: &optable.Schema{}}
	for _, name := range names {
		s.Properties = append(s.Properties, optable.Property{Name: name, Schema: &optable.Schema{Types: optable.String}})
	}
	return &optable.Body{Required: true, Schema: s}
}

// The IDs of what WorkOS serves beside its description.
const (
	extraFlags   = "sdk.feature_flags.get"
	extraConnect = "data_integrations.connect.get"
	extraForm    = "user_management.authorize.form.create"
	extraPortal  = "portal.launch.get"

	extraPasswordless = "passwordless.confirm.get"

	extraHomepage = "user_management.app_homepage_url.update"

	extraInvite = "user_management.invite.get"
	extraAccept = "user_management.invite.create"
	extraReset  = "user_management.reset_password.get"
	extraSet    = "user_management.reset_password.create"
)

// withExtras adds them to a table and its routes.
func withExtras(table *optable.Table, routes []optable.Route) (*optable.Table, []optable.Route) {
	more, added := *table, append(extras(), connectExtras()...)
	more.Operations = append(append([]optable.Operation{}, table.Operations...), added...)
	routes = append([]optable.Route{}, routes...)
	for _, op := range added {
		routes = append(routes, optable.Route{ID: op.ID, Method: op.Method, Path: op.Path})
	}
	return &more, routes
}
