package sandbox_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// What is asked for with a key is done to the environment of that key, and to no other.
func TestTenantsAreSeededAndResetByThemselves(t *testing.T) {
	t.Parallel()
	sb := sandbox.New(sandbox.WithSeed(1))
	const seed = `{"organization": [{"id": "org_1", "name": "Acme"}], "user": [{"id": "user_1", "email": "ada@acme.com"}]}`
	one, two := sb.Tenant("sk_one"), sb.Tenant("sk_two")
	for _, tenant := range []sandbox.Tenant{one, two} {
		if err := tenant.Seed([]byte(seed)); err != nil {
			t.Fatal(err)
		}
	}
	if err := two.Seed([]byte(seed)); err == nil || !strings.Contains(err.Error(), "already exists") {
		t.Errorf("the same again: got %v, want a refusal", err)
	}
	if a := sendAs(t, sb, "sk_two", "POST", "/user_management/magic_auth", fields{"email": "ada@acme.com"}); a.status != 201 {
		t.Fatalf("got %d %s, want a code sent", a.status, a.text)
	}
	if a, b := len(one.Outbox()), len(two.Outbox()); a != 0 || b != 1 {
		t.Errorf("got %d and %d messages, want one of the second key", a, b)
	}
	for _, c := range []struct {
		key, method, path string
		body              any
		status            int
		want              string
	}{
		{"sk_one", "GET", "/_sandbox/tenant/outbox", nil, 200, "[]"},
		{"sk_two", "GET", "/_sandbox/tenant/outbox", nil, 200, `"to":"ada@acme.com"`},
		{"ada", "POST", "/_sandbox/tenant/reset", nil, 401, "Unauthorized"},
		{"sk_two", "GET", "/_sandbox/tenant/reset", nil, 404, "No such path"},
		{"sk_two", "GET", "/organizations/org_1", nil, 200, "Acme"},
		{"sk_two", "POST", "/_sandbox/tenant/reset", nil, 204, ""},
		{"sk_two", "GET", "/organizations/org_1", nil, 404, ""},
		{"sk_one", "GET", "/organizations/org_1", nil, 200, "Acme"},
		{"sk_two", "POST", "/_sandbox/tenant/seed", seed, 204, ""},
		{"sk_two", "POST", "/_sandbox/tenant/seed", seed, 400, "already exists"},
		{"sk_two", "GET", "/user_management/users/user_1", nil, 200, "ada@acme.com"},
	} {
		if a := sendAs(t, sb, c.key, c.method, c.path, c.body); a.status != c.status || !strings.Contains(a.text, c.want) {
			t.Errorf("%s %s %s: got %d %s, want %d %s", c.key, c.method, c.path, a.status, a.text, c.status, c.want)
		}
	}
}

// A reset of one environment is written to the file of the state as well.
func TestResetOfATenantOutlivesTheProgram(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state.json")
	sb := open(t, file)
	for _, key := range []string{"sk_one", "sk_two"} {
		sendAs(t, sb, key, "POST", "/organizations", fields{"name": "Acme"})
	}
	if err := sb.Tenant("sk_one").Reset(); err != nil {
		t.Fatal(err)
	}
	if err := sb.Close(); err != nil {
		t.Fatal(err)
	}
	sb = open(t, file)
	for key, want := range map[string]int{"sk_one": 0, "sk_two": 1} {
		if got := len(list(sendAs(t, sb, key, "GET", "/organizations", nil).json["data"])); got != want {
			t.Errorf("%s: got %d organizations, want %d", key, got, want)
		}
	}
}
