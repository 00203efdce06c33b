package sandbox_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

func get(t *testing.T, sb *sandbox.Sandbox, path string) fields {
	t.Helper()
	return must(t, sb, http.StatusOK, http.MethodGet, path, nil)
}

func TestSameThingIsFoundByAllItsNames(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme", "external_id": "a/b c"})
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com", "external_id": "ada"})
	invitation := must(t, sb, http.StatusCreated, "POST", "/user_management/invitations", fields{"email": "b@example.com"})
	resource := create(t, sb, "/authorization/resources",
		fields{"external_id": "d1", "name": "D", "resource_type_slug": "doc", "organization_id": org})
	object := create(t, sb, "/vault/v1/kv", fields{"key_context": fields{}, "name": "card", "value": "4242"})
	for path, id := range map[string]string{
		"/organizations/external_id/a%2Fb%20c":                              org,
		"/user_management/users/external_id/ada":                            user,
		"/user_management/invitations/by_token/" + str(invitation["token"]): str(invitation["id"]),
		"/authorization/organizations/" + org + "/resources/doc/d1":         resource,
		"/vault/v1/kv/name/card":                                            object,
		"/vault/v1/kv/" + object + "/metadata":                              object,
	} {
		if got := get(t, sb, path)["id"]; got != id {
			t.Errorf("GET %s: got %v, want %s", path, got, id)
		}
	}
	must(t, sb, http.StatusOK, "PUT", "/organizations/"+org, fields{"external_id": "new"})
	refused(t, sb, http.StatusNotFound, "GET", "/organizations/external_id/a%2Fb%20c", nil)
	must(t, sb, http.StatusOK, "GET", "/organizations/external_id/new", nil)
}

func TestChildrenGoWithTheirParent(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	om := create(t, sb, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
	group := create(t, sb, "/organizations/"+org+"/groups", fields{"name": "G"})
	key := create(t, sb, "/organizations/"+org+"/api_keys", fields{"name": "K"})
	create(t, sb, "/authorization/organizations/"+org+"/roles", fields{"slug": "org-r", "name": "R"})
	assignment := create(t, sb, "/authorization/groups/"+group+"/role_assignments", fields{"role_slug": "org-r"})
	must(t, sb, http.StatusAccepted, "DELETE", "/organizations/"+org, nil)
	for _, path := range []string{
		"GET /user_management/organization_memberships/" + om,
		"GET /organizations/" + org + "/groups/" + group,
		"DELETE /api_keys/" + key,
		"GET /authorization/organizations/" + org + "/roles/org-r",
		"GET /authorization/groups/" + group + "/role_assignments/" + assignment,
	} {
		method, path, _ := strings.Cut(path, " ")
		refused(t, sb, http.StatusNotFound, method, path, nil)
	}
	if got := len(pageIDs(get(t, sb, "/user_management/organization_memberships?user_id="+user))); got != 0 {
		t.Errorf("memberships left: got %d, want 0", got)
	}
	get(t, sb, "/user_management/users/"+user)
}

func TestNestedThingsBelongToTheirParent(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	a := create(t, sb, "/organizations", fields{"name": "A"})
	b := create(t, sb, "/organizations", fields{"name": "B"})
	group := create(t, sb, "/organizations/"+a+"/groups", fields{"name": "G"})
	create(t, sb, "/authorization/organizations/"+a+"/roles", fields{"slug": "org-r", "name": "A's"})
	create(t, sb, "/authorization/organizations/"+b+"/roles", fields{"slug": "org-r", "name": "B's"})
	create(t, sb, "/authorization/roles", fields{"slug": "env", "name": "Env"})
	refused(t, sb, http.StatusNotFound, "GET", "/organizations/"+b+"/groups/"+group, nil)
	refused(t, sb, http.StatusNotFound, "GET", "/authorization/roles/org-r", nil)
	refused(t, sb, http.StatusNotFound, "DELETE", "/authorization/organizations/"+a+"/roles/env", nil)
	if got := get(t, sb, "/authorization/organizations/"+b+"/roles/org-r")["name"]; got != "B's" {
		t.Errorf("role of B: got %v", got)
	}
	for path, want := range map[string]int{
		"/organizations/" + b + "/groups":              0,
		"/authorization/roles":                         1,
		"/authorization/organizations/" + a + "/roles": 2,
	} {
		if got := len(pageIDs(get(t, sb, path))); got != want {
			t.Errorf("%s: got %d entries, want %d", path, got, want)
		}
	}
}

func TestOrganizationDomainsAreThingsOfTheirOwn(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := must(t, sb, http.StatusCreated, "POST", "/organizations", fields{
		"name": "Acme", "domain_data": []fields{{"domain": "acme.com", "state": "verified"}},
	})
	domains := list(org["domains"])
	if len(domains) != 1 {
		t.Fatalf("domains: got %v, want one", domains)
	}
	domain := obj(domains[0])
	wantFields(t, domain, fields{"domain": "acme.com", "state": "verified", "organization_id": org["id"]})
	wantFields(t, get(t, sb, "/organization_domains/"+str(domain["id"])), fields{"domain": "acme.com"})

	id := str(org["id"])
	changed := must(t, sb, http.StatusOK, "PUT", "/organizations/"+id, fields{
		"domain_data": []fields{{"domain": "acme.org", "state": "pending"}},
	})
	added := obj(list(changed["domains"])[0])
	wantFields(t, added, fields{"domain": "acme.org", "state": "pending"})
	refused(t, sb, http.StatusNotFound, "GET", "/organization_domains/"+str(domain["id"]), nil)
	verified := must(t, sb, http.StatusCreated, "POST", "/organization_domains/"+str(added["id"])+"/verify", nil)
	wantFields(t, verified, fields{"state": "verified"})
	must(t, sb, http.StatusOK, "PUT", "/organizations/"+id, fields{"name": "Still"})
	if got := len(list(get(t, sb, "/organizations/"+id)["domains"])); got != 1 {
		t.Errorf("domains after another change: got %d, want 1", got)
	}
}

func TestRelationsAreSeenFromBothSides(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	om := create(t, sb, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
	group := create(t, sb, "/organizations/"+org+"/groups", fields{"name": "G"})
	members := "/organizations/" + org + "/groups/" + group + "/organization-memberships"
	groups := "/user_management/organization_memberships/" + om + "/groups"

	wantIDs(t, get(t, sb, members))
	must(t, sb, http.StatusOK, "POST", members, fields{"organization_membership_id": om})
	wantIDs(t, get(t, sb, members), om)
	wantIDs(t, get(t, sb, groups), group)
	must(t, sb, http.StatusNoContent, "DELETE", members+"/"+om, nil)
	refused(t, sb, http.StatusNotFound, "DELETE", members+"/"+om, nil)
	wantIDs(t, get(t, sb, groups))
	get(t, sb, "/user_management/organization_memberships/"+om)

	flags := "/organizations/" + org + "/feature-flags"
	wantIDs(t, get(t, sb, flags))
	must(t, sb, http.StatusNoContent, "POST", "/feature-flags/example/targets/"+org, nil)
	if got := len(pageIDs(get(t, sb, flags))); got != 1 {
		t.Errorf("flags of a target: got %d, want 1", got)
	}
	refused(t, sb, http.StatusNotFound, "POST", "/feature-flags/example/targets/org_none", nil)
	must(t, sb, http.StatusNoContent, "DELETE", "/feature-flags/example/targets/"+org, nil)
	wantIDs(t, get(t, sb, flags))
}

func TestRolesGrantPermissions(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	om := create(t, sb, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
	resource := create(t, sb, "/authorization/resources",
		fields{"external_id": "d1", "name": "D", "resource_type_slug": "doc", "organization_id": org})
	for _, slug := range []string{"doc:read", "doc:write"} {
		create(t, sb, "/authorization/permissions", fields{"slug": slug, "name": slug, "resource_type_slug": "doc"})
	}
	create(t, sb, "/authorization/roles", fields{"slug": "reader", "name": "Reader", "resource_type_slug": "doc"})
	role := "/authorization/roles/reader/permissions"
	wantFields(t, must(t, sb, http.StatusOK, "POST", role, fields{"slug": "doc:read"}),
		fields{"permissions": []string{"doc:read"}})
	refused(t, sb, http.StatusNotFound, "POST", role, fields{"slug": "doc:none"})
	wantFields(t, must(t, sb, http.StatusOK, "PUT", role, fields{"permissions": []string{"doc:write", "doc:read"}}),
		fields{"permissions": []string{"doc:write", "doc:read"}})
	must(t, sb, http.StatusOK, "PUT", role, fields{"permissions": []string{"doc:read"}})

	base := "/authorization/organization_memberships/" + om
	ask := func(permission string) any {
		return must(t, sb, http.StatusOK, "POST", base+"/check",
			fields{"permission_slug": permission, "resource_id": resource})["authorized"]
	}
	if ask("doc:read") != false {
		t.Error("authorized without a role")
	}
	assignment := create(t, sb, base+"/role_assignments",
		fields{"role_slug": "reader", "resource_external_id": "d1", "resource_type_slug": "doc"})
	if ask("doc:read") != true || ask("doc:write") != false {
		t.Error("authorized: want doc:read alone")
	}
	wantIDs(t, get(t, sb, base+"/role_assignments?resource_id="+resource), assignment)
	wantIDs(t, get(t, sb, base+"/role_assignments?resource_external_id=d2&resource_type_slug=doc"))
	wantIDs(t, get(t, sb, base+"/resources?permission_slug=doc:read&parent_resource_id="+org), resource)
	wantIDs(t, get(t, sb, "/authorization/resources/"+resource+"/organization_memberships?permission_slug=doc:read"), om)

	refused(t, sb, http.StatusConflict, "DELETE", "/authorization/resources/"+resource, nil)
	refused(t, sb, http.StatusNotFound, "DELETE", base+"/role_assignments",
		fields{"role_slug": "x", "resource_id": resource})
	must(t, sb, http.StatusNoContent, "DELETE", base+"/role_assignments",
		fields{"role_slug": "reader", "resource_id": resource})
	wantIDs(t, get(t, sb, base+"/role_assignments"))
	must(t, sb, http.StatusNoContent, "DELETE", "/authorization/resources/"+resource, nil)
}

func TestGroupRoleAssignmentsAreReplacedAsAWhole(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	group := create(t, sb, "/organizations/"+org+"/groups", fields{"name": "G"})
	path := "/authorization/groups/" + group + "/role_assignments"
	for _, slug := range []string{"old", "a", "b", "c", "d"} {
		create(t, sb, "/authorization/roles", fields{"slug": slug, "name": slug})
	}
	create(t, sb, path, fields{"role_slug": "old"})
	replaced := must(t, sb, http.StatusOK, "PUT", path,
		fields{"role_assignments": []fields{{"role_slug": "a"}, {"role_slug": "b"}}})
	if got := len(list(replaced["data"])); got != 2 {
		t.Errorf("assignments: got %d, want 2", got)
	}
	refused(t, sb, http.StatusNotFound, "PUT", path, fields{"role_assignments": []fields{
		{"role_slug": "c"}, {"role_slug": "d", "resource_id": "authz_resource_none"},
	}})
	if got := len(pageIDs(get(t, sb, path))); got != 2 {
		t.Errorf("assignments after a refused replacement: got %d, want 2", got)
	}
	must(t, sb, http.StatusNoContent, "DELETE", path, fields{"role_slug": "a"})
	if got := len(pageIDs(get(t, sb, path))); got != 1 {
		t.Errorf("assignments left: got %d, want 1", got)
	}
}

func TestConnectedAccountIsOneThing(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithExamples())
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	create(t, sb, "/data-integrations", fields{"provider": "github"})
	path := "/user_management/users/" + user + "/connected_accounts/github"
	refused(t, sb, http.StatusNotFound, "GET", path, nil)
	refused(t, sb, http.StatusNotFound, "PUT", path, fields{"scopes": []string{"repo"}})
	byKey := must(t, sb, http.StatusOK, "PUT", "/data-integrations/github/api-key",
		fields{"user_id": user, "secret": "secret-1234"})
	wantFields(t, byKey, fields{"auth_method": "api_key", "api_key_last_4": "1234"})
	wantFields(t, get(t, sb, path), fields{"id": byKey["id"]})
	again := must(t, sb, http.StatusOK, "PUT", "/data-integrations/github/api-key",
		fields{"user_id": user, "secret": "secret-5678"})
	wantFields(t, again, fields{"id": byKey["id"], "api_key_last_4": "5678"})
	refused(t, sb, http.StatusConflict, "POST", path, fields{"access_token": "t"})
	wantFields(t, must(t, sb, http.StatusOK, "PUT", path, fields{"scopes": []string{"repo"}}),
		fields{"scopes": []string{"repo"}})
	must(t, sb, http.StatusNoContent, "DELETE", path, nil)
	refused(t, sb, http.StatusNotFound, "GET", path, nil)
}
