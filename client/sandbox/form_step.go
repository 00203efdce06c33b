package sandbox

import "net/http"

// stepOf takes the step of a form. It returns the user on the way in, or the form to show next.
func (c *call) stepOf(grant *record) (attempt, form, error) {
	first := attempt{
		method: grant.text("method"), shown: grant.text("shown"), organization: grant.text("asked"),
		client: c.query.Get("client_id"),
	}
	again := c.firstForm("", first.method, first.shown)
	again.Email = c.inBody(fieldEmail)
	switch step := c.inBody("step"); {
	case step == stepVerification || step == stepFactor || step == stepOrganization || step == stepConsent:
		return c.continued(step)
	case step == stepRefuse:
		return attempt{}, form{}, oauthRefusal("access_denied", "The user did not authorize the application.")
	case again.Email == "":
		again.Message = "Give an email address."
		return attempt{}, again, nil
	case again.Step == stepProvider:
		return c.fromProvider(first)
	case step == stepCode:
		return c.byCode(first)
	case step == "send_code":
		return c.sendCode(first)
	case step == "sign_up":
		return c.signUp(first, again)
	default:
		return c.byPassword(first, again)
	}
}

func (c *call) byPassword(a attempt, again form) (attempt, form, error) {
	email := c.inBody(fieldEmail)
	a.user = c.findBy(c.ix.kinds[kindUser], fieldEmail, email)
	if a.user == nil || !c.hasPassword(a.user, c.inBody("password")) {
		wrong := refusal(http.StatusBadRequest, "invalid_credentials", "Invalid credentials.")
		c.authenticated(a.method, a.user, email, wrong)
		again.Message = "The email address or the password is wrong."
		return attempt{}, again, nil
	}
	return a, form{}, nil
}

// signUp makes a user with a password, whose address is verified next.
func (c *call) signUp(a attempt, again form) (attempt, form, error) {
	password := c.inBody("password")
	switch {
	case c.findBy(c.ix.kinds[kindUser], fieldEmail, c.inBody(fieldEmail)) != nil:
		again.Message = "There is a user with this email address. Sign in."
		return attempt{}, again, nil
	case isWeak(password):
		again.Message = weakPassword
		return attempt{}, again, nil
	}
	user, err := c.registered(a)
	if err == nil {
		err = c.setPassword(user, password)
	}
	a.user = user
	return a, form{}, err
}

// registered is the user with the email address of the form. One that is new comes into being if no action denies it.
func (c *call) registered(a attempt) (*record, error) {
	email := c.inBody(fieldEmail)
	if c.findBy(c.ix.kinds[kindUser], fieldEmail, email) == nil {
		v, err := c.consultRegistration(email, a.shown)
		if err == nil && v != nil {
			err = &keptError{v.refusal()}
		}
		if err != nil {
			return nil, err
		}
	}
	return c.userFor(email)
}

// sendCode emails a code.
func (c *call) sendCode(a attempt) (attempt, form, error) {
	user, err := c.registered(a)
	if err != nil {
		return attempt{}, form{}, err
	}
	r := c.added(c.ix.kinds[kindMagicAuth], map[string]any{
		fieldUser: user.id, fieldEmail: user.fields[fieldEmail], fieldCode: c.store.newCode(),
		"expires_at": c.in(codeLifetime),
	})
	c.emit("magic_auth.created", r)
	c.mail(mail{to: user.text(fieldEmail), about: "magic_auth", user: user.id, code: r.text(fieldCode)})
	return attempt{}, form{Step: stepCode, Email: user.text(fieldEmail)}, nil
}

func (c *call) byCode(a attempt) (attempt, form, error) {
	email := c.inBody(fieldEmail)
	a.user = c.findBy(c.ix.kinds[kindUser], fieldEmail, email)
	a.method, a.shown = "magic_auth", "MagicAuth"
	found := c.store.having(c.ix.kinds[kindMagicAuth], fieldEmail, email)
	if len(found) == 0 || a.user == nil {
		return attempt{}, form{Step: stepCode, Email: email, Message: "The code is incorrect."}, nil
	}
	if p := c.spend(found[len(found)-1], c.inBody(fieldCode)); p != nil {
		c.authenticated(a.method, a.user, email, p)
		return attempt{}, form{Step: stepCode, Email: email, Message: p.message}, nil
	}
	c.verifyEmail(a.user)
	return a, form{}, nil
}

// fromProvider takes the address as that of the person's account at the provider.
func (c *call) fromProvider(a attempt) (attempt, form, error) {
	user, err := c.registered(a)
	if err != nil {
		return attempt{}, form{}, err
	}
	c.verifyEmail(user)
	c.identify(user, a.shown)
	if a.method == "sso" {
		err = c.joinOrganization(user, a.organization)
	}
	a.user = user
	return a, form{}, err
}

// continued takes up a sign-in that stopped.
func (c *call) continued(step string) (attempt, form, error) {
	a, pending, err := c.resume()
	if err != nil || pending.text(fieldCode) != step {
		return attempt{}, form{}, oauthRefusal("access_denied", "The sign-in cannot go on.")
	}
	again := form{Step: step, Pending: c.inBody(fieldPending), Challenge: c.inBody("challenge")}
	switch step {
	case stepVerification:
		found := c.store.having(c.ix.kinds[kindVerification], fieldUser, a.user.id) // there is one, as the sign-in stopped
		if p := c.proof("email_verification", a, found[len(found)-1], c.spend); p != nil {
			again.Message = p.message
			return attempt{}, again, nil //nolint:nilerr // the form says it
		}
		c.verifyEmail(a.user)
	case stepFactor:
		challenge := c.store.get(c.ix.kinds[kindChallenge], again.Challenge)
		if challenge == nil || !c.challenges(challenge, a.user) {
			return attempt{}, form{}, oauthRefusal("access_denied", "The sign-in cannot go on.")
		}
		if p := c.proof("mfa", a, challenge, c.answerChallenge); p != nil {
			again.Message = p.message
			return attempt{}, again, nil //nolint:nilerr // the form says it
		}
		a.proved = true
	case stepConsent:
		a.consented, a.chosen, a.allowed = true, true, true
	default:
		a.organization, a.chosen = c.inBody(fieldOrganization), true
	}
	c.store.set(pending, fieldUsed, true)
	return a, form{}, nil
}

// proof compares the code of the form, and appends the event of that.
func (c *call) proof(method string, a attempt, of *record, compare func(*record, string) *problem) *problem {
	p := compare(of, c.inBody(fieldCode))
	c.authenticated(method, a.user, a.user.text(fieldEmail), p)
	return p
}

// challenges reports whether a challenge is of a factor of the user.
func (c *call) challenges(challenge, user *record) bool {
	factor := c.store.get(c.ix.kinds[kindFactor], challenge.text("authentication_factor_id"))
	return factor != nil && factor.text(fieldUser) == user.id
}
