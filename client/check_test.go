package client_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

const isNil = "is nil: want a value, which may be empty"

func TestInvalidRequestsAreNotSent(t *testing.T) {
	for _, c := range []struct {
		name, field, reason string
		call                func(c *client.Client) error
	}{
		{"limit below the minimum", "limit", "is 0: want 1 to 100", func(c *client.Client) error {
			_, err := c.Organizations.List(t.Context(), &client.OrganizationsListParams{Limit: new(0)})
			return err
		}},
		{"limit above the maximum", "limit", "is 101: want 1 to 100", func(c *client.Client) error {
			_, err := c.Organizations.List(t.Context(), &client.OrganizationsListParams{Limit: new(101)})
			return err
		}},
		{"limit of an iterator", "limit", "is -1: want 1 to 100", func(c *client.Client) error {
			for _, err := range c.Organizations.All(t.Context(), &client.OrganizationsListParams{Limit: new(-1)}) {
				return err
			}
			return nil
		}},
		{"enum of a query", "order", `is not a known value: "up"`, func(c *client.Client) error {
			_, err := c.Organizations.List(t.Context(),
				&client.OrganizationsListParams{Order: new(client.SortOrder("up"))})
			return err
		}},
		{"enum of a list in a query", "statuses[1]", `is not a known value: "gone"`, func(c *client.Client) error {
			_, err := c.UserManagement.OrganizationMemberships.List(t.Context(),
				&client.UserManagementOrganizationMembershipsListParams{
					Statuses: []client.OrganizationMembershipStatus{client.OrganizationMembershipStatusActive, "gone"},
				})
			return err
		}},
		{"enum of a body", "domain_data[1].state", `is not a known value: "maybe"`, func(c *client.Client) error {
			_, err := c.Organizations.Create(t.Context(), client.CreateOrganization{
				Name: "Acme", DomainData: []client.OrganizationDomainData{
					{Domain: "a.example", State: client.OrganizationDomainDataStateVerified}, {Domain: "b.example", State: "maybe"},
				},
			})
			return err
		}},
		{"empty path value", "id", `is "", which would address another endpoint`, func(c *client.Client) error {
			return c.Organizations.Delete(t.Context(), "")
		}},
		{"empty required parameter", "redirect_uri", "is required", func(c *client.Client) error {
			_, err := c.SSO.Authorize.Get(t.Context(), &client.SSOAuthorizeGetParams{ClientID: "client_1"})
			return err
		}},
		{"empty required list", "events", "is required", func(c *client.Client) error {
			_, err := c.Events.List(t.Context(), &client.EventsListParams{Events: []string{}})
			return err
		}},
		{"union without a variant", "body", "is null: set a variant of the union with one of its From… methods", func(
			c *client.Client) error {
			_, err := c.UserManagement.Authenticate(t.Context(), client.Authenticate{})
			return err
		}},
		{"nil list that is required", "permissions", isNil, func(c *client.Client) error {
			_, err := c.Authorization.Roles.Permissions.Update(t.Context(), "viewer", client.SetRolePermissions{})
			return err
		}},
		{"nil list in an object", "event.targets", isNil, func(c *client.Client) error {
			_, err := c.AuditLogs.Events.Create(t.Context(), client.CreateAuditLogEvent{})
			return err
		}},
		{"nil map that is required", "context", isNil, func(c *client.Client) error {
			_, err := c.Vault.Keys.CreateDataKey(t.Context(), client.CreateDataKey{})
			return err
		}},
		{"two variants", "password_hash", "cannot go together with password", func(c *client.Client) error {
			_, err := c.UserManagement.Users.Create(t.Context(), client.CreateUser{
				Email: "a@example.com", Password: client.Value("secret"), PasswordHash: new("hash"),
			})
			return err
		}},
		{
			"half of a variant", "password_hash_type",
			"is required together with the rest of password_hash, password_hash_type, password_salt_position",
			func(c *client.Client) error {
				_, err := c.UserManagement.Users.Create(t.Context(), client.CreateUser{
					Email: "a@example.com", PasswordHash: new("hash"),
				})
				return err
			},
		},
		{
			"no variant", "retention_period", "is required, or instead of it retention_period_in_days",
			func(c *client.Client) error {
				_, err := c.Organizations.AuditLogsRetention.Update(t.Context(), "org_1", client.UpdateAuditLogsRetention{})
				return err
			},
		},
		{"variant of parameters", "parent_resource_type_slug", "cannot go together with parent_resource_id", func(
			c *client.Client) error {
			_, err := c.Authorization.Resources.List(t.Context(), &client.AuthorizationResourcesListParams{
				ParentResourceID: new("r"), ParentResourceTypeSlug: new("s"), ParentExternalID: new("e"),
			})
			return err
		}},
		{"variant by an option", "password", "", func(c *client.Client) error {
			_, err := c.UserManagement.Users.Create(t.Context(), client.CreateUser{Email: "a@example.com"},
				client.WithBodyField("password_hash", "h"), client.WithBodyField("password_hash_type", "bcrypt"),
				client.WithBodyField("password", "x"))
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWire(respondJSON(http.StatusOK, `{}`))
			err := c.call(newClient(t, testKey, w.option(), client.WithAccessToken(testToken)))
			var invalid *client.InvalidRequestError
			switch {
			case !errors.Is(err, client.ErrInvalidRequest) || !errors.As(err, &invalid):
				t.Errorf("got %v, want an InvalidRequestError", err)
			case c.reason != "" && (invalid.Field != c.field || invalid.Reason != c.reason):
				t.Errorf("got %q %q, want %q %q", invalid.Field, invalid.Reason, c.field, c.reason)
			}
			if len(w.sent) > 0 {
				t.Errorf("sent %d requests, want none", len(w.sent))
			}
		})
	}
}

func TestValidRequestsPassTheChecks(t *testing.T) {
	for name, call := range map[string]func(c *client.Client){
		"limits": func(c *client.Client) {
			_, _ = c.Organizations.List(t.Context(), &client.OrganizationsListParams{Limit: new(1)})
		},
		"the highest limit": func(c *client.Client) {
			_, _ = c.Organizations.List(t.Context(), &client.OrganizationsListParams{Limit: new(100)})
		},
		"no variant of an optional group": func(c *client.Client) {
			_, _ = c.UserManagement.Users.Create(t.Context(), client.CreateUser{Email: "a@example.com"})
		},
		"a variant without its optional part": func(c *client.Client) {
			_, _ = c.UserManagement.Users.Create(t.Context(), client.CreateUser{
				Email: "a@example.com", PasswordHash: new("h"), PasswordHashType: new(gen.PasswordHashTypeBcrypt),
			})
		},
		"a required variant by an option": func(c *client.Client) {
			_, _ = c.Organizations.AuditLogsRetention.Update(t.Context(), "org_1", client.UpdateAuditLogsRetention{},
				client.WithBodyField("retention_period_in_days", 30))
		},
		"an empty list": func(c *client.Client) {
			_, _ = c.Authorization.Roles.Permissions.Update(t.Context(), "viewer",
				client.SetRolePermissions{Permissions: []string{}})
		},
		"a nil list of the caller's own type": func(c *client.Client) {
			own := struct {
				List []string `json:"list"`
			}{}
			_, _ = c.AuditLogs.Events.Create(t.Context(), client.CreateAuditLogEvent{Event: client.AuditLogEvent{
				Targets: []client.AuditLogEventTarget{}, Metadata: map[string]any{"own": own},
			}})
		},
		"a new value by an option": func(c *client.Client) {
			_, _ = c.Organizations.List(t.Context(), nil, client.WithQuery("order", "up"))
		},
	} {
		w := newWire(respondJSON(http.StatusOK, `{"data":[],"list_metadata":{}}`))
		call(newClient(t, testKey, w.option()))
		if len(w.sent) != 1 {
			t.Errorf("%s: sent %d requests, want one", name, len(w.sent))
		}
	}
}
