package sandbox_test

import (
	"fmt"
	"maps"
	"math"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// fixed returns a sandbox whose clock stands still at 2026-01-02T03:04:05.000Z.
func fixed() *sandbox.Sandbox {
	return sandbox.New(sandbox.WithClock(func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }))
}

func TestNewThingsGetTheirDefaults(t *testing.T) {
	t.Parallel()
	sb := fixed()
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	const (
		users, invitations = "/user_management/users", "/user_management/invitations"
		links, magic       = "/passwordless/sessions", "/user_management/magic_auth"
		factors, roles     = "/auth/factors/enroll", "/authorization/roles"
		permissions        = "/authorization/permissions"
	)
	for _, c := range []struct {
		path       string
		body, want fields
	}{
		{users, fields{"email": "1@example.com", "first_name": "Ada"}, fields{"name": "Ada", "metadata": fields{}}},
		{users, fields{"email": "2@example.com", "last_name": "Byron"}, fields{"name": "Byron"}},
		{users, fields{"email": "3@example.com", "first_name": "A", "last_name": "B"}, fields{"name": "A B"}},
		{users, fields{"email": "5@example.com", "metadata": fields{"a": "b"}}, fields{"metadata": fields{"a": "b"}}},
		{invitations, fields{"email": "a@example.com"}, fields{"expires_at": "2026-01-09T03:04:05.000Z"}},
		{
			links, fields{"email": "a@example.com", "type": "MagicLink"},
			fields{"expires_at": "2026-01-02T03:19:05.000Z"},
		},
		{magic, fields{"email": "ada@example.com"}, fields{"user_id": user, "expires_at": "2026-01-02T03:14:05.000Z"}},
		{factors, fields{"type": "sms", "phone_number": "+15550100"}, fields{"sms": fields{"phone_number": "+15550100"}}},
		{
			users + "/" + user + "/auth_factors",
			fields{"type": "totp", "totp_issuer": "A/B", "totp_user": "u", "totp_secret": "S"},
			fields{"totp": fields{
				"issuer": "A/B", "user": "u", "secret": "S", "qr_code": "data:image/png;base64,",
				"uri": "otpauth://totp/A%2FB:u?issuer=A%2FB&secret=S",
			}},
		},
		{roles, fields{"slug": "a", "name": "A"}, fields{"type": "EnvironmentRole", "resource_type_slug": "organization"}},
		{roles, fields{"slug": "b", "name": "B", "resource_type_slug": "doc"}, fields{"resource_type_slug": "doc"}},
		{permissions, fields{"slug": "p", "name": "P"}, fields{"resource_type_slug": "organization"}},
		{permissions, fields{"slug": "q", "name": "Q", "resource_type_slug": "doc"}, fields{"resource_type_slug": "doc"}},
		{
			"/organization_domains", fields{"domain": "a.com", "organization_id": org},
			fields{"state": "pending", "verification_strategy": "dns", "verification_prefix": "workos"},
		},
	} {
		made := must(t, sb, http.StatusCreated, "POST", c.path, c.body)
		if factor := obj(made["authentication_factor"]); factor != nil {
			made = factor
		}
		wantFields(t, made, c.want)
	}
}

// TestLifetimesAreKeptWithinTheirLimits takes each limit with its neighbours.
func TestLifetimesAreKeptWithinTheirLimits(t *testing.T) {
	t.Parallel()
	sb := fixed()
	for days, want := range map[int]string{
		1: "2026-01-03", 2: "2026-01-04", 29: "2026-01-31", 30: "2026-02-01",
	} {
		made := must(t, sb, http.StatusCreated, "POST", "/user_management/invitations",
			fields{"email": fmt.Sprintf("a%d@example.com", days), "expires_in_days": days})
		wantFields(t, made, fields{"expires_at": want + "T03:04:05.000Z"})
	}
	for days, want := range map[int64]string{
		math.MinInt64: "expires_in_days_too_short", -1: "expires_in_days_too_short", 0: "expires_in_days_too_short",
		31: "expires_in_days_too_long", math.MaxInt64: "expires_in_days_too_long",
	} {
		a := refused(t, sb, http.StatusBadRequest, "POST", "/user_management/invitations",
			fields{"email": "b@example.com", "expires_in_days": days})
		wantFields(t, a.json, fields{"code": want})
	}
	for seconds, want := range map[int]string{
		-1: "2026-01-02T03:04:06", 0: "2026-01-02T03:04:06", 1: "2026-01-02T03:04:06", 2: "2026-01-02T03:04:07",
		901: "2026-01-02T03:19:06", 86399: "2026-01-03T03:04:04", 86400: "2026-01-03T03:04:05",
		86401: "2026-01-03T03:04:05",
	} {
		made := must(t, sb, http.StatusCreated, "POST", "/passwordless/sessions",
			fields{"email": "a@example.com", "type": "MagicLink", "expires_in": seconds})
		wantFields(t, made, fields{"expires_at": want + ".000Z"})
	}
}

func TestSecretsAreHintedAtByTheirEnd(t *testing.T) {
	t.Parallel()
	sb := fixed()
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	user := create(t, sb, "/user_management/users", fields{"email": "ada@example.com"})
	create(t, sb, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
	invitation := must(t, sb, http.StatusCreated, "POST", "/user_management/invitations", fields{"email": "a@example.com"})
	token := str(invitation["token"])
	wantFields(t, invitation, fields{"accept_invitation_url": "https://api.workos.com/invite?invitation_token=" + token})
	for owner, want := range map[string]fields{
		"/organizations/" + org:          {"type": "organization", "id": org},
		"/user_management/users/" + user: {"type": "user", "id": user, "organization_id": org},
	} {
		body := fields{"name": "K"}
		if want["type"] == "user" {
			body["organization_id"] = org
		}
		key := must(t, sb, http.StatusCreated, "POST", owner+"/api_keys", body)
		value := str(key["value"])
		wantFields(t, key, fields{"owner": want, "obfuscated_value": "sk_..." + value[len(value)-4:]})
		wantForm(t, value, `sk_`+random+`{25}`)
	}
	app := create(t, sb, "/connect/applications", fields{"name": "A", "application_type": "m2m", "organization_id": org})
	made := must(t, sb, http.StatusCreated, "POST", "/connect/applications/"+app+"/client_secrets", fields{})
	secret := str(made["secret"])
	wantFields(t, made, fields{"secret_hint": secret[len(secret)-4:]})
	wantForm(t, secret, random+`{25}`)
	wantForm(t, token, random+`{25}`)
	factor := must(t, sb, http.StatusCreated, "POST", "/auth/factors/enroll", fields{"type": "totp"})
	wantForm(t, str(obj(factor["totp"])["secret"]), `[A-Z2-7]{32}`)
	create(t, sb, "/data-integrations", fields{"provider": "github"})
	for secret, want := range map[string]string{"a": "a", "abcd": "abcd", "abcde": "bcde", "secret-1234": "1234"} {
		account := must(t, sb, http.StatusOK, "PUT", "/data-integrations/github/api-key",
			fields{"user_id": user, "secret": secret})
		wantFields(t, account, fields{"auth_method": "api_key", "api_key_last_4": want})
	}
}

const random = `[0-9A-HJKMNP-TV-Z]`

func wantForm(t *testing.T, got, pattern string) {
	t.Helper()
	if !regexp.MustCompile(`^` + pattern + `$`).MatchString(got) {
		t.Errorf("got %q, want %s", got, pattern)
	}
}

func TestMembershipHasTheRolesItIsGiven(t *testing.T) {
	t.Parallel()
	sb := fixed()
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	role := func(slug string) fields { return fields{"slug": slug} }
	for _, slug := range []string{"a", "b", "c"} {
		create(t, sb, "/authorization/roles", fields{"slug": slug, "name": slug})
	}
	for email, c := range map[string]struct{ body, want fields }{
		"0@example.com": {fields{}, fields{"role": role("member"), "roles": []fields{role("member")}}},
		"1@example.com": {fields{"role_slug": "a"}, fields{"role": role("a"), "roles": []fields{role("a")}}},
		"2@example.com": {fields{"role_slugs": []string{"a"}}, fields{"role": role("a"), "roles": []fields{role("a")}}},
		"3@example.com": {
			fields{"role_slugs": []string{"a", "b", "c"}},
			fields{"role": role("a"), "roles": []fields{role("a"), role("b"), role("c")}},
		},
	} {
		user := create(t, sb, "/user_management/users", fields{"email": email})
		const path = "/user_management/organization_memberships"
		body := fields{"user_id": user, "organization_id": org}
		id := create(t, sb, path, body)
		wantFields(t, get(t, sb, path+"/"+id), fields{"role": role("member"), "organization_name": "Acme"})
		wantFields(t, must(t, sb, http.StatusOK, "PUT", path+"/"+id, c.body), c.want)
		maps.Copy(body, c.body)
		body["user_id"] = create(t, sb, "/user_management/users", fields{"email": "other" + email})
		wantFields(t, must(t, sb, http.StatusCreated, "POST", path, body), c.want)
	}
}

func TestDomainsOfAnOrganizationAreReplaced(t *testing.T) {
	t.Parallel()
	sb := fixed()
	made := must(t, sb, http.StatusCreated, "POST", "/organizations", fields{
		"name": "Acme", "domains": []string{"b.com", "a.com"},
	})
	other := must(t, sb, http.StatusCreated, "POST", "/organizations",
		fields{"name": "Other", "domains": []string{"o.com"}})
	path := "/organizations/" + str(made["id"])
	wantDomains(t, made, "a.com verified, b.com verified")
	data := func(pairs ...string) []fields {
		list := []fields{}
		for i := 0; i < len(pairs); i += 2 {
			list = append(list, fields{"domain": pairs[i], "state": pairs[i+1]})
		}
		return list
	}
	first := obj(list(made["domains"])[0])["id"]
	for _, c := range []struct {
		body fields
		want string
	}{
		{fields{"name": "Acme 2"}, "a.com verified, b.com verified"},
		{fields{"domain_data": data("a.com", "pending", "c.com", "verified")}, "a.com pending, c.com verified"},
		{fields{"domain_data": data("a.com", "verified")}, "a.com verified"},
		{fields{"domain_data": data()}, ""},
		{fields{"domain_data": data("d.com", "pending", "a.com", "pending")}, "a.com pending, d.com pending"},
	} {
		changed := must(t, sb, http.StatusOK, "PUT", path, c.body)
		wantDomains(t, changed, c.want)
		wantDomains(t, get(t, sb, path), c.want)
		if strings.Contains(c.want, "c.com") {
			if kept := obj(list(changed["domains"])[0])["id"]; kept != first {
				t.Errorf("a.com: got the new ID %v, want %v kept", kept, first)
			}
		}
	}
	wantDomains(t, get(t, sb, "/organizations/"+str(other["id"])), "o.com verified")
}

func wantDomains(t *testing.T, org fields, want string) {
	t.Helper()
	var got []string
	for _, d := range list(org["domains"]) {
		got = append(got, str(obj(d)["domain"])+" "+str(obj(d)["state"]))
	}
	if strings.Join(got, ", ") != want {
		t.Errorf("domains: got %s, want %s", strings.Join(got, ", "), want)
	}
}
