package sandbox

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// The intervals of the device flow (RFC 8628 sections 3.2 and 3.5).
const (
	deviceLifetime = 5 * time.Minute
	deviceInterval = 5 * time.Second
)

const (
	fieldUserCode = "user_code"
	fieldState    = "state"
	fieldPolled   = "polled"
	fieldInterval = "interval"
)

// authorizeDevice starts the device flow.
func (c *call) authorizeDevice() (any, error) {
	const half = 4
	userCode := c.store.newSecret(half) + "-" + c.store.newSecret(half)
	fields := map[string]any{
		"client_id": c.client(), fieldUserCode: userCode, fieldState: statePending,
		fieldInterval: number(int(deviceInterval / time.Second)),
	}
	if c.application != nil {
		fields[fieldScope], fields[fieldAudience] = c.inBody(fieldScope), c.inBody(fieldAudience)
	}
	device := c.newGrant(grantDevice, deviceLifetime, fields)
	page := c.request.host + "/_sandbox/device"
	started := map[string]any{
		"device_code": device, fieldUserCode: userCode, "verification_uri": page,
		"verification_uri_complete": page + "?user_code=" + userCode,
		"expires_in":                number(int(deviceLifetime / time.Second)),
		fieldInterval:               number(int(deviceInterval / time.Second)),
	}
	if c.application != nil {
		return started, nil
	}
	return c.respond(started), nil
}

// authorizeConnectDevice starts the device flow of an application.
func (c *call) authorizeConnectDevice() (any, error) {
	app := c.findBy(c.ix.kinds[kindApplication], fieldClient, c.client())
	if app == nil {
		return nil, invalidClient(c)
	}
	c.application = app
	if p := unknownScope(app, c.inBody(fieldScope)); p != nil {
		return nil, p
	}
	return c.authorizeDevice()
}

// withDeviceCode is one poll of the device flow of AuthKit.
func (c *call) withDeviceCode() (any, error) {
	grant, err := c.polled()
	if err != nil {
		return nil, err
	}
	user := c.store.get(c.ix.kinds[kindUser], grant.text(fieldUser))
	return c.signIn(attempt{
		user: user, method: "oauth", shown: "", organization: grant.text("asked"), client: c.client(), proved: true,
	})
}

// polled is the device flow that the user has decided (RFC 8628 section 3.5).
func (c *call) polled() (*record, error) {
	grant := c.grantOf(grantDevice, text(c.body["device_code"]))
	switch {
	case grant == nil || grant.fields[fieldUsed] == true || grant.text("client_id") != c.client():
		return nil, oauthRefusal("invalid_grant", "The device code is invalid.")
	case c.past(grant, fieldEnd):
		return nil, oauthRefusal("expired_token", "The device code has expired.")
	case grant.text(fieldState) == "denied":
		return nil, oauthRefusal("access_denied", "The user denied the request.")
	case grant.text(fieldState) == "pending":
		interval := intOf(grant.fields[fieldInterval])
		early := grant.text(fieldPolled) > timestamp(c.now.Add(-time.Duration(interval)*time.Second))
		c.store.set(grant, fieldPolled, timestamp(c.now))
		if early {
			c.store.set(grant, fieldInterval, number(interval+int(deviceInterval/time.Second)))
			return nil, &keptError{oauthRefusal("slow_down", "Poll less often.")}
		}
		return nil, &keptError{oauthRefusal("authorization_pending", "The user has not decided yet.")}
	}
	c.store.set(grant, fieldUsed, true)
	return grant, nil
}

// errNoDevice is the failure of a decision on a device code.
var errNoDevice = errors.New("workos/sandbox: no device waits with this user code")

// DecideDevice ends a device flow as the person at the browser would: it signs in the user with that email address,
// whom it creates if there is none, or denies the request if the address is empty.
func (s *Sandbox) DecideDevice(userCode, email string) error {
	return s.act(func(c *call) error {
		for _, grant := range c.store.all(c.store.own.grant) {
			if grant.text(fieldUserCode) != strings.ToUpper(userCode) || userCode == "" || grant.text(fieldState) != "pending" {
				continue
			}
			if email == "" {
				c.store.set(grant, fieldState, "denied")
				return nil
			}
			user, err := c.browserUser(email)
			if err != nil {
				return err
			}
			c.store.set(grant, fieldState, "approved")
			c.store.set(grant, fieldUser, user.id)
			return nil
		}
		return errNoDevice
	})
}

// devicePage is the page at which a person decides a device flow, and what it posts to.
func (s *Sandbox) devicePage(r request) reply {
	sent := r.query
	if r.method == http.MethodPost {
		sent = string(r.body)
	}
	values, err := url.ParseQuery(sent)
	if err != nil {
		return newProblemReply(badRequest("The form is not escaped as it should be."))
	}
	f := form{
		Path: controlPath + "device", Step: stepDevice, UserCode: values.Get(fieldUserCode), Email: values.Get(fieldEmail),
	}
	denies := values.Get("step") == "deny"
	switch {
	case r.method != http.MethodPost:
	case f.Email == "" && !denies:
		f.Message = "Give an email address."
	default:
		email := f.Email
		if denies {
			email = ""
		}
		f.Step = stepDecided
		if err := s.DecideDevice(f.UserCode, email); err != nil {
			f.Step, f.Message = stepDevice, "No device waits with this code."
		}
	}
	page, err := renderPage(formTemplate(), f)
	if err != nil {
		return newProblemReply(err)
	}
	return reply{status: http.StatusOK, media: htmlMedia, policy: page.policy, body: page.text}
}
