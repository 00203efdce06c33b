package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

func TestSeedHasTheDomainsOfAnOrganization(t *testing.T) {
	sb := sandbox.New()
	if err := sb.Seed([]byte(`{"organization": [{"id": "org_1", "name": "Acme", "domains": [
		{"object": "organization_domain", "id": "org_domain_1", "domain": "a.example", "state": "verified",
			"organization_id": "org_1"},
		{"domain": "b.example"}
	]}]}`)); err != nil {
		t.Fatal(err)
	}
	shown := list(get(t, sb, "/organizations/org_1")["domains"])
	if len(shown) != 2 || obj(shown[0])["domain"] != "a.example" || obj(shown[0])["state"] != "verified" ||
		obj(shown[1])["domain"] != "b.example" || obj(shown[1])["state"] != "pending" {
		t.Errorf("got the domains %v", shown)
	}
	if got := get(t, sb, "/organization_domains/org_domain_1")["organization_id"]; got != "org_1" {
		t.Errorf("got a domain of %v, want one of org_1", got)
	}
	if got := len(list(get(t, sb, "/organizations?domains=b.example")["data"])); got != 1 {
		t.Errorf("got %d organizations with the domain, want 1", got)
	}
}

func TestSeedRefusesWhatOnlyOneMayHave(t *testing.T) {
	for name, tt := range map[string]struct{ seed, want string }{
		"users of one address": {
			`{"user": [{"id": "user_1", "email": "ada@a.example"}, {"id": "user_2", "email": "Ada@a.example"}]}`,
			`user "user_2": email: user "user_1" has "Ada@a.example" already`,
		},
		"external IDs": {
			`{"organization": [{"id": "org_1", "name": "A", "external_id": "x"}, {"id": "org_2", "name": "A", "external_id": "x"}]}`,
			`organization "org_2": external_id: organization "org_1" has "x" already`,
		},
		"flags of one slug": {
			`{"feature_flag": [{"id": "flag_1", "slug": "beta", "name": "A"}, {"id": "flag_2", "slug": "beta", "name": "B"}]}`,
			`feature_flag "flag_2": slug: feature_flag "flag_1" has "beta" already`,
		},
		"domains of two organizations": {
			`{"organization": [{"id": "org_1", "name": "A", "domains": [{"id": "d_1", "domain": "a.example"}]},
				{"id": "org_2", "name": "B", "domains": [{"id": "d_2", "domain": "a.example"}]}]}`,
			`organization_domain "d_2": domain: organization_domain "d_1" has "a.example" already`,
		},
		"roles of one organization": {
			`{"organization": [{"id": "org_1", "name": "A"}], "role": [
				{"id": "role_1", "slug": "editor", "name": "A", "organization_id": "org_1"},
				{"id": "role_2", "slug": "editor", "name": "B", "organization_id": "org_1"}]}`,
			`role "role_2": slug: role "role_1" has "editor" already`,
		},
		"accounts of one organization": {
			`{"organization": [{"id": "org_1", "name": "A"}],
				"data_integration": [{"slug": "github", "integration_type": "github", "enabled": true}],
				"connected_account": [
					{"id": "a_1", "slug": "github", "organization_id": "org_1", "state": "connected"},
					{"id": "a_2", "slug": "github", "organization_id": "org_1", "state": "connected"}]}`,
			`connected_account "a_2": slug: connected_account "a_1" has "github" already`,
		},
		"resources below another one": {
			`{"organization": [{"id": "org_1", "name": "A"}], "authorization_resource": [
				{"id": "r_1", "resource_type_slug": "workspace", "external_id": "w", "organization_id": "org_1", "name": "W"},
				{"id": "r_2", "resource_type_slug": "project", "external_id": "p", "organization_id": "org_1", "name": "P",
					"parent_resource_id": "r_1"},
				{"id": "r_3", "resource_type_slug": "project", "external_id": "p", "organization_id": "org_1", "name": "P",
					"parent_resource_id": "r_1"}]}`,
			`authorization_resource "r_3": external_id: authorization_resource "r_2" has "p" already`,
		},
		"a domain of another organization": {
			`{"organization": [{"id": "org_1", "name": "A", "domains": [{"domain": "a.example", "organization_id": "org_2"}]}]}`,
			`organization 0: domains 0: organization_id: want that of the organization, or none`,
		},
		"an unknown field of a domain": {
			`{"organization": [{"id": "org_1", "name": "A", "domains": [{"domian": "a.example"}]}]}`,
			`organization 0: domains 0: unknown field "domian": do you mean "domain"?`,
		},
		"no object": {
			`{"organization": [{"id": "org_1", "name": "A", "domains": ["a.example"]}]}`,
			`organization 0: domains 0: want an object`,
		},
	} {
		sb := sandbox.New()
		if err := sb.Seed([]byte(tt.seed)); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %s", name, err, tt.want)
		}
		for _, path := range []string{"/organizations", "/user_management/users", "/feature-flags"} {
			if kept := list(get(t, sb, path)["data"]); len(kept) != 0 {
				t.Errorf("%s: kept %v", name, kept)
			}
		}
	}
}

func TestSeedRefusesWhatSomebodyHasAlready(t *testing.T) {
	sb := sandbox.New()
	create(t, sb, "/user_management/users", fields{"email": "ada@a.example"})
	err := sb.Seed([]byte(`{"user": [{"id": "user_1", "email": "ada@a.example"}]}`))
	if err == nil || !strings.Contains(err.Error(), `user "user_1": email: user "user_`) {
		t.Errorf("got %v, want the user who has the address", err)
	}
	if status := send(t, sb, http.MethodGet, "/user_management/users/user_1", nil).status; status != http.StatusNotFound {
		t.Errorf("got the status %d, want none of the seed to be kept", status)
	}
}

func TestSeedAllowsWhatDiffersByWhatItBelongsTo(t *testing.T) {
	sb := sandbox.New()
	if err := sb.Seed([]byte(`{
		"organization": [{"id": "org_1", "name": "A"}, {"id": "org_2", "name": "A"}],
		"user": [{"id": "user_1", "email": "a@a.example"}, {"id": "user_2", "email": "b@a.example"}],
		"role": [{"slug": "editor", "name": "A"}, {"slug": "editor", "name": "A", "organization_id": "org_1"},
			{"slug": "editor", "name": "A", "organization_id": "org_2"}],
		"data_integration": [{"slug": "github", "integration_type": "github", "enabled": true}],
		"connected_account": [
			{"slug": "github", "user_id": "user_1", "organization_id": "org_1", "state": "connected"},
			{"slug": "github", "user_id": "user_2", "organization_id": "org_1", "state": "connected"},
			{"slug": "github", "user_id": "user_1", "organization_id": "org_2", "state": "connected"},
			{"slug": "github", "organization_id": "org_1", "state": "connected"}
		]
	}`)); err != nil {
		t.Error(err)
	}
}
