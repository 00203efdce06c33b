package authkit

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	josejson "github.com/go-jose/go-jose/v4/json"
)

// Claims are the claims of a verified access token. They contain no secret. The slices belong to the Claims.
type Claims struct {
	UserID         string   // "sub", "user_…"
	SessionID      string   // "sid", "session_…", for [Client.LogoutURL]
	OrganizationID string   // "org_id", "" if the session is in none
	Role           string   // "role", slug of the role in the organization
	Roles          []string // "roles", slugs of all of them
	Permissions    []string // "permissions", slugs
	Entitlements   []string // "entitlements", slugs
	FeatureFlags   []string // "feature_flags", slugs of those that are on
	Scopes         []string // "scope" (RFC 9068 section 2.2.3), of a Connect application's token
	ClientID       string   // "client_id" or "azp", the Connect application
	Actor          *Actor   // "act", nil unless somebody acts as the user

	Issuer    string    // "iss"
	Audience  []string  // "aud"
	ID        string    // "jti"
	ExpiresAt time.Time // "exp"
	IssuedAt  time.Time // "iat", zero if absent
	NotBefore time.Time // "nbf", zero if absent

	payload []byte
	idToken bool
}

// Actor is the party that acts as the user of a token (RFC 8693 section 4.1), such as an impersonator or an agent.
type Actor struct {
	Subject string `json:"sub"`
	// Actor is the party on whose behalf it acts in turn, nil if there is none. Only the outermost actor may be
	// considered in decisions about access; the others are history.
	Actor *Actor `json:"act,omitempty"`
}

// Chain returns the subjects from the present actor to the first.
func (a *Actor) Chain() []string {
	var chain []string
	for ; a != nil; a = a.Actor {
		chain = append(chain, a.Subject)
	}
	return chain
}

// HasRole reports whether the user has the role with that slug in the session's organization.
func (c *Claims) HasRole(slug string) bool {
	return slug != "" && (c.Role == slug || slices.Contains(c.Roles, slug))
}

// HasPermission reports whether the user's roles include the permission with that slug.
func (c *Claims) HasPermission(slug string) bool { return slices.Contains(c.Permissions, slug) }

// HasScope reports whether the token has that scope.
func (c *Claims) HasScope(scope string) bool { return slices.Contains(c.Scopes, scope) }

// HasEntitlement reports whether the organization has the entitlement with that slug.
func (c *Claims) HasEntitlement(slug string) bool { return slices.Contains(c.Entitlements, slug) }

// HasFeature reports whether the feature flag with that slug is enabled.
func (c *Claims) HasFeature(slug string) bool { return slices.Contains(c.FeatureFlags, slug) }

// Decode decodes all claims, including those of a JWT template, into the value that v points to, like [json.Unmarshal].
func (c *Claims) Decode(v any) error {
	if c.payload == nil {
		return errors.New("workos/authkit: claims: not from a token")
	}
	if err := json.Unmarshal(c.payload, v); err != nil {
		return fmt.Errorf("workos/authkit: claims: %w", err)
	}
	return nil
}

// wireClaims are the claims as encoded in a token.
type wireClaims struct {
	Subject        string      `json:"sub"`
	SessionID      string      `json:"sid"`
	OrganizationID string      `json:"org_id"`
	Role           string      `json:"role"`
	Roles          []string    `json:"roles"`
	Permissions    []string    `json:"permissions"`
	Entitlements   []string    `json:"entitlements"`
	FeatureFlags   []string    `json:"feature_flags"`
	Scope          scopes      `json:"scope"`
	ClientID       string      `json:"client_id"`
	Authorized     string      `json:"azp"`
	Actor          *Actor      `json:"act"`
	Issuer         string      `json:"iss"`
	Audience       audience    `json:"aud"`
	ID             string      `json:"jti"`
	ExpiresAt      numericDate `json:"exp"`
	IssuedAt       numericDate `json:"iat"`
	NotBefore      numericDate `json:"nbf"`

	Nonce     json.RawMessage `json:"nonce"`
	TokenHash json.RawMessage `json:"at_hash"`
	CodeHash  json.RawMessage `json:"c_hash"`
}

// isIDToken reports whether claims are those of an ID token, which the same keys sign: it says to a client, its
// audience, who a user is, and permits nothing (RFC 9068 section 5). It has claims that no access token has (OpenID
// Connect Core 1.0 sections 2 and 3.3.2.11), or it lacks all that distinguish an access token for a client.
func (w *wireClaims) isIDToken() bool {
	if w.Nonce != nil || w.TokenHash != nil || w.CodeHash != nil {
		return true
	}
	ofClient := func(audience string) bool { return strings.HasPrefix(audience, "client_") }
	return slices.ContainsFunc(w.Audience, ofClient) && w.ID == "" && w.SessionID == "" && w.ClientID == "" &&
		w.Scope == nil
}

func parseClaims(payload []byte) (*Claims, error) {
	// Package encoding/json would take the claim "Permissions" of a JWT template for "permissions".
	var w wireClaims
	if err := josejson.Unmarshal(payload, &w); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrTokenClaims, jsonFault(json.Unmarshal(payload, new(wireClaims))))
	}
	return &Claims{
		UserID: w.Subject, SessionID: w.SessionID, OrganizationID: w.OrganizationID, Role: w.Role, Roles: w.Roles,
		Permissions: w.Permissions, Entitlements: w.Entitlements, FeatureFlags: w.FeatureFlags, Actor: w.Actor,
		Scopes: w.Scope, ClientID: cmp.Or(w.ClientID, w.Authorized),
		Issuer: w.Issuer, Audience: w.Audience, ID: w.ID, ExpiresAt: time.Time(w.ExpiresAt),
		IssuedAt: time.Time(w.IssuedAt), NotBefore: time.Time(w.NotBefore), payload: payload, idToken: w.isIDToken(),
	}, nil
}

// audience is one string or several (RFC 7519 section 4.1.3).
type audience []string

// UnmarshalJSON accepts both forms.
func (a *audience) UnmarshalJSON(data []byte) error {
	if data[0] == '"' { // package json passes a value
		*a = make(audience, 1)
		return json.Unmarshal(data, &(*a)[0]) //nolint:wrapcheck // an error of encoding/json
	}
	return json.Unmarshal(data, (*[]string)(a)) //nolint:wrapcheck // an error of encoding/json
}

// scopes is a list of words in one string. Some issuers write an array.
type scopes []string

// UnmarshalJSON accepts both forms.
func (s *scopes) UnmarshalJSON(data []byte) error {
	if data[0] == '[' {
		return json.Unmarshal(data, (*[]string)(s)) //nolint:wrapcheck // an error of encoding/json
	}
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err //nolint:wrapcheck // an error of encoding/json
	}
	*s = strings.Fields(text)
	return nil
}

// numericDate is a time in seconds since 1970, possibly with decimals (RFC 7519 section 2).
type numericDate time.Time

// maxDate is the end of the year 9999, the last that RFC 3339 can express.
const maxDate = 253402300799

// UnmarshalJSON reads the time.
func (d *numericDate) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var seconds float64
	if err := json.Unmarshal(data, &seconds); err != nil {
		return err //nolint:wrapcheck // an error of encoding/json
	}
	if seconds < 0 || seconds > maxDate {
		return errors.New("date is out of range")
	}
	whole, part := math.Modf(seconds)
	*d = numericDate(time.Unix(int64(whole), int64(part*float64(time.Second))).UTC())
	return nil
}
