package authkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	josejson "github.com/go-jose/go-jose/v4/json"
)

// Claims are what a verified access token says. They hold no secret. The slices belong to the claims.
type Claims struct {
	UserID         string   // "sub", "user_…"
	SessionID      string   // "sid", "session_…", for [Client.LogoutURL]
	OrganizationID string   // "org_id", "" if the session is in none
	Role           string   // "role", slug of the role in the organization
	Roles          []string // "roles", slugs of all of them
	Permissions    []string // "permissions", slugs
	Entitlements   []string // "entitlements", slugs
	FeatureFlags   []string // "feature_flags", slugs of those that are on
	Actor          *Actor   // "act", nil unless somebody acts as the user

	Issuer    string    // "iss"
	Audience  []string  // "aud"
	ID        string    // "jti"
	ExpiresAt time.Time // "exp"
	IssuedAt  time.Time // "iat", zero if absent
	NotBefore time.Time // "nbf", zero if absent

	payload []byte
}

// Actor is who acts as the user of a token (RFC 8693 section 4.1): whoever impersonates them.
type Actor struct {
	Subject string `json:"sub"`
}

// HasRole tells whether the user has the role of that slug in the organization of the session.
func (c *Claims) HasRole(slug string) bool {
	return slug != "" && (c.Role == slug || slices.Contains(c.Roles, slug))
}

// HasPermission tells whether the user's roles give the permission of that slug.
func (c *Claims) HasPermission(slug string) bool { return slices.Contains(c.Permissions, slug) }

// HasEntitlement tells whether the organization is entitled to the feature of that slug.
func (c *Claims) HasEntitlement(slug string) bool { return slices.Contains(c.Entitlements, slug) }

// HasFeature tells whether the feature flag of that slug is on.
func (c *Claims) HasFeature(slug string) bool { return slices.Contains(c.FeatureFlags, slug) }

// Decode decodes all claims, also those that a JWT template of yours adds, into what v points to, as [json.Unmarshal]
// does.
func (c *Claims) Decode(v any) error {
	if c.payload == nil {
		return errors.New("authkit: claims: they come from no token")
	}
	if err := json.Unmarshal(c.payload, v); err != nil {
		return fmt.Errorf("authkit: claims: %w", err)
	}
	return nil
}

// wireClaims are claims as a token has them.
type wireClaims struct {
	Subject        string      `json:"sub"`
	SessionID      string      `json:"sid"`
	OrganizationID string      `json:"org_id"`
	Role           string      `json:"role"`
	Roles          []string    `json:"roles"`
	Permissions    []string    `json:"permissions"`
	Entitlements   []string    `json:"entitlements"`
	FeatureFlags   []string    `json:"feature_flags"`
	Actor          *Actor      `json:"act"`
	Issuer         string      `json:"iss"`
	Audience       audience    `json:"aud"`
	ID             string      `json:"jti"`
	ExpiresAt      numericDate `json:"exp"`
	IssuedAt       numericDate `json:"iat"`
	NotBefore      numericDate `json:"nbf"`
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
		Issuer: w.Issuer, Audience: w.Audience, ID: w.ID, ExpiresAt: time.Time(w.ExpiresAt),
		IssuedAt: time.Time(w.IssuedAt), NotBefore: time.Time(w.NotBefore), payload: payload,
	}, nil
}

// audience is one text or several (RFC 7519 section 4.1.3).
type audience []string

// UnmarshalJSON reads either form.
func (a *audience) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*a = make(audience, 1)
		return json.Unmarshal(data, &(*a)[0]) //nolint:wrapcheck // it is already what encoding/json says
	}
	return json.Unmarshal(data, (*[]string)(a)) //nolint:wrapcheck // it is already what encoding/json says
}

// numericDate is a time in seconds since 1970, with decimals or without (RFC 7519 section 2).
type numericDate time.Time

// maxDate is the end of the year 9999, up to which times can be written.
const maxDate = 253402300799

// UnmarshalJSON reads the time.
func (d *numericDate) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var seconds float64
	if err := json.Unmarshal(data, &seconds); err != nil {
		return err //nolint:wrapcheck // it is already what encoding/json says
	}
	if seconds < 0 || seconds > maxDate {
		return errors.New("date is out of range")
	}
	whole, part := math.Modf(seconds)
	*d = numericDate(time.Unix(int64(whole), int64(part*float64(time.Second))).UTC())
	return nil
}
