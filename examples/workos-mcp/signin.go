package main

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/client/authkit/mcpauth"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// signIn has callers sign in by AuthKit: a domain such as acme.authkit.app, or the URL of what stands for one.
func signIn(resource, issuer string, logger *slog.Logger) (serve.SignIn, error) {
	from := mcpauth.AuthKit(issuer)
	if strings.Contains(issuer, "://") {
		from = mcpauth.Issuer{URL: issuer, JWKSURL: issuer + "/oauth2/jwks"}
	}
	return mcpauth.New(mcpauth.Config{
		Resource: resource, Issuers: []mcpauth.Issuer{from}, Name: "WorkOS", Logger: logger,
	})
}

// identity returns who has signed in. Roles and permissions are slugs.
func identity(ctx context.Context) (serve.Identity, bool) {
	claims, ok := mcpauth.ClaimsFrom(ctx)
	if !ok {
		return serve.Identity{}, ok
	}
	grants := slices.Concat([]string{claims.Role}, claims.Roles, claims.Permissions)
	return serve.Identity{User: claims.UserID, Organization: claims.OrganizationID, Grants: grants}, ok
}
