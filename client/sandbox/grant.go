package sandbox

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"time"
)

// The fields of a grant: what a client shows to get a token, or a token. Only the hash of its secret is kept.
const (
	grantSecret  = "grant_secret"
	grantSession = "grant_session"

	fieldType = "type"
	fieldUsed = "used"
	fieldEnd  = "ends"
)

// The types of grants.
const (
	grantCode    = "code"
	grantSSOCode = "sso_code"
	grantSSO     = "sso_token"
	grantPending = "pending"
	grantRefresh = "refresh"
	grantDevice  = "device"
	grantLogout  = "logout"
	grantAgent   = "agent"
	grantPipe    = "pipe"
	grantForm    = "form"
	grantPortal  = "portal"
	grantLink    = "passwordless"
	grantEmail   = "email_completion"

	grantConnect        = "connect_code"
	grantConnectRefresh = "connect_refresh"
	grantExternal       = "external_login"
)

func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// newGrant hands out a secret of that type that is good for so long.
func (c *call) newGrant(typ string, lifetime time.Duration, fields map[string]any) string {
	secret := c.store.newSecret(secretLength)
	fields[grantSecret], fields[fieldType] = digest(secret), typ
	fields[fieldEnd] = c.in(lifetime)
	c.store.add(&record{kind: c.store.own.grant, id: c.store.newID("grant_", c.now), fields: fields})
	return secret
}

// grantOf finds what a secret of that type was handed out for, or nil.
func (c *call) grantOf(typ, secret string) *record {
	for _, r := range c.store.having(c.store.own.grant, grantSecret, digest(secret)) {
		if r.text(fieldType) == typ {
			return r
		}
	}
	return nil
}

// past reports whether a time of a thing has come. A thing without one lasts.
func (c *call) past(r *record, field string) bool {
	at := r.text(field)
	return at != "" && at <= timestamp(c.now)
}

// live reports whether a grant has neither ended nor been used.
func (c *call) live(r *record) bool {
	return r != nil && !c.past(r, fieldEnd) && r.fields[fieldUsed] != true
}

// provesPossession reports whether a verifier is that of a code's challenge (RFC 7636 section 4.6).
func provesPossession(grant *record, verifier string) bool {
	challenge := grant.text("code_challenge")
	if challenge == "" {
		return true
	}
	proof := verifier
	if grant.text("code_challenge_method") != "plain" {
		sum := sha256.Sum256([]byte(verifier))
		proof = base64.RawURLEncoding.EncodeToString(sum[:])
	}
	return subtle.ConstantTimeCompare([]byte(proof), []byte(challenge)) == 1
}
