package sandbox_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/client/webhook"
)

const actionSecret = "s3cret"

// actionSandbox has action endpoints at https://app.example/TYPE that the handler serves.
func actionSandbox(t *testing.T, onFailure string, handle http.HandlerFunc) *sandbox.Sandbox {
	t.Helper()
	sb := sandbox.New(sandbox.WithClock(atNoon), sandbox.WithSeed(1), receiver(handle).option())
	if err := sb.Seed([]byte(`{"action_endpoint":[
		{"id":"ae_1","type":"authentication","url":"https://app.example/authentication","secret":"s3cret","on_failure":"` + onFailure + `"},
		{"id":"ae_2","type":"user_registration","url":"https://app.example/user_registration","secret":"s3cret"}],
		"user":[{"id":"user_1","email":"ada@example.com","email_verified":true,"password":"correct horse"}]}`)); err != nil {
		t.Fatal(err)
	}
	return sb
}

func decider(t *testing.T, secret string, decide func(*webhook.Action) *webhook.ActionResponse) http.HandlerFunc {
	t.Helper()
	v, err := webhook.NewActionVerifier(secret, webhook.WithClock(atNoon))
	if err != nil {
		t.Fatal(err)
	}
	h, err := webhook.NewActionHandler(v, func(_ context.Context, a *webhook.Action) (*webhook.ActionResponse, error) {
		return decide(a), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return h.ServeHTTP
}

var passwordGrant = fields{
	"grant_type": "password", "client_id": "c", "client_secret": "sk_test", "email": "ada@example.com",
	"password": "correct horse", "ip_address": "192.0.2.1",
}

const authenticatePath = "/user_management/authenticate"

func TestSignInAsksTheActionEndpoint(t *testing.T) {
	t.Parallel()
	asked := 0
	allow := true
	var sb *sandbox.Sandbox
	sb = actionSandbox(t, "deny", decider(t, actionSecret, func(a *webhook.Action) *webhook.ActionResponse {
		asked++
		get(t, sb, "/user_management/users/"+a.Authentication.User.ID) // an endpoint may use the API
		if a.Authentication.User.Email != "ada@example.com" || *a.Authentication.IPAddress != "192.0.2.1" {
			t.Errorf("got %s, want Ada at 192.0.2.1", a.Raw)
		}
		if allow {
			return a.Allow()
		}
		return a.Deny("Not today.")
	}))
	must(t, sb, http.StatusOK, "POST", authenticatePath, passwordGrant)
	if asked != 1 {
		t.Errorf("asked %d times, want once", asked)
	}
	if sessions := list(get(t, sb, "/user_management/users/user_1/sessions")["data"]); len(sessions) != 1 {
		t.Errorf("got %d sessions, want 1: a request that begins again leaves no trace", len(sessions))
	}
	allow = false
	a := send(t, sb, "POST", authenticatePath, passwordGrant)
	if a.status != http.StatusBadRequest || a.json["error"] != "access_denied" || a.json["error_description"] != "Not today." {
		t.Errorf("got %d %s, want access_denied", a.status, a.text)
	}
	if sessions := list(get(t, sb, "/user_management/users/user_1/sessions")["data"]); len(sessions) != 1 {
		t.Errorf("got %d sessions, want no other", len(sessions))
	}
	events := list(get(t, sb, "/events?events=action.authentication.denied")["data"])
	if len(events) != 1 {
		t.Fatalf("got %v, want the event of the refusal", events)
	}
	wantFields(t, obj(obj(events[0])["data"]), fields{
		"action_endpoint_id": "ae_1", "type": "authentication", "verdict": "Deny", "user_id": "user_1",
		"email": "ada@example.com", "ip_address": "192.0.2.1", "organization_id": nil,
	})
}

func TestBrowserSignInAsksOnce(t *testing.T) {
	t.Parallel()
	var asked []string
	deny := ""
	sb := actionSandbox(t, "deny", decider(t, actionSecret, func(a *webhook.Action) *webhook.ActionResponse {
		asked = append(asked, a.Object)
		if strings.HasPrefix(a.Object, deny) && deny != "" {
			return a.Deny("")
		}
		return a.Allow()
	}))
	const path = "/user_management/authorize?provider=authkit&response_type=code&client_id=c" +
		"&redirect_uri=https://app.example.com/callback&login_hint="
	code := codeOf(t, sb, path+"new@example.com")
	must(t, sb, http.StatusOK, "POST", authenticatePath, fields{
		"grant_type": "authorization_code", "client_id": "c", "client_secret": "sk_test", "code": code,
	})
	if got := strings.Join(asked, " "); got != "user_registration_action_context authentication_action_context" {
		t.Errorf("asked %s, want about the registration and then the sign-in", got)
	}
	for _, c := range []struct{ deny, email string }{
		{"user_registration", "other@example.com"}, {"authentication", "ada@example.com"},
	} {
		deny = c.deny
		a := send(t, sb, "GET", path+c.email, nil)
		u, err := url.Parse(a.header.Get("Location"))
		if err != nil || u.Query().Get("error") != "access_denied" || u.Query().Has("code") {
			t.Errorf("%s: got %d %s, want access_denied", c.deny, a.status, a.header.Get("Location"))
		}
	}
	if users := list(get(t, sb, "/user_management/users?email=other@example.com")["data"]); len(users) > 0 {
		t.Errorf("got %v, want nobody registered", users)
	}
}

// TestVerdictsThatCannotBeTrustedCountAsFailures has an endpoint fail in each way, with each setting for failures.
func TestVerdictsThatCannotBeTrustedCountAsFailures(t *testing.T) {
	t.Parallel()
	allow := func(a *webhook.Action) *webhook.ActionResponse { return a.Allow() }
	signed := func(secret, object, payload string) http.HandlerFunc {
		signature := webhook.Sign([]byte(payload), secret, noon)
		mac := signature[strings.Index(signature, "v1=")+3:]
		return func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"object":"` + object + `","payload":` + strings.ReplaceAll(payload, ",", " ,\n") + `,"signature":"` + mac + `"}`))
		}
	}
	const object, stamp = "authentication_action_response", `{"timestamp":1767355200000,"verdict":`
	for name, c := range map[string]struct {
		handle http.HandlerFunc
		fails  bool
	}{
		"right":           {signed(actionSecret, object, stamp+`"Allow"}`), false},
		"other secret":    {signed("other", object, stamp+`"Allow"}`), true},
		"other object":    {signed(actionSecret, "user_registration_action_response", stamp+`"Allow"}`), true},
		"other verdict":   {signed(actionSecret, object, stamp+`"Perhaps"}`), true},
		"other time":      {signed(actionSecret, object, `{"timestamp":1767355200,"verdict":"Allow"}`), true},
		"no JSON":         {signed(actionSecret, object, "Allow"), true},
		"status 500":      {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) }, true},
		"not its request": {decider(t, "other", allow), true},
	} {
		for _, onFailure := range []string{"allow", "deny"} {
			sb := actionSandbox(t, onFailure, c.handle)
			want := http.StatusOK
			if c.fails && onFailure == "deny" {
				want = http.StatusBadRequest
			}
			if a := send(t, sb, "POST", authenticatePath, passwordGrant); a.status != want {
				t.Errorf("%s, on failure %s: got %d %s, want %d", name, onFailure, a.status, a.text, want)
			}
		}
	}
}

func TestWrongActionEndpointsAreNotSeeded(t *testing.T) {
	t.Parallel()
	for seed, want := range map[string]string{
		`{"action_endpoint":{}}`:                                    "want a list",
		`{"action_endpoint":[{"type":"x","url":"u","secret":"s"}]}`: `unknown type "x": want authentication or user_registration`,
		`{"action_endpoint":[{"type":"authentication","url":"u"}]}`: "want url and secret",
		`{"action_endpoint":[1]}`:                                   `unknown type ""`,
		`{"action_endpoint":[{"type":"authentication","url":"u","secret":"s"},` +
			`{"type":"authentication","url":"v","secret":"s"}]}`: "already",
	} {
		sb := fixed()
		if err := sb.Seed([]byte(seed)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", seed, err, want)
		}
		if content := sandbox.Content(sb); len(content) > 0 {
			t.Errorf("%s: got %v, want nothing", seed, content)
		}
	}
}
