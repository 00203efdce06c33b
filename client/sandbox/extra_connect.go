package sandbox

import (
	"net/http"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// The IDs of what AuthKit serves as an authorization server.
const (
	extraAuthorize  = "oauth2.authorize.get"
	extraContinue   = "oauth2.authorize.complete.get"
	extraToken      = "oauth2.token.create" //nolint:gosec // the name of an operation
	extraDevice     = "oauth2.device_authorization.create"
	extraIntrospect = "oauth2.introspection.create"
	extraUserinfo   = "oauth2.userinfo.get"
	extraUserinfo2  = "oauth2.userinfo.create"
	extraRegister   = "oauth2.register.create"
	extraJWKS       = "oauth2.jwks.get"
	extraServer     = "well_known.oauth_authorization_server.get"
	extraProvider   = "well_known.openid_configuration.get"
	extraClient     = "user_management.well_known.openid_configuration.get"
)

// The paths that the metadata names.
const (
	authorizePath  = "/oauth2/authorize"
	continuePath   = "/oauth2/authorize/complete"
	tokenPath      = "/oauth2/token" //nolint:gosec // a path
	devicePath     = "/oauth2/device_authorization"
	introspectPath = "/oauth2/introspection"
	userinfoPath   = "/oauth2/userinfo"
	registerPath   = "/oauth2/register"
	jwksPath       = "/oauth2/jwks"
)

// connectExtras are the endpoints of Connect: those of an authorization server (RFC 6749, 7591, 7662, 8414 and 8628,
// OpenID Connect), which WorkOS serves at the AuthKit domain.
func connectExtras() []optable.Operation {
	anything := &optable.Schema{Types: optable.Object, Additional: &optable.Schema{}}
	ok, moves := optable.Response{Status: http.StatusOK, Schema: anything}, optable.Response{Status: http.StatusFound}
	made := optable.Response{Status: http.StatusCreated, Schema: anything}
	metadata := extra(extraClient, http.MethodGet, "/user_management/{client}/.well-known/openid-configuration", nil, ok)
	metadata.Parameters = []optable.Parameter{{
		Name: "client", In: optable.InPath, Required: true, Schema: &optable.Schema{Types: optable.String},
	}}
	return []optable.Operation{
		extra(extraAuthorize, http.MethodGet, authorizePath, nil, moves),
		extra(extraContinue, http.MethodGet, continuePath, nil, moves),
		extra(extraToken, http.MethodPost, tokenPath, formOf("grant_type", "client_id", "client_secret", "scope", "code",
			"redirect_uri", "code_verifier", "refresh_token", "device_code", "resource"), ok),
		extra(extraDevice, http.MethodPost, devicePath, formOf("client_id", "scope", "resource"), ok),
		extra(extraIntrospect, http.MethodPost, introspectPath,
			formOf("client_id", "client_secret", "token", "token_type_hint"), ok),
		extra(extraUserinfo, http.MethodGet, userinfoPath, nil, ok),
		extra(extraUserinfo2, http.MethodPost, userinfoPath, nil, ok),
		extra(extraRegister, http.MethodPost, registerPath, formOf(), made),
		extra(extraJWKS, http.MethodGet, jwksPath, nil, ok),
		extra(extraServer, http.MethodGet, "/.well-known/oauth-authorization-server", nil, ok),
		extra(extraProvider, http.MethodGet, "/.well-known/openid-configuration", nil, ok),
		metadata,
	}
}

// extra is an operation without a credential whose requests can be malformed.
//
//go:noinline
func extra(id, method, path string, body *optable.Body, response optable.Response) optable.Operation {
	return optable.Operation{
		ID: id, Method: method, Path: path, Security: []optable.Requirement{{}}, Body: body,
		Responses:  []optable.Response{response},
		Extensions: []optable.Extension{{Name: "x-errors", JSON: `{"400": ["invalid_request"]}`}},
	}
}
