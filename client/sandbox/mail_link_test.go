package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// atLink is a browser at the page that a link in an email opens.
func atLink(t *testing.T, m *inMemory, link string) *browser {
	t.Helper()
	return &browser{T: t, sb: m.sb, page: linked(t, m, link)}
}

// submit sends the form of the page, with a password if it asks for one.
func (b *browser) submit(password string) *browser {
	b.Helper()
	data := url.Values{}
	for _, match := range hidden.FindAllStringSubmatch(b.page.text, -1) {
		data.Set(match[1], match[2])
	}
	if strings.Contains(b.page.text, `name="new_password"`) {
		data.Set("new_password", password)
	}
	_, action, _ := strings.Cut(b.page.text, `action="`)
	action, _, found := strings.Cut(action, `"`)
	if !found {
		b.Fatalf("the page has no form: %s", b.page.text)
	}
	b.page = post(b, b.sb, action, data)
	return b
}

// dead checks that the browser is at the page of a link that opens nothing.
func (b *browser) dead(why string) {
	b.Helper()
	if b.page.status != http.StatusBadRequest || !strings.Contains(b.page.text, why) ||
		strings.Contains(b.page.text, "<form") {
		b.Errorf("got %d %s, want a page without a form that says %q", b.page.status, b.page.text, why)
	}
}

// signsIn reports whether a user signs in with a password.
func signsIn(t *testing.T, m *inMemory, email, password string) bool {
	t.Helper()
	return send(t, m.sb, "POST", "/user_management/authenticate", fields{
		"grant_type": "password", "client_id": "c", "client_secret": "sk_test", "email": email, "password": password,
	}).status == http.StatusOK
}

// events returns the types of the latest events of what the pages do, the newest first.
func events(t *testing.T, m *inMemory, limit string) string {
	t.Helper()
	var types []string
	page := must(t, m.sb, http.StatusOK, "GET", "/events?order=desc&limit="+limit+
		"&events=user.created,organization_membership.created,invitation.created,invitation.accepted,invitation.revoked,"+
		"password_reset.created,password_reset.succeeded", nil)
	list, _ := page["data"].([]any)
	for _, e := range list {
		types = append(types, str(obj(e)["event"]))
	}
	return strings.Join(types, " ")
}

func TestInvitationIsAcceptedAtItsLink(t *testing.T) {
	t.Parallel()
	m := newInMemory(t)
	org := create(t, m.sb, "/organizations", fields{"name": "Acme <b>"})
	link := str(must(t, m.sb, http.StatusCreated, "POST", "/user_management/invitations", fields{
		"email": "ada@example.com", "organization_id": org,
	})["accept_invitation_url"])

	page := atLink(t, m, link).has("To join Acme &lt;b&gt; as ada@example.com.")
	if page.submit("short"); page.page.status != http.StatusOK || signsIn(t, m, "ada@example.com", "short") {
		t.Errorf("a weak password: got %d %s", page.page.status, page.page.text)
	}
	page.has("The password needs 10 characters or more.")
	if got := events(t, m, "1"); got != "invitation.created" {
		t.Errorf("after a weak password: got the event %s", got)
	}
	if a := send(t, m.sb, "PUT", "/user_management/app_homepage_url", fields{"url": "javascript:alert(1)"}); a.status != 422 {
		t.Errorf("an invalid homepage: got %d %s", a.status, a.text)
	}
	must(t, m.sb, http.StatusNoContent, "PUT", "/user_management/app_homepage_url", fields{"url": "https://app.example.com/"})
	page.submit("correct-horse").has("Invitation accepted").has(`<a href="https://app.example.com/">`)
	for _, event := range []string{"user.created", "organization_membership.created", "invitation.accepted"} {
		if got := events(t, m, "5"); strings.Count(got, event) != 1 {
			t.Errorf("got the events %s, want %s among them", got, event)
		}
	}
	if !signsIn(t, m, "ada@example.com", "correct-horse") {
		t.Error("the password of the page signs nobody in")
	}
	atLink(t, m, link).dead("The invitation is accepted.")
	atLink(t, m, link+"x").dead("There is no such invitation.")
}

func TestInvitationOfSomebodyWithAPasswordAsksForNone(t *testing.T) {
	t.Parallel()
	m := newInMemory(t)
	org := create(t, m.sb, "/organizations", fields{"name": "Acme"})
	create(t, m.sb, "/user_management/users", fields{"email": "ada@example.com", "password": "correct-horse"})
	invitation := must(t, m.sb, http.StatusCreated, "POST", "/user_management/invitations", fields{
		"email": "ada@example.com", "organization_id": org,
	})
	page := atLink(t, m, str(invitation["accept_invitation_url"])).has("To join Acme")
	if strings.Contains(page.page.text, `type="password"`) {
		t.Errorf("the page asks for a password: %s", page.page.text)
	}
	must(t, m.sb, http.StatusOK, "POST", "/user_management/invitations/"+str(invitation["id"])+"/revoke", nil)
	page.submit("").dead("The invitation is revoked.")
	if got := events(t, m, "1"); got != "invitation.revoked" {
		t.Errorf("a page of before the revocation: got the event %s", got)
	}
}

func TestPasswordIsResetAtTheLink(t *testing.T) {
	t.Parallel()
	m := newInMemory(t)
	create(t, m.sb, "/user_management/users", fields{
		"email": "ada@example.com", "password": "correct-horse", "email_verified": true,
	})
	begin := func() string {
		return str(must(t, m.sb, http.StatusCreated, "POST", "/user_management/password_reset", fields{
			"email": "ada@example.com",
		})["password_reset_url"])
	}
	link := begin()
	page := atLink(t, m, link).has("For ada@example.com.")
	page.submit("short").has("The password needs 10 characters or more.")
	page.submit("battery-staple").has("Password set")
	if got := events(t, m, "1"); got != "password_reset.succeeded" {
		t.Errorf("got the event %s", got)
	}
	if signsIn(t, m, "ada@example.com", "correct-horse") || !signsIn(t, m, "ada@example.com", "battery-staple") {
		t.Error("the password was not replaced")
	}
	atLink(t, m, link).dead("The link was used or has expired.")

	page = atLink(t, m, begin())
	m.now = m.now.Add(25 * time.Hour)
	page.submit("correct-horse").dead("The token was used or has expired.")
	if signsIn(t, m, "ada@example.com", "correct-horse") {
		t.Error("a link that had expired replaced the password")
	}
}
