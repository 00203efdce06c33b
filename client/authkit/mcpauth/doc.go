// Package mcpauth puts an MCP server behind AuthKit: it is the resource server's part of the authorization that the MCP
// specification of 2025-11-25 defines, for any http.Handler that serves MCP over HTTP. It knows no MCP library.
//
//	guard, err := mcpauth.New(mcpauth.Config{
//		Resource: "https://mcp.acme.example/mcp",
//		Issuers:  []mcpauth.Issuer{mcpauth.AuthKit("acme.authkit.app")},
//		Scopes:   []string{"openid", "profile"},
//	})
//
//	for _, path := range guard.MetadataPaths() {
//		mux.Handle(path, guard.Metadata())
//	}
//	mux.Handle("/mcp", guard.Require(server))
//
// A client without a token gets status 401 and a challenge that names the metadata of the resource (RFC 9728), finds
// the AuthKit domain there, registers, lets the user sign in, and comes back with a token for this resource (RFC 8707).
// Behind [Guard.Require] a handler knows who calls:
//
//	claims, _ := mcpauth.ClaimsFrom(ctx)
//	if !claims.HasPermission("reports:read") { … }
//
// A scope is what the user lets a client do, which does not say that the user may do it. WorkOS documents organization
// and scopes in the tokens of its AuthKit domains, but neither roles nor permissions: if yours have none, look up the
// membership of [authkit.Claims.UserID] in [authkit.Claims.OrganizationID].
//
// # What to switch on
//
// In the WorkOS dashboard, under Connect, Configuration: Client ID Metadata Document for clients that identify
// themselves by a URL, and Dynamic Client Registration for older ones; and add the URL of the MCP server as a resource
// indicator, or tokens have the client ID of the environment as audience, which those of all its Connect applications
// have, and are refused. AuthKit does the rest, and nothing here depends on how a client registered.
//
// # Refusals
//
// Each refusal is JSON with "error" and "error_description". What a token lacks is in WWW-Authenticate as well (RFC
// 6750 section 3):
//
//   - 401: no token, or one that is not accepted ("invalid_token"): format, signature, issuer, audience, time.
//   - 403 "insufficient_scope": the token lacks scopes of the server or of the tool that is called; the challenge names
//     them, and a client asks the user for them (step-up).
//   - 403 "organization_not_allowed": the token is of an organization that is not served here; another token would be
//     too.
//   - 400 "invalid_request": a body that cannot be checked for scopes of tools.
//   - 503: the issuer's keys cannot be fetched; the token may be valid.
package mcpauth
