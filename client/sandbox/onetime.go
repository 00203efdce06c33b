package sandbox

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"
)

// mostAttempts is how many wrong codes a challenge bears.
const mostAttempts = 10

// spend compares a code with that of a record, which is good for one use until it ends.
func (c *call) spend(r *record, code string) *problem {
	const attempts = "attempts"
	tried := intOf(r.fields[attempts])
	switch {
	case r.fields[fieldUsed] == true:
		return refusal(http.StatusBadRequest, "one_time_code_previously_used", "The code was used before.")
	case tried >= mostAttempts:
		return refusal(http.StatusBadRequest, "one_time_code_too_many_attempts", "Too many wrong codes were given.")
	case c.past(r, "expires_at"):
		return refusal(http.StatusBadRequest, "one_time_code_expired", "The code has expired.")
	case subtle.ConstantTimeCompare([]byte(r.text(fieldCode)), []byte(code)) != 1:
		c.store.set(r, attempts, number(tried+1))
		return refusal(http.StatusBadRequest, "invalid_one_time_code", "The code is incorrect.")
	}
	c.store.set(r, fieldUsed, true)
	return nil
}

// createMagicAuth emails a code to a user, who comes into being if the address is new.
func (c *call) createMagicAuth() (any, error) {
	user, err := c.userFor(text(c.body[fieldEmail]))
	if err != nil {
		return nil, err
	}
	if token := text(c.body["invitation_token"]); token != "" {
		if _, err := c.invited(user, token); err != nil {
			return nil, err
		}
	}
	fields := map[string]any{fieldUser: user.id, fieldEmail: user.fields[fieldEmail], fieldCode: c.store.newCode()}
	r, err := c.keep(c.plan.kind, fields)
	if err != nil {
		return nil, err
	}
	c.mail(mail{to: user.text(fieldEmail), about: "magic_auth", user: user.id, code: r.text(fieldCode)})
	return c.view(r, c.plan.answer), nil
}

// userFor finds the user with an email address, or makes one.
func (c *call) userFor(email string) (*record, error) {
	k := c.ix.kinds[kindUser]
	if user := c.findBy(k, fieldEmail, email); user != nil {
		return user, nil
	}
	user, err := c.keepApart(k, map[string]any{fieldEmail: strings.ToLower(email), "email_verified": false})
	if err == nil {
		c.emit("user.created", user)
	}
	return user, err
}

func (c *call) withMagicAuth() (any, error) {
	email := text(c.body[fieldEmail])
	found := c.store.having(c.ix.kinds[kindMagicAuth], fieldEmail, email)
	user := c.findBy(c.ix.kinds[kindUser], fieldEmail, email)
	if len(found) == 0 || user == nil {
		return nil, refusal(http.StatusBadRequest, "invalid_one_time_code", "The code is incorrect.")
	}
	if p := c.spend(found[len(found)-1], text(c.body[fieldCode])); p != nil {
		c.authenticated("magic_auth", user, email, p)
		return nil, &keptError{p}
	}
	c.verifyEmail(user)
	if err := c.acceptInvited(user, text(c.body["invitation_token"])); err != nil {
		return nil, err
	}
	return c.signIn(attempt{user: user, method: "magic_auth", shown: "MagicAuth", client: c.client()})
}

// verifyEmail marks a user's address as theirs.
func (c *call) verifyEmail(user *record) {
	if user.fields["email_verified"] == true {
		return
	}
	c.store.set(user, "email_verified", true)
	c.touch(user)
	c.emit("user.updated", user)
}

// newVerification emails a code that proves an address.
func (c *call) newVerification(user *record) *record {
	k := c.ix.kinds[kindVerification]
	r := &record{kind: k, id: c.store.newID(k.idPrefix(), c.now), fields: map[string]any{
		fieldUser: user.id, fieldEmail: user.fields[fieldEmail], fieldCode: c.store.newCode(), "object": k.name,
		"expires_at": c.in(codeLifetime), "created_at": timestamp(c.now), "updated_at": timestamp(c.now),
	}}
	r.fields["id"] = r.id
	c.store.add(r)
	c.emit("email_verification.created", r)
	c.mail(mail{to: user.text(fieldEmail), about: "email_verification", user: user.id, code: r.text(fieldCode)})
	return r
}

func (c *call) sendVerification() (any, error) {
	user := c.of(kindUser)
	if user.fields["email_verified"] == true {
		return nil, refusal(http.StatusBadRequest, "email_already_verified", "The email address is verified already.")
	}
	c.newVerification(user)
	return c.respond(map[string]any{kindUser: user.fields}), nil
}

// verificationCode is what the API calls a refusal of a one-time code where it verifies an email address.
func verificationCode(code string) string {
	switch code {
	case "one_time_code_previously_used":
		return "email_verification_code_previously_used"
	case "one_time_code_expired":
		return "email_verification_code_expired"
	case "invalid_one_time_code":
		return "email_verification_code_incorrect"
	default:
		return code
	}
}

func (c *call) confirmVerification() (any, error) {
	user := c.of(kindUser)
	found := c.store.having(c.ix.kinds[kindVerification], fieldUser, user.id)
	switch {
	case user.fields["email_verified"] == true:
		return nil, refusal(http.StatusBadRequest, "email_previously_verified", "The email address was verified before.")
	case len(found) == 0:
		return nil, refusal(http.StatusBadRequest, "email_verification_code_incorrect", "The code is incorrect.")
	}
	if p := c.spend(found[len(found)-1], text(c.body[fieldCode])); p != nil {
		p.code = verificationCode(p.code)
		return nil, &keptError{p}
	}
	c.verifyEmail(user)
	return c.respond(map[string]any{kindUser: user.fields}), nil
}

func (c *call) withEmailVerification() (any, error) {
	a, grant, err := c.resume()
	if err != nil {
		return nil, err
	}
	found := c.store.having(c.ix.kinds[kindVerification], fieldUser, a.user.id)
	if len(found) == 0 {
		return nil, refusal(http.StatusBadRequest, "invalid_one_time_code", "The code is incorrect.")
	}
	if p := c.spend(found[len(found)-1], text(c.body[fieldCode])); p != nil {
		c.authenticated("email_verification", a.user, a.user.text(fieldEmail), p)
		return nil, &keptError{p}
	}
	c.authenticated("email_verification", a.user, a.user.text(fieldEmail), nil)
	c.verifyEmail(a.user)
	c.store.set(grant, fieldUsed, true)
	return c.signIn(a)
}

// withRadarChallenge trades the code of a challenge that was made for the user of a pending sign-in.
func (c *call) withRadarChallenge() (any, error) {
	a, grant, err := c.resume()
	if err != nil {
		return nil, err
	}
	challenge := c.store.get(c.ix.kinds[kindRadarChallenge], text(c.body["radar_challenge_id"]))
	if challenge == nil {
		return nil, notFound("Radar challenge", text(c.body["radar_challenge_id"]))
	}
	if challenge.text(fieldUser) != a.user.id {
		return nil, refusal(http.StatusBadRequest, "user_mismatch", "The challenge is another user's.")
	}
	if p := c.spend(challenge, text(c.body[fieldCode])); p != nil {
		return nil, &keptError{p}
	}
	c.store.set(grant, fieldUsed, true)
	return c.signIn(a)
}

// withRadarSMS trades the code that was texted to the user of a pending sign-in.
func (c *call) withRadarSMS() (any, error) {
	a, grant, err := c.resume()
	if err != nil {
		return nil, err
	}
	challenge := c.textedTo(a.user)
	if challenge == nil {
		return nil, refusal(http.StatusBadRequest, "invalid_one_time_code", "The code is incorrect.")
	}
	if p := c.spend(challenge, text(c.body[fieldCode])); p != nil {
		return nil, &keptError{p}
	}
	c.store.set(grant, fieldUsed, true)
	return c.signIn(a)
}

// textedTo is the newest challenge that was texted to a user, to that number and with that ID as far as the body names
// them, or nil.
func (c *call) textedTo(user *record) *record {
	for _, r := range slices.Backward(c.store.having(c.ix.kinds[kindRadarChallenge], fieldUser, user.id)) {
		id, number := text(c.body["verification_id"]), text(c.body["phone_number"])
		if r.text(fieldType) == "sms" && (id == "" || id == r.id) && (number == "" || number == r.text("phone_number")) {
			return r
		}
	}
	return nil
}
