package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

func TestPlatformOperationsTakeTheTokenOfAPlatformAlone(t *testing.T) {
	t.Parallel()
	m := newInMemory(t)
	org := create(t, m.sb, "/organizations", fields{"name": "Acme"})
	token := func(scope string) string {
		app := must(t, m.sb, http.StatusCreated, "POST", "/connect/applications", fields{
			"name": "Platform", "application_type": "m2m", "organization_id": org, "scopes": []any{scope},
		})
		secret := must(t, m.sb, http.StatusCreated, "POST", "/connect/applications/"+str(app["id"])+"/client_secrets", fields{})
		return str(must(t, m.sb, http.StatusOK, "POST", "/oauth2/token", fields{
			"grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": secret["secret"],
		})["access_token"])
	}
	platform, other := token("platform"), token("other")
	team := fields{"name": "Globex", "admin_email": "admin@example.com"}
	before := len(sandbox.Content(m.sb))
	for name, credential := range map[string]string{"API key": "sk_other", "another scope": other, "text": "t0ken", "none": ""} {
		if a := sendAs(t, m.sb, credential, http.MethodPost, "/platform/teams", team); a.status != http.StatusUnauthorized {
			t.Errorf("%s: got %d %s, want 401", name, a.status, a.text)
		}
	}
	if after := len(sandbox.Content(m.sb)); after != before {
		t.Errorf("got %d things after the refusals, want %d as before", after, before)
	}
	made := sendAs(t, m.sb, platform, http.MethodPost, "/platform/teams", team)
	if made.status != http.StatusCreated {
		t.Fatalf("got %d %s, want a team", made.status, made.text)
	}
	get := "/platform/teams/" + str(made.json["id"])
	if a := sendAs(t, m.sb, platform, http.MethodGet, get, nil); a.json["name"] != "Globex" {
		t.Errorf("got %d %s, want the team", a.status, a.text)
	}
	if a := sendAs(t, m.sb, platform, http.MethodGet, "/organizations", nil); a.status != http.StatusUnauthorized {
		t.Errorf("an operation that takes a key: got %d, want 401", a.status)
	}
	m.now = m.now.Add(time.Hour)
	if a := sendAs(t, m.sb, platform, http.MethodGet, get, nil); a.status != http.StatusUnauthorized {
		t.Errorf("after its hour: got %d, want 401", a.status)
	}
}
