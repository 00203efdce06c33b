package sandbox_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// browser is a browser without script and cookies, at a page of a sandbox.
type browser struct {
	*testing.T

	sb   *sandbox.Sandbox
	page answer
}

const callback = "https://app.example.com/callback"

// begin sends the browser to sign in.
func begin(t *testing.T, sb *sandbox.Sandbox, parameters string) *browser {
	t.Helper()
	b := &browser{T: t, sb: sb}
	b.page = sendAs(t, sb, "", "GET", "/user_management/authorize?response_type=code&client_id=client_1&state=s1"+
		"&redirect_uri="+url.QueryEscape(callback)+"&"+parameters, nil)
	b.has("<form method=\"post\"")
	return b
}

var hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)

// press fills the form in, and sends it by the button of a step.
func (b *browser) press(step string, filled url.Values) *browser {
	b.Helper()
	if !strings.Contains(b.page.text, `<button name="step" value="`+step+`"`) {
		b.Fatalf("the page has no button %s: %s", step, b.page.text)
	}
	data := url.Values{"step": {step}}
	for name, values := range filled {
		if !strings.Contains(b.page.text, `name="`+name+`"`) {
			b.Fatalf("the page has no field %s: %s", name, b.page.text)
		}
		data[name] = values
	}
	for _, match := range hidden.FindAllStringSubmatch(b.page.text, -1) {
		data.Set(match[1], html.UnescapeString(match[2]))
	}
	_, action, _ := strings.Cut(b.page.text, `action="`)
	action, _, _ = strings.Cut(action, `"`)
	b.page = post(b, b.sb, action, data)
	return b
}

// post sends a form.
func post(tb testing.TB, sb *sandbox.Sandbox, path string, data url.Values) answer {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, "https://api.workos.com"+path,
		strings.NewReader(data.Encode()))
	if err != nil {
		tb.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return do(tb, sb, req)
}

// has checks that the browser is at a page with that text, which can do nothing but what it has to.
func (b *browser) has(text string) *browser {
	b.Helper()
	policy := b.page.header.Get("Content-Security-Policy")
	want := "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
	if !strings.HasPrefix(policy, want) {
		b.Errorf("policy: got %q, want %q", policy, want)
	}
	if b.page.status != http.StatusOK || !strings.Contains(b.page.text, text) || strings.Contains(b.page.text, "<script") {
		b.Fatalf("got %d %s, want a page with %q and no script", b.page.status, b.page.text, text)
	}
	return b
}

// arrived checks that the browser is sent back to the client, and returns the query.
func (b *browser) arrived() url.Values {
	b.Helper()
	u, err := url.Parse(b.page.header.Get("Location"))
	if err != nil || b.page.status != http.StatusSeeOther || !strings.HasPrefix(u.String(), callback+"?") ||
		u.Query().Get("state") != "s1" {
		b.Fatalf("got %d %v %s, want a redirect to %s with the state", b.page.status, b.page.header, b.page.text, callback)
	}
	return u.Query()
}

// signedIn trades the code that the browser brought.
func (b *browser) signedIn() fields {
	b.Helper()
	return must(b, b.sb, http.StatusOK, "POST", "/user_management/authenticate", fields{
		"grant_type": "authorization_code", "client_id": "client_1", "client_secret": "sk_test",
		"code": b.arrived().Get("code"),
	})
}

func newInteractive() *sandbox.Sandbox {
	return sandbox.New(sandbox.WithInteractive(), sandbox.WithSeed(1), sandbox.WithClock(newTicker().next))
}

// mailed is the code of the last message about something.
func mailed(t *testing.T, sb *sandbox.Sandbox, about string) string {
	t.Helper()
	code := ""
	for _, m := range sb.Outbox() {
		if m.About == about {
			code = m.Code
		}
	}
	if code == "" {
		t.Fatalf("no message about %s", about)
	}
	return code
}

func TestPasswordSignsInAtAPage(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	user := create(t, sb, "/user_management/users", fields{
		"email": "ada@example.com", "email_verified": true, "password": "correct horse",
	})
	b := begin(t, sb, "provider=authkit&login_hint=ada@example.com").has(`value="ada@example.com"`)
	b.press("password", url.Values{"email": {"ada@example.com"}, "password": {"wrong horse"}}).has("is wrong")
	b.press("password", url.Values{"email": {"ada@example.com"}, "password": {"correct horse"}})
	signedIn := b.signedIn()
	if got := obj(signedIn["user"])["id"]; got != user || signedIn["authentication_method"] != "Password" {
		t.Errorf("got %v, want %s by password", signedIn, user)
	}
	events := must(t, sb, http.StatusOK, "GET", "/events?events=authentication.password_failed", nil)
	if got := len(list(events["data"])); got != 1 {
		t.Errorf("events of failed attempts: got %d, want 1", got)
	}
}

func TestEmailedCodeSignsInAtAPage(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	b := begin(t, sb, "provider=authkit").press("send_code", url.Values{"email": {"Ada@example.com"}}).has("emailed")
	b.press("code", url.Values{"code": {"nothing"}}).has("incorrect")
	b.press("code", url.Values{"code": {mailed(t, sb, "magic_auth")}})
	signedIn := b.signedIn()
	if got := obj(signedIn["user"])["email"]; got != "ada@example.com" || signedIn["authentication_method"] != "MagicAuth" {
		t.Errorf("got %v, want ada@example.com by an emailed code", signedIn)
	}
}

func TestSignUpVerifiesTheAddressAtAPage(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	b := begin(t, sb, "provider=authkit&screen_hint=sign-up")
	b.press("sign_up", url.Values{"email": {"ada@example.com"}, "password": {"short"}}).has("10 characters")
	if users := list(must(t, sb, http.StatusOK, "GET", "/user_management/users", nil)["data"]); len(users) > 0 {
		t.Errorf("users after a refusal: got %v, want none", users)
	}
	b.press("sign_up", url.Values{"email": {"ada@example.com"}, "password": {"correct horse"}}).has("emailed")
	b.press("email_verification_required", url.Values{"code": {"nothing"}}).has("incorrect")
	b.press("email_verification_required", url.Values{"code": {mailed(t, sb, "email_verification")}})
	if user := obj(b.signedIn()["user"]); user["email_verified"] != true {
		t.Errorf("got %v, want a verified address", user)
	}
	begin(t, sb, "provider=authkit&screen_hint=sign-up").
		press("sign_up", url.Values{"email": {"ada@example.com"}, "password": {"other horse"}}).has("There is a user")
}

func TestSecondFactorAndOrganizationAreAskedForAtAPage(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	user := create(t, sb, "/user_management/users", fields{
		"email": "ada@example.com", "email_verified": true, "password": "correct horse",
	})
	var orgs []string
	for _, name := range []string{"Acme", "<b>Bolt</b>"} {
		org := create(t, sb, "/organizations", fields{"name": name})
		create(t, sb, "/user_management/organization_memberships", fields{"user_id": user, "organization_id": org})
		orgs = append(orgs, org)
	}
	enrolled := must(t, sb, http.StatusCreated, "POST", "/user_management/users/"+user+"/auth_factors", fields{"type": "totp"})
	secret := str(obj(obj(enrolled["authentication_factor"])["totp"])["secret"])
	b := begin(t, sb, "provider=authkit")
	b.press("password", url.Values{"email": {"ada@example.com"}, "password": {"correct horse"}}).has("second factor")
	b.press("mfa_challenge", url.Values{"code": {"000000x"}}).has("incorrect")
	b.press("mfa_challenge", url.Values{"code": {sandbox.TOTP(secret, sb.Time())}}).has("&lt;b&gt;Bolt&lt;/b&gt;")
	b.press("organization_selection_required", url.Values{"organization_id": {orgs[1]}})
	signedIn := b.signedIn()
	if signedIn["organization_id"] != orgs[1] {
		t.Errorf("organization: got %v, want %s", signedIn["organization_id"], orgs[1])
	}
}

func TestProvidersAreStoodInForByAPage(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	b := begin(t, sb, "provider=GoogleOAuth").has("Sign in with GoogleOAuth")
	if strings.Contains(b.page.text, "password") {
		t.Errorf("the page of a provider asks for a password: %s", b.page.text)
	}
	signedIn := b.press("provider", url.Values{"email": {"ada@example.com"}}).signedIn()
	user := obj(signedIn["user"])
	if user["email"] != "ada@example.com" || signedIn["authentication_method"] != "GoogleOAuth" {
		t.Errorf("got %v, want ada@example.com by GoogleOAuth", signedIn)
	}
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	if err := sb.Seed([]byte(`{"connection": [{"organization_id": "` + org +
		`", "connection_type": "OktaSAML", "state": "active"}]}`)); err != nil {
		t.Fatal(err)
	}
	signedIn = begin(t, sb, "organization_id="+org).has("Sign in with SSO").
		press("provider", url.Values{"email": {"eve@example.com"}}).signedIn()
	if signedIn["organization_id"] != org || signedIn["authentication_method"] != "SSO" {
		t.Errorf("got %v, want a session by SSO in %s", signedIn, org)
	}
}

// What a form does without its secret, with one of another step or after its end is nothing.
func TestFormsAreOfUseOnceAndForWhoeverHasThem(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	create(t, sb, "/user_management/users", fields{
		"email": "ada@example.com", "email_verified": true, "password": "correct horse",
	})
	filled := url.Values{"email": {"ada@example.com"}, "password": {"correct horse"}}
	b := begin(t, sb, "provider=authkit")
	first := *b
	b.press("password", filled)
	b.arrived()
	if first.press("password", filled); first.page.status != http.StatusBadRequest || first.page.header.Get("Location") != "" {
		t.Errorf("a form sent twice: got %d %v", first.page.status, first.page.header)
	}
	forged := url.Values{"step": {"password"}, "email": {"ada@example.com"}, "password": {"correct horse"}}
	before := sandbox.Content(sb)
	for _, secret := range []string{"", "forged"} {
		forged.Set("sign_in", secret)
		if a := post(t, sb, "/user_management/authorize/form", forged); a.status != http.StatusBadRequest {
			t.Errorf("secret %q: got %d %v", secret, a.status, a.header)
		}
	}
	if changed := changes(before, sandbox.Content(sb)); len(changed) > 0 {
		t.Errorf("a forged form changed the store: %q", changed)
	}
	late := begin(t, sb, "provider=authkit")
	if err := sb.Advance(time.Hour); err != nil {
		t.Fatal(err)
	}
	if late.press("password", filled); late.page.status != http.StatusBadRequest {
		t.Errorf("a form sent too late: got %d", late.page.status)
	}
}

func TestFormsGoToRegisteredAddressesAlone(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	create(t, sb, "/user_management/redirect_uris", fields{"uri": callback})
	for _, uri := range []string{"javascript:alert(1)", "ftp://app.example.com/", "https://eve.example.com/callback", ""} {
		refused(t, sb, http.StatusUnprocessableEntity, "GET", "/user_management/authorize?response_type=code"+
			"&client_id=client_1&provider=authkit&redirect_uri="+url.QueryEscape(uri), nil)
	}
	policy := begin(t, sb, "provider=authkit").page.header.Get("Content-Security-Policy")
	if want := "form-action 'self' https://app.example.com"; !strings.HasSuffix(policy, want) {
		t.Errorf("policy: got %q, want %q at its end", policy, want)
	}
}

// A host with characters of a policy stays out of it.
func TestPoliciesOfFormsCannotBeChanged(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	a := send(t, sb, "GET", "/user_management/authorize?response_type=code&client_id=client_1&provider=authkit"+
		"&redirect_uri="+url.QueryEscape("https://a.example;script-src/"), nil)
	policy := a.header.Get("Content-Security-Policy")
	if a.status == http.StatusOK && !strings.HasSuffix(policy, "form-action 'self'") {
		t.Errorf("policy: got %q", policy)
	}
}

func TestDevicesAreDecidedAtTheirPage(t *testing.T) {
	t.Parallel()
	sb := newInteractive()
	for step, want := range map[string]int{"approve": http.StatusOK, "deny": http.StatusBadRequest} {
		device := must(t, sb, http.StatusOK, "POST", "/user_management/authorize/device", fields{"client_id": "client_1"})
		_, path, _ := strings.Cut(str(device["verification_uri_complete"]), "api.workos.com")
		b := &browser{T: t, sb: sb, page: sendAs(t, sb, "", "GET", path, nil)}
		b.has(str(device["user_code"]))
		poll := fields{
			"grant_type": "urn:ietf:params:oauth:grant-type:device_code", "client_id": "client_1", "device_code": device["device_code"],
		}
		filled := url.Values{"email": {"ada@example.com"}, "user_code": {"none"}}
		b.press(step, filled).has("No device waits")
		filled.Set("user_code", str(device["user_code"]))
		if step == "approve" {
			b.press(step, url.Values{"user_code": {str(device["user_code"])}}).has("Give an email address")
			if a := send(t, sb, "POST", "/user_management/authenticate", poll); a.json["error"] != "authorization_pending" {
				t.Errorf("before the decision: got %d %s", a.status, a.text)
			}
		}
		b.press(step, filled).has("Go back to the device")
		if a := send(t, sb, "POST", "/user_management/authenticate", poll); a.status != want {
			t.Errorf("%s: got %d %s, want %d", step, a.status, a.text, want)
		}
	}
}
