package sandbox

import (
	"encoding/base32"
	"net/http"
	"net/url"
	"regexp"
)

const (
	kindChallenge = "authentication_challenge"
	kindFactor    = "authentication_factor"
)

// factorsOf are the second factors of a user.
func (c *call) factorsOf(user *record) []*record {
	return c.store.having(c.ix.kinds[kindFactor], fieldUser, user.id)
}

// phonePattern is an international number (E.164), which may have separators.
var phonePattern = regexp.MustCompile(`^\+[1-9][0-9 ().-]{5,20}$`)

// completeFactor gives a new factor what proves it.
func (c *call) completeFactor(r *record) error {
	switch r.text(fieldType) {
	case "totp":
		issuer, user, secret := text(c.body["totp_issuer"]), text(c.body["totp_user"]), text(c.body["totp_secret"])
		if secret == "" {
			const bytes = 20
			secret = base32.StdEncoding.EncodeToString(c.store.newBytes(bytes)) // RFC 4648, as apps expect it
		}
		query := url.Values{"secret": {secret}, "issuer": {issuer}}
		r.fields["secret"] = secret
		r.fields["totp"] = map[string]any{
			"issuer": issuer, "user": user, "secret": secret, "qr_code": "data:image/png;base64,",
			"uri": "otpauth://totp/" + url.PathEscape(issuer+":"+user) + "?" + query.Encode(),
		}
	case "sms":
		if c.body["phone_number"] == nil {
			return c.invalid([]fieldProblem{{"phone_number", codeRequired}})
		}
		if !phonePattern.MatchString(text(c.body["phone_number"])) {
			return c.invalid([]fieldProblem{{"phone_number", codeFormat}})
		}
		r.fields["sms"] = map[string]any{"phone_number": c.body["phone_number"]}
	}
	return nil
}

// enrollUserFactor gives a user a factor, with a first challenge for it.
func (c *call) enrollUserFactor() (any, error) {
	user := c.of(kindUser)
	fields := c.given(c.ix.kinds[kindFactor])
	fields[fieldUser] = user.id
	factor, err := c.keep(c.ix.kinds[kindFactor], fields)
	if err != nil {
		return nil, err
	}
	challenge, err := c.newChallenge(factor)
	if err != nil {
		return nil, err
	}
	o := object{}
	for _, p := range c.plan.answer.Properties {
		switch p.Name {
		case kindFactor:
			o = append(o, member{p.Name, c.view(factor, p.Schema)})
		case kindChallenge:
			o = append(o, member{p.Name, c.view(challenge, p.Schema)})
		}
	}
	return o, nil
}

func (c *call) newChallenge(factor *record) (*record, error) {
	fields := map[string]any{"authentication_factor_id": factor.id, "expires_at": c.in(codeLifetime)}
	if factor.text(fieldType) == "sms" {
		sms, _ := factor.fields["sms"].(map[string]any)
		code := c.store.newCode()
		fields["sent"] = code
		c.mail(mail{to: text(sms["phone_number"]), about: "sms_challenge", user: factor.text(fieldUser), code: code})
	}
	return c.keep(c.ix.kinds[kindChallenge], fields)
}

// challengeFactor sends a code by SMS, or asks for one of an authenticator app.
func (c *call) challengeFactor() (any, error) {
	r, err := c.newChallenge(c.of(kindFactor))
	if err != nil {
		return nil, err
	}
	return c.view(r, c.plan.answer), nil
}

// answerChallenge compares a code with that of a challenge's factor.
func (c *call) answerChallenge(challenge *record, code string) *problem {
	factor := c.store.get(c.ix.kinds[kindFactor], challenge.text("authentication_factor_id"))
	want := challenge.text("sent")
	if factor != nil && factor.text(fieldType) == "totp" {
		want = ""
		if totpMatches(factor.text("secret"), code, c.now) {
			want = code
		}
	}
	if want == "" {
		want = "no code"
	}
	c.store.set(challenge, fieldCode, want)
	p := c.spend(challenge, code)
	c.store.unset(challenge, fieldCode)
	return p
}

// verifyChallenge reports whether a code is right. One that is wrong is no error.
func (c *call) verifyChallenge() (any, error) {
	challenge := c.of(kindChallenge)
	p := c.answerChallenge(challenge, text(c.body[fieldCode]))
	valid := p == nil
	if p != nil && p.code != "invalid_one_time_code" {
		if p.code == "one_time_code_too_many_attempts" {
			return nil, &keptError{p}
		}
		return nil, &keptError{refusal(http.StatusUnprocessableEntity, p.code, p.message)}
	}
	return c.respond(map[string]any{"challenge": challenge.fields, "valid": valid}), nil
}
