package main

import (
	"context"
	"net/http"
	"strings"

	"github.com/seed-f165d83c/workos/client"
)

// sandboxKey stands in for a key where nothing checks it.
const sandboxKey = "sk_sandbox"

// fromEnvironment are the credentials of stdio and the shell.
func (p process) fromEnvironment(ctx context.Context, f flags) context.Context {
	credentials := client.Credentials{APIKey: p.getenv("WORKOS_API_KEY"), AccessToken: p.getenv("WORKOS_ACCESS_TOKEN")}
	if f.sandbox {
		credentials = client.Credentials{APIKey: sandboxKey, AccessToken: sandboxKey}
	}
	return client.WithCredentials(ctx, credentials)
}

// fromRequest are the credentials of one HTTP request, which no other request sees. x-bearer goes before
// Authorization, which a gateway in front may use for itself.
func fromRequest(ctx context.Context, r *http.Request, sandboxed bool) context.Context {
	credentials := client.Credentials{
		APIKey:      strings.TrimSpace(r.Header.Get("x-bearer")),
		AccessToken: strings.TrimSpace(r.Header.Get("x-access_token")),
	}
	if credentials.APIKey == "" {
		scheme, key, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if strings.EqualFold(scheme, "Bearer") { // RFC 6750 section 2.1; schemes ignore case, RFC 9110 section 11.1
			credentials.APIKey = strings.TrimSpace(key)
		}
	}
	if sandboxed {
		credentials = client.Credentials{APIKey: sandboxKey, AccessToken: sandboxKey}
	}
	return client.WithCredentials(ctx, credentials)
}
