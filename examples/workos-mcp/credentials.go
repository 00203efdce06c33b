package main

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

const (
	bearerHeader, accessTokenHeader, platformHeader = "x-bearer", "x-access_token", "x-platform"
	sandboxKey                                      = "sk_sandbox" // replaces a key where nothing checks it
	// Advice on how a caller provides a missing credential.
	localAdvice = "Set WORKOS_API_KEY to a secret key of your environment (for sso.profile.get WORKOS_ACCESS_TOKEN, " +
		"for platform operations WORKOS_PLATFORM_TOKEN), or use --sandbox to try things out without one."
	requestAdvice = "Send the key with each request, as Authorization: Bearer sk_… or x-bearer: sk_… (the access token " +
		"of an SSO profile as x-access_token, that of a platform as x-platform), or start the server with --sandbox to " +
		"try things out without one."
)

// local adds the credentials of stdio and the shell.
func (b *backend) local(ctx context.Context, getenv func(string) string) context.Context {
	return b.with(ctx, client.Credentials{
		APIKey: getenv("WORKOS_API_KEY"), AccessToken: getenv("WORKOS_ACCESS_TOKEN"),
		PlatformToken: getenv("WORKOS_PLATFORM_TOKEN"),
	})
}

// request adds the credentials of one HTTP request, which no other request sees.
func (b *backend) request(ctx context.Context, r *http.Request) context.Context {
	return b.with(ctx, credentials(r.Header))
}

// authorized rejects requests without a credential.
func (b *backend) authorized(r *http.Request) error {
	if b.sandbox.Any() || credentials(r.Header) != (client.Credentials{}) {
		return nil
	}
	return errors.New("the request has no credential. " + requestAdvice) //nolint:staticcheck // sentences for people
}

func (b *backend) with(ctx context.Context, c client.Credentials) context.Context {
	if b.sandbox.Any() && (b.sandbox.URL() == "" || c == client.Credentials{}) { // one that serves may tell keys apart
		c = client.Credentials{APIKey: sandboxKey, AccessToken: sandboxKey, PlatformToken: sandboxKey}
	}
	return client.WithCredentials(ctx, c)
}

// caller returns the credentials of a call and the server that they are for.
func (b *backend) caller(ctx context.Context) string {
	c := b.client.Credentials(ctx)
	const separator = "\x00" // which none of them can contain
	return b.client.BaseURL() + separator + c.APIKey + separator + c.AccessToken + separator + c.PlatformToken
}

// credentials reads those of a request. x-bearer overrides Authorization, which a gateway in front may use for itself.
func credentials(header http.Header) client.Credentials {
	c := client.Credentials{
		APIKey:        strings.TrimSpace(header.Get(bearerHeader)),
		AccessToken:   strings.TrimSpace(header.Get(accessTokenHeader)),
		PlatformToken: strings.TrimSpace(header.Get(platformHeader)),
	}
	if c.APIKey == "" {
		c.APIKey = serve.BearerToken(header)
	}
	return c
}
