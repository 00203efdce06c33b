package sandbox

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// The form by which a person signs in at the browser, see WithInteractive.
const (
	formPath     = "/user_management/authorize/form"
	formLifetime = time.Hour

	fieldForm    = "sign_in" // the secret of a form, without which it cannot be sent
	fieldPending = "pending_authentication_token"
)

// The steps of a sign-in that the API names, by the code of its refusal.
const (
	stepVerification = "email_verification_required"
	stepFactor       = "mfa_challenge"
	stepOrganization = "organization_selection_required"
	stepConsent      = "application_consent_required"
)

// The steps that it does not name.
const (
	stepStart    = "start"    // email address, and password or code
	stepProvider = "provider" // the account at a provider or identity provider
	stepCode     = "code"     // the emailed code
	stepDevice   = "device"   // whether a device may sign in
	stepDecided  = "decided"  // that is decided
	stepRefuse   = "refuse"   // no consent
	stepEnd      = "end"      // the form is of no use any more
)

// form is what a page asks the person.
type form struct {
	Path, Secret string
	Step         string
	Message      string // what was wrong with what was sent, or ""
	Email        string
	Provider     string
	SignUp       bool
	Pending      string // token of the sign-in that goes on
	Challenge    string // ID of the challenge of a second factor
	UserCode     string // of a device
	Choices      []formChoice
	Client       string // name of the application that asks for consent
	Scopes       []string
	Options      []consentOption
}

type formChoice struct{ ID, Name string }

// webPage is a response that a person reads.
type webPage struct {
	text   []byte
	policy string
}

// formTemplate is that of the pages.
//
//nolint:gochecknoglobals // parsed once, when the first is asked for, of what is embedded
var formTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(pageFiles, "page/form.html"))
})

// askAtBrowser begins a sign-in at the browser.
func (c *call) askAtBrowser(a attempt) (any, error) {
	fields := map[string]any{
		fieldQuery: c.request.query, "method": a.method, "shown": a.shown, "asked": a.organization,
	}
	if c.application != nil {
		fields[fieldAsking] = c.application.id
	}
	secret := c.newGrant(grantForm, formLifetime, fields)
	return c.formPage(c.firstForm(secret, a.method, a.shown))
}

// firstForm is the form that a sign-in begins with.
func (c *call) firstForm(secret, method, shown string) form {
	f := form{Secret: secret, Step: stepStart, Email: c.query.Get("login_hint")}
	f.SignUp = c.query.Get("screen_hint") == "sign-up"
	if method != "password" {
		f.Step, f.Provider = stepProvider, shown
	}
	return f
}

// formPage shows a form. Its policy permits no script, and to send the form here and, by a redirect, to the client.
func (c *call) formPage(f form) (any, error) {
	f.Path = formPath
	page, err := renderPage(formTemplate(), f)
	if u, bad := url.Parse(c.query.Get("redirect_uri")); bad == nil && isHost(u.Host) {
		page.policy += " " + u.Scheme + "://" + u.Host
	}
	return page, err
}

// renderPage writes a page. Its policy permits no script, and to send a form here.
func renderPage(t *template.Template, data any) (webPage, error) {
	const policy = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
	var b bytes.Buffer
	if err := t.Execute(&b, data); err != nil {
		return webPage{}, fmt.Errorf("write a page: %w", err)
	}
	return webPage{b.Bytes(), policy}, nil
}

// isHost reports whether a host and port have no character that means something in a policy.
func isHost(host string) bool {
	return host != "" && strings.Trim(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == ""
}

// takeForm takes the step that a form was sent for.
func (c *call) takeForm() (any, error) {
	grant := c.grantOf(grantForm, c.inBody(fieldForm))
	if !c.live(grant) {
		c.status = http.StatusBadRequest
		return c.formPage(form{Step: stepEnd})
	}
	query, err := url.ParseQuery(grant.text(fieldQuery))
	if err != nil {
		return nil, err //nolint:wrapcheck // not reached: it was parsed before
	}
	c.query, c.application = query, c.store.get(c.ix.kinds[kindApplication], grant.text(fieldAsking))
	if grant.text(fieldAsking) != "" && c.application == nil {
		c.status = http.StatusBadRequest
		return c.formPage(form{Step: stepEnd})
	}
	a, shown, err := c.stepOf(grant)
	switch {
	case err != nil:
		return c.stop(grant, c.inBody(fieldForm), err)
	case shown.Step != "":
		shown.Secret = c.inBody(fieldForm)
		return c.formPage(shown)
	}
	return c.goOn(grant, c.inBody(fieldForm), a)
}

// goOn takes the steps of a sign-in that need no form. It shows the form of the next step, or sends the browser back.
func (c *call) goOn(grant *record, secret string, a attempt) (any, error) {
	err := c.advance(&a)
	if err == nil && c.application != nil {
		err = c.wantConsent(a, grant.fields[fieldOptions])
	}
	if err != nil {
		return c.stop(grant, secret, err)
	}
	c.store.set(grant, fieldUsed, true)
	if c.application != nil {
		return c.redirectWithConnectCode(a, chosen(grant.fields[fieldOptions], c.inBody))
	}
	return c.redirectWithCode(a)
}

// stop shows the form of the next step, if a sign-in stopped for one, or sends the browser back with an error.
func (c *call) stop(grant *record, secret string, err error) (any, error) {
	var kept *keptError
	var p *problem
	switch {
	case asKept(err, &kept):
		p = kept.problem
	case !errors.As(err, &p):
		return nil, err // an action endpoint has to be asked
	}
	f := form{Secret: secret, Step: p.code}
	for _, m := range p.more {
		switch v := m.value.(type) {
		case string:
			if m.name == fieldPending {
				f.Pending = v
			}
		case []any:
			if m.name == "organizations" {
				f.Choices = choices(v)
			}
		}
	}
	switch p.code {
	case stepVerification, stepOrganization:
		return c.formPage(f)
	case stepConsent:
		f.Client, f.Scopes = c.application.text(fieldName), strings.Fields(c.query.Get(fieldScope))
		_, f.Options = consentOptions(grant.fields[fieldOptions])
		return c.formPage(f)
	case stepFactor:
		pending := c.grantOf(grantPending, f.Pending)
		factors := c.store.having(c.ix.kinds[kindFactor], fieldUser, pending.text(fieldUser))
		challenge, err := c.newChallenge(factors[0])
		if err != nil {
			return nil, err
		}
		f.Challenge = challenge.id
		return c.formPage(f)
	default:
		c.store.set(grant, fieldUsed, true)
		return c.redirectWith("error", p.code, "error_description", p.message)
	}
}

func choices(organizations []any) []formChoice {
	list := make([]formChoice, 0, len(organizations))
	for _, v := range organizations {
		o, _ := v.(object)
		list = append(list, formChoice{ID: text(o[0].value), Name: text(o[1].value)})
	}
	return list
}
