//go:build e2e

package sandbox_test

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// TestE2EEveryOperationRunsThroughTheTree calls each operation of a server that speaks the WorkOS API over the network,
// such as the emulator that .ci/run starts. What it does not serve is counted. What it serves must end in a decoded
// answer or in an error of the API, such as one about a thing that is not there.
func TestE2EEveryOperationRunsThroughTheTree(t *testing.T) {
	c, err := client.New(setting(t, "WORKOS_E2E_KEY"), client.WithBaseURL(setting(t, "WORKOS_E2E_URL")),
		client.WithAccessToken("acc3ss"),
		client.WithPlatformToken(func(context.Context) (string, error) { return "pl4tform", nil }))
	if err != nil {
		t.Fatal(err)
	}
	methods, w := treeMethods(t), e2eWorld(t)
	var succeeded, refused, absent []string
	for _, op := range deletesLast() {
		name := methods[op.ID][0]
		method := treeMethod(reflect.ValueOf(c).Elem(), name)
		out := method.Call(treeArguments(t, w, op, method.Type()))
		err, _ := reflect.TypeAssert[error](out[len(out)-1])
		var failed *client.Error
		switch {
		case err == nil:
			succeeded = append(succeeded, op.ID)
		case !errors.As(err, &failed) || errors.Is(err, client.ErrServer) || errors.Is(err, client.ErrInvalidResponse):
			t.Errorf("%s: %v", op.ID, err)
		case failed.StatusCode == http.StatusNotFound && failed.Message == "Not Found":
			absent = append(absent, op.ID)
		default:
			refused = append(refused, op.ID)
			t.Logf("%s: %v", op.ID, err)
		}
	}
	t.Logf("%d operations: %d succeeded, %d were refused, %d are not served: %s", len(gen.Operations.Operations),
		len(succeeded), len(refused), len(absent), strings.Join(absent, " "))
	if served := len(succeeded) + len(refused); served < 100 || len(succeeded) < 70 {
		t.Errorf("%d operations are served and %d succeeded; the emulator serves more than that", served, len(succeeded))
	}
}

// deletesLast are all operations, those that take away what others need at the end.
func deletesLast() []*optable.Operation {
	var list []*optable.Operation
	for i := range gen.Operations.Operations {
		list = append(list, &gen.Operations.Operations[i])
	}
	slices.SortStableFunc(list, func(a, b *optable.Operation) int {
		return cmp.Compare(strings.Count(a.Method, "DELETE"), strings.Count(b.Method, "DELETE"))
	})
	return list
}

// e2eWorld makes one of each thing that the server can make.
func e2eWorld(t *testing.T) world {
	t.Helper()
	w := world{pointers: map[string]string{}, paths: map[string]string{}, bodies: map[string]fields{}}
	create := func(path string, body fields, pointers ...string) string {
		id := str(e2ePost(t, path, body)["id"])
		for _, p := range pointers {
			w.pointers[p] = id
		}
		return id
	}
	unique := strings.ToLower(rand.Text())
	email := unique + "@example.com"
	org := create("/organizations", fields{"name": "Acme", "external_id": unique}, "organizationId", "organization_id",
		"organization", "resourceId")
	user := create("/user_management/users", fields{"email": email}, "user_id", "userId", "userlandUserId")
	om := create("/user_management/organization_memberships", fields{"user_id": user, "organization_id": org},
		"organization_membership_id", "omId")
	slug := strings.ToLower(unique)
	create("/authorization/permissions", fields{"slug": slug, "name": "Read"})
	create("/authorization/roles", fields{"slug": slug, "name": "Reader"})
	maps.Copy(w.pointers, map[string]string{
		"permissionSlug": slug, "permission_slug": slug, "role_slug": slug, "email": unique + "2@example.com",
		"redirect_uri": "http://localhost/cb", "response_type": "code", "client_id": "client_1", "clientId": "client_1",
		"type": "ip_address", "action": "block", "session_id": "session_1",
	})
	maps.Copy(w.paths, map[string]string{
		"organizations": org, "users": user, "organization_memberships": om, "roles": slug, "permissions": slug,
		"invitations": create("/user_management/invitations", fields{"email": unique + "3@example.com"}),
		"factors":     create("/auth/factors/enroll", fields{"type": "totp"}),
		"api_keys":    create("/organizations/"+org+"/api_keys", fields{"name": "CI"}),
		"groups":      create("/organizations/"+org+"/groups", fields{"name": "Staff"}, "groupId", "group_id"),
		"webhook_endpoints": create("/webhook_endpoints", fields{"endpoint_url": "https://a.example.com/" + unique,
			"events": []string{"user.created"}}),
		"organization_domains": create("/organization_domains", fields{"domain": unique + ".example.com",
			"organization_id": org}),
		"magic_auth":     create("/user_management/magic_auth", fields{"email": email}),
		"password_reset": create("/user_management/password_reset", fields{"email": email}),
		"redirect_uris":  create("/user_management/redirect_uris", fields{"uri": "https://" + unique + ".example.com"}),
		"applications": create("/connect/applications", fields{
			"name": "App", "application_type": "m2m", "organization_id": org,
		}),
	})
	for _, op := range gen.Operations.Operations { // every other thing is one that is not there
		for part := range strings.SplitSeq(op.Path, "/") {
			if name, ok := strings.CutPrefix(part, "{"); ok && w.pointers[strings.TrimSuffix(name, "}")] == "" {
				w.pointers[strings.TrimSuffix(name, "}")] = "missing_01"
			}
		}
		for i, part := range strings.Split(op.Path, "/") {
			collection := strings.Split(op.Path, "/")[max(0, i-1)]
			if strings.HasPrefix(part, "{") && w.paths[collection] == "" {
				w.paths[collection] = "missing_01"
			}
		}
	}
	return w
}

func e2ePost(t *testing.T, path string, body fields) fields {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, setting(t, "WORKOS_E2E_URL")+path,
		bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+setting(t, "WORKOS_E2E_KEY"))
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	made := fields{}
	_ = json.NewDecoder(resp.Body).Decode(&made) // what cannot be made is missing
	return made
}

func setting(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set; the end-to-end tests need a server", name)
	}
	return value
}
