package sandbox

import (
	"net/http"
	"time"
)

// The lifetimes of what signing in hands out.
const (
	codeLifetime    = 10 * time.Minute
	pendingLifetime = 10 * time.Minute
	accessLifetime  = 5 * time.Minute
	sessionLifetime = 30 * day
)

// attempt is a user on the way in.
type attempt struct {
	user         *record
	method       string // as events name it: password, magic_auth, oauth, sso
	shown        string // as the response names it
	organization string // asked for; "": none
	client       string
	proved       bool // whether a second factor was given, or none is needed
	allowed      bool // whether the action endpoint has allowed it
	chosen       bool // whether the organization was chosen
	consented    bool // whether the user has authorized the application
	typed        bool // whether the user typed the email address, which nobody vouches for
	impersonator any  // who acts as the user; nil: nobody
}

// signIn takes the steps that are left, and ends with tokens. A user of a seed may have somebody who acts as them.
func (c *call) signIn(a attempt) (any, error) {
	if by := a.user.fields[fieldImpersonator]; by != nil {
		a.method, a.shown, a.impersonator = methodImpersonation, "Impersonation", by
		a.proved, a.allowed = true, true
	}
	if err := c.advance(&a); err != nil {
		return nil, err
	}
	return c.openSession(a)
}

// advance takes the steps that are left before a session, in the order of the API: the email address verified, a second
// factor, the organization. It stops, with an error, at the first that needs more.
func (c *call) advance(a *attempt) error {
	if a.user.fields["email_verified"] != true && (a.method == "password" || a.typed) {
		verification := c.newVerification(a.user)
		return c.pending(*a, "email_verification_required", "Email ownership must be verified before authentication.",
			member{"email", a.user.fields[fieldEmail]}, member{"email_verification_id", verification.id})
	}
	if factors := c.factorsOf(a.user); len(factors) > 0 && !a.proved && a.method != "sso" {
		shown := make([]any, len(factors))
		for i, f := range factors {
			shown[i] = object{{"id", f.id}, {"type", f.fields[fieldType]}}
		}
		return c.pending(*a, "mfa_challenge", "The user must complete an MFA challenge to finish authenticating.",
			member{"user", c.payload(a.user)}, member{"authentication_factors", shown})
	}
	if err := c.chooseOrganization(a); err != nil {
		return err
	}
	if a.allowed {
		return nil
	}
	v, err := c.consultSignIn(*a)
	if err == nil && v != nil {
		err = &keptError{v.refusal()}
	}
	return err
}

// pending interrupts a sign-in until the next step is taken with the token that the refusal carries.
func (c *call) pending(a attempt, code, message string, more ...member) error {
	fields := map[string]any{
		fieldUser: a.user.id, "method": a.method, "shown": a.shown, fieldOrganization: nil,
		"asked": a.organization, "client_id": a.client, "proved": a.proved, fieldCode: code,
	}
	if a.impersonator != nil {
		fields[fieldImpersonator] = a.impersonator
	}
	token := c.newGrant(grantPending, pendingLifetime, fields)
	p := refusal(http.StatusForbidden, code, message)
	p.more = append(object{{"pending_authentication_token", token}}, more...)
	return &keptError{p}
}

// resume takes up the sign-in that a pending token is for.
func (c *call) resume() (attempt, *record, error) {
	grant := c.grantOf(grantPending, text(c.body["pending_authentication_token"]))
	if !c.live(grant) {
		return attempt{}, nil, refusal(http.StatusBadRequest, "invalid_pending_authentication_token",
			"The pending authentication token is invalid or has expired.")
	}
	user := c.store.get(c.ix.kinds[kindUser], grant.text(fieldUser))
	return attempt{
		user: user, method: grant.text("method"), shown: grant.text("shown"), organization: grant.text("asked"),
		client: grant.text("client_id"), proved: grant.fields["proved"] == true,
		allowed: grant.fields[fieldImpersonator] != nil, impersonator: grant.fields[fieldImpersonator],
	}, grant, nil
}

// chooseOrganization decides which organization the session is in: the one asked for, the only one, or none.
func (c *call) chooseOrganization(a *attempt) error {
	active := c.activeMemberships(a.user)
	if a.organization != "" {
		for _, m := range active {
			if m.text(fieldOrganization) == a.organization {
				return nil
			}
		}
		return oauthRefusal("organization_membership_not_found", "The user is no active member of the organization.")
	}
	switch {
	case len(active) == 1:
		a.organization = active[0].text(fieldOrganization)
	case len(active) > 1 && !a.chosen:
		organizations := make([]any, len(active))
		for i, m := range active {
			org := c.store.get(c.ix.kinds[kindOrganization], m.text(fieldOrganization))
			organizations[i] = object{{"id", org.id}, {fieldName, org.fields[fieldName]}}
		}
		return c.pending(*a, "organization_selection_required",
			"The user must choose an organization to finish their authentication.",
			member{"user", c.payload(a.user)}, member{"organizations", organizations})
	}
	return nil
}

func (c *call) activeMemberships(user *record) []*record {
	var active []*record
	for _, m := range c.store.having(c.ix.kinds[kindMembership], fieldUser, user.id) {
		if m.text("status") == stateActive {
			active = append(active, m)
		}
	}
	return active
}

// sessionMethod is the name of a method of authentication in a session.
func sessionMethod(method string) string {
	if method == "magic_auth" {
		return "magic_code"
	}
	return method
}

// openSession starts a session and returns its tokens.
func (c *call) openSession(a attempt) (any, error) {
	k := c.ix.kinds[kindSession]
	fields := map[string]any{
		fieldUser: a.user.id, "auth_method": sessionMethod(a.method), "status": stateActive,
		"ip_address": c.body["ip_address"], "user_agent": c.body["user_agent"],
		"expires_at": c.in(sessionLifetime), "ended_at": nil,
		"object": kindSession, "created_at": timestamp(c.now), "updated_at": timestamp(c.now),
	}
	if a.organization != "" {
		fields[fieldOrganization] = a.organization
	}
	if a.impersonator != nil {
		fields[fieldImpersonator], fields["expires_at"] = a.impersonator, c.in(impersonatedLifetime)
	}
	session := &record{kind: k, id: c.store.newID(k.idPrefix(), c.now), fields: fields}
	fields["id"] = session.id
	c.store.add(session)
	if a.impersonator == nil { // the user has not signed in
		c.store.set(a.user, "last_sign_in_at", timestamp(c.now))
		c.authenticated(a.method, a.user, a.user.text(fieldEmail), nil)
	}
	c.emit("session.created", session)
	return c.tokens(session, a.client, a.shown)
}

// tokens returns new tokens of a session.
func (c *call) tokens(session *record, client, shown string) (any, error) {
	user := c.store.get(c.ix.kinds[kindUser], session.text(fieldUser))
	refresh := c.newGrant(grantRefresh, sessionLifetime, map[string]any{
		grantSession: session.id, "client_id": client, "shown": shown,
	})
	access, err := c.accessToken(session, client)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{
		"access_token": access, "refresh_token": refresh,
		"user": user.fields,
	}
	if organization := session.fields[fieldOrganization]; organization != nil {
		fields[fieldOrganization] = organization
	}
	if shown != "" {
		fields["authentication_method"] = shown
	}
	if by := session.fields[fieldImpersonator]; by != nil {
		fields[fieldImpersonator] = by
	}
	return c.respond(fields), nil
}

// accessToken is a JWT with the claims of the API and of the environment's template.
func (c *call) accessToken(session *record, client string) (string, error) {
	claims := object{
		{"iss", c.request.host + "/user_management/" + client}, {"sub", session.fields[fieldUser]}, {"sid", session.id},
		{"jti", c.store.newID("", c.now)}, {"client_id", client},
	}
	if organization := session.text(fieldOrganization); organization != "" {
		claims = append(claims, member{"org_id", organization})
		claims = append(claims, c.accessClaims(session.text(fieldUser), organization)...)
	}
	more, err := c.templateClaims(session)
	if err != nil {
		return "", err
	}
	claims = append(append(claims, actor(session)...),
		member{"exp", int(c.now.Add(accessLifetime).Unix())}, member{"iat", int(c.now.Unix())})
	return c.env.jwt(client, claims.with(more)), nil
}
