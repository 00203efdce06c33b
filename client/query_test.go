package client_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestListParameterIsSentWithCommas(t *testing.T) {
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
	_, _ = newClient(t, testKey, w.option()).Events.List(t.Context(), &gen.EventsListParams{
		Events: []string{"user.created", "user.updated"},
	})
	if got, want := w.sent[0].URL.RawQuery, "events=user.created,user.updated"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestParameterIsSentOnlyIfItIsGiven(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678, time.FixedZone("", 3600))
	for want, params := range map[string]any{
		"":                               (*gen.OrganizationsListParams)(nil),
		"search=":                        &gen.OrganizationsListParams{Search: new("")},
		"search=a%26b%3Dc+d%2B%2C%C3%A9": &gen.OrganizationsListParams{Search: new("a&b=c d+,é")},
		"limit=1":                        &gen.OrganizationsListParams{Limit: new(1)},
		"limit=100":                      &gen.OrganizationsListParams{Limit: new(100)},
		"domains=":                       &gen.OrganizationsListParams{Domains: []string{}},
		"domains=a":                      &gen.OrganizationsListParams{Domains: []string{"a"}},
		"domains=a,b,c":                  &gen.OrganizationsListParams{Domains: []string{"a", "b", "c"}},
		"domains=,":                      &gen.OrganizationsListParams{Domains: []string{"", ""}},
		"domains=a%2Cb,%26":              &gen.OrganizationsListParams{Domains: []string{"a,b", "&"}},
		"search=a&limit=1":               &gen.OrganizationsListParams{Search: new("a"), Limit: new(1)},
		"domains=a&search=b&after=c&order=desc": &gen.OrganizationsListParams{Domains: []string{"a"}, Search: new("b"),
			After: new("c"), Order: ptr(gen.SortOrderDesc)},
		"cascade_delete=true":  &gen.AuthorizationResourcesDeleteParams{CascadeDelete: new(true)},
		"cascade_delete=false": &gen.AuthorizationResourcesDeleteParams{CascadeDelete: new(false)},
		" ":                    &gen.AuthorizationResourcesDeleteParams{},
		"updatedAfter=2026-01-02T03%3A04%3A05.000000678%2B01%3A00": &gen.VaultKVListParams{UpdatedAfter: &at},
	} {
		req := sentBy(t, func(c *client.Client) {
			switch params := params.(type) {
			case *gen.OrganizationsListParams:
				_, _ = c.Organizations.List(t.Context(), params)
			case *gen.AuthorizationResourcesDeleteParams:
				_ = c.Authorization.Resources.Delete(t.Context(), "res_01", params)
			case *gen.VaultKVListParams:
				_, _ = c.Vault.KV.List(t.Context(), params)
			}
		})
		if got := req.URL.RawQuery; got != want && want != " " || want == " " && got != "" {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestMapParameterIsSentInTheOrderOfItsKeys(t *testing.T) {
	const rest = "&redirect_uri=https%3A%2F%2Fa.example&response_type=code"
	for want, given := range map[string]map[string]string{
		"": nil, " ": {}, "provider_query_params[a]=1&": {"a": "1"},
		"provider_query_params[a]=1&provider_query_params[b]=&provider_query_params[c]=3&": {"c": "3", "a": "1", "b": ""},
		"provider_query_params[a%5B%5D%26]=b%3Dc&":                                         {"a[]&": "b=c"},
	} {
		req := sentBy(t, func(c *client.Client) {
			_, _ = c.SSO.Authorize.Get(t.Context(), &gen.SSOAuthorizeGetParams{
				ClientID: "c", RedirectURI: "https://a.example", ResponseType: "code", ProviderQueryParams: given,
			})
		})
		if want == " " {
			want = ""
		}
		if got := req.URL.RawQuery; got != want+"client_id=c"+rest {
			t.Errorf("got %s, want %s", got, want+"client_id=c"+rest)
		}
	}
}

func TestParametersThatAreNeededAreNamed(t *testing.T) {
	for want, call := range map[string]func(c *client.Client) error{
		"sso.authorize.get: invalid request: client_id is required": func(
			c *client.Client) error {
			_, err := c.SSO.Authorize.Get(t.Context(), nil)
			return err
		},
		"sso.logout.get: invalid request: token is required": func(c *client.Client) error {
			_, err := c.SSO.Logout.Get(t.Context(), nil)
			return err
		},
		`organizations.get: invalid request: id is "", which would address another endpoint`: func(c *client.Client) error {
			_, err := c.Organizations.Get(t.Context(), "")
			return err
		},
		`organizations.delete: invalid request: id is ".", which would address another endpoint`: func(
			c *client.Client) error {
			return c.Organizations.Delete(t.Context(), ".")
		},
		`organizations.delete: invalid request: id is "..", which would address another endpoint`: func(
			c *client.Client) error {
			return c.Organizations.Delete(t.Context(), "..")
		},
		`vault.kv.metadata.get: invalid request: id is "name", which would address another endpoint`: func(
			c *client.Client) error {
			_, err := c.Vault.KV.Metadata.Get(t.Context(), "name")
			return err
		},
		"audit_logs.events.create: body: json: unsupported type: func()": func(c *client.Client) error {
			_, err := c.AuditLogs.Events.Create(t.Context(), gen.CreateAuditLogEvent{
				Event: gen.AuditLogEvent{
					Targets: []gen.AuditLogEventTarget{}, Metadata: map[string]any{"a": func() {}},
				},
			})
			return err
		},
		"user_management.authenticate.create: invalid request: body is null: set a variant of the union with one of its From… methods": func(
			c *client.Client) error {
			_, err := c.UserManagement.Authenticate(t.Context(), gen.Authenticate{})
			return err
		},
	} {
		if err := refused(t, call); fmt.Sprint(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestRequiredParametersMustBeGiven(t *testing.T) {
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
	c := newClient(t, testKey, w.option())
	_, err := c.Authorization.Resources.OrganizationMemberships.List(t.Context(), "res_01", nil)
	if err == nil || !strings.Contains(err.Error(), "permission_slug is required") || len(w.sent) != 0 {
		t.Errorf("got %v and %d requests, want an error that names permission_slug, and none", err, len(w.sent))
	}
}
