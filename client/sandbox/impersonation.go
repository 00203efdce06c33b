package sandbox

import (
	"errors"
	"fmt"
	"net/url"
	"time"
)

const (
	methodImpersonation = "impersonation"
	fieldImpersonator   = "impersonator"

	// impersonatedLifetime is that of the session of somebody who acts as a user.
	impersonatedLifetime = time.Hour
)

// Impersonation is a sign-in as a user, by somebody at the Dashboard of WorkOS.
type Impersonation struct {
	User         string `json:"user_id"`
	Email        string `json:"email"`           // of the person who acts as the user
	Reason       string `json:"reason"`          // "" for none
	Organization string `json:"organization_id"` // of the session; "": as for the user's own sign-in
	Client       string `json:"client_id"`
	RedirectURI  string `json:"redirect_uri"`
}

// Impersonate starts an impersonation. It returns the URL to which WorkOS would send the person's browser: the redirect
// URI with a code, and without a state. The session that the code is traded for lasts an hour, and the response, the
// session, its event and the claim act of its access tokens name the person.
func (s *Sandbox) Impersonate(i Impersonation) (callback string, err error) {
	err = s.act(func(c *call) error {
		callback, err = c.impersonate(i)
		return err
	})
	return callback, err
}

func (c *call) impersonate(i Impersonation) (string, error) {
	user := c.store.get(c.ix.kinds[kindUser], i.User)
	switch {
	case user == nil:
		return "", fmt.Errorf("workos/sandbox: impersonation: no user %q", i.User)
	case i.Email == "" || i.Client == "":
		return "", errors.New("workos/sandbox: impersonation: want email and client_id")
	}
	c.query = url.Values{"redirect_uri": {i.RedirectURI}}
	if _, err := c.redirectURI("redirect_uri"); err != nil {
		return "", fmt.Errorf("workos/sandbox: impersonation: redirect_uri %q: want a registered http(s) URL", i.RedirectURI)
	}
	var reason any
	if i.Reason != "" {
		reason = i.Reason
	}
	code := c.newGrant(grantCode, codeLifetime, map[string]any{
		fieldUser: user.id, "client_id": i.Client, "asked": i.Organization, "method": methodImpersonation,
		"shown":           "Impersonation",
		fieldImpersonator: map[string]any{fieldEmail: i.Email, "reason": reason},
	})
	target, err := c.redirectWith(fieldCode, code)
	if err != nil {
		return "", err
	}
	to, _ := target.(redirection)
	return string(to), nil
}

// actor is the claim of an access token about who acts as the user of a session (RFC 8693 section 4.1), if anybody
// does.
func actor(session *record) object {
	by, _ := session.fields[fieldImpersonator].(map[string]any)
	if by == nil {
		return nil
	}
	return object{{"act", object{{"sub", by[fieldEmail]}}}}
}
