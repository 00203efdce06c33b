package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// linked is what the browser gets at a link that the sandbox has handed out.
func linked(t *testing.T, m *inMemory, link string) answer {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	return sendAs(t, m.sb, "", http.MethodGet, u.RequestURI(), nil)
}

func TestPortalLinkOpensAPageForFiveMinutes(t *testing.T) {
	t.Parallel()
	m := newInMemory(t)
	org := create(t, m.sb, "/organizations", fields{"name": "Acme <b>"})
	link := str(must(t, m.sb, http.StatusCreated, "POST", "/portal/generate_link", fields{
		"organization": org, "intent": "dsync", "return_url": "https://app.example.com/back?a=1",
	})["link"])
	a := linked(t, m, link)
	if a.status != http.StatusOK || !strings.Contains(a.text, "Admin Portal of Acme &lt;b&gt;") ||
		!strings.Contains(a.text, "<code>dsync</code>") || !strings.Contains(a.text, `href="https://app.example.com/back?a=1"`) {
		t.Errorf("got %d %s, want the portal's page", a.status, a.text)
	}
	if policy := a.header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("got the policy %q", policy)
	}
	if a := linked(t, m, link+"x"); a.status != http.StatusNotFound {
		t.Errorf("another secret: got %d", a.status)
	}
	m.now = m.now.Add(5 * time.Minute)
	if a := linked(t, m, link); a.status != http.StatusNotFound {
		t.Errorf("after five minutes: got %d, want 404", a.status)
	}
}

func TestPasswordlessLinkSignsInOnce(t *testing.T) {
	t.Parallel()
	m := newInMemory(t)
	begin := func() string {
		session := must(t, m.sb, http.StatusCreated, "POST", "/passwordless/sessions", fields{
			"email": "ada@example.com", "type": "MagicLink", "redirect_uri": "https://app.example.com/cb", "state": "mine",
		})
		must(t, m.sb, http.StatusOK, "POST", "/passwordless/sessions/"+str(session["id"])+"/send", nil)
		outbox := m.sb.Outbox()
		if got := outbox[len(outbox)-1].Link; got != session["link"] {
			t.Errorf("got the link %q in the outbox, want %q", got, session["link"])
		}
		return str(session["link"])
	}
	link := begin()
	a := linked(t, m, link)
	to, err := url.Parse(a.header.Get("Location"))
	if err != nil || a.status != http.StatusFound || to.Host != "app.example.com" || to.Query().Get("state") != "mine" {
		t.Fatalf("got %d to %v (%v), want the redirect URI with the state", a.status, to, err)
	}
	token := must(t, m.sb, http.StatusOK, "POST", "/sso/token", fields{
		"grant_type": "authorization_code", "client_id": "c", "client_secret": "sk_test", "code": to.Query().Get("code"),
	})
	wantFields(t, obj(token["profile"]), fields{"email": "ada@example.com", "connection_type": "MagicLink"})
	if a := linked(t, m, link); a.status != http.StatusNotFound {
		t.Errorf("the link again: got %d, want 404", a.status)
	}
	link = begin()
	m.now = m.now.Add(15 * time.Minute)
	if a := linked(t, m, link); a.status != http.StatusForbidden || a.header.Get("Location") != "" {
		t.Errorf("after its time: got %d", a.status)
	}
}
