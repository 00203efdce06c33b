// Package credential authenticates the requests of an API as its description says: with the security schemes of its
// table (package optable). Credentials travel in the context of a call and nowhere else, are added to requests by a
// transport, and are never written to logs or errors.
//
//	schemes := credential.New(&museum.Operations)
//	doer := &http.Client{Transport: schemes.Transport(http.DefaultTransport)}
//	ctx = credential.With(ctx, credential.Set{"api_key": {Secret: key}})
//
// Supported are API keys in headers, queries and cookies, HTTP Basic (RFC 7617) and Bearer (RFC 6750), other HTTP
// schemes whose credential is one text, OAuth 2.0 and OpenID Connect with a token of the caller, and OAuth 2.0 client
// credentials (RFC 6749 section 4.4), whose tokens are fetched and renewed. Mutual TLS is a matter of the transport
// below, and HTTP Digest is not supported.
package credential

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Credential is what satisfies one security scheme. It prints as [hidden].
type Credential struct {
	// Secret is the key or the token, or for HTTP Basic the user and the password with a colon between.
	Secret string
	// ClientID and ClientSecret get tokens of the client credentials flow, if Secret is "".
	ClientID, ClientSecret string
}

const hidden = "[hidden]"

// String returns "[hidden]".
func (Credential) String() string { return hidden }

// GoString returns "[hidden]".
func (Credential) GoString() string { return hidden }

// LogValue returns "[hidden]".
func (Credential) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText returns "[hidden]".
func (Credential) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Set has the credentials of a caller by the names of security schemes.
type Set map[string]Credential

type setKey struct{}

// With returns a context whose calls use the credentials of the set, and none of an outer context. The set must not be
// changed afterwards.
func With(ctx context.Context, set Set) context.Context { return context.WithValue(ctx, setKey{}, set) }

func setOf(ctx context.Context) Set {
	set, _ := ctx.Value(setKey{}).(Set)
	return set
}

// Schemes are the security schemes of a table. They are safe for concurrent use.
type Schemes struct {
	table  *optable.Table
	usable []*optable.SecurityScheme // those for which a caller can have a credential
	stated bool                      // whether any operation says which schemes it needs
	tokens tokens
}

// New returns the schemes of a table. If it has none, as one that was made without a description, there is one named
// authorization: the value of the header Authorization.
func New(table *optable.Table) *Schemes {
	s := &Schemes{table: table, stated: table.Security != nil}
	for i := range table.Operations {
		s.stated = s.stated || table.Operations[i].Security != nil
	}
	for i := range table.SecuritySchemes {
		if scheme := &table.SecuritySchemes[i]; usable(scheme) {
			s.usable = append(s.usable, scheme)
		}
	}
	if len(table.SecuritySchemes) == 0 {
		s.usable = []*optable.SecurityScheme{{
			Name: "authorization", Type: optable.APIKey, In: optable.InHeader, Parameter: authorization,
			Description: "Value of the header Authorization.",
		}}
	}
	return s
}

const (
	authorization = "Authorization"
	basic         = "basic"
	bearer        = "bearer"
)

func usable(s *optable.SecurityScheme) bool {
	switch s.Type {
	case optable.APIKey:
		return s.Parameter != "" && (s.In == optable.InHeader || s.In == optable.InQuery || s.In == optable.InCookie)
	case optable.HTTP:
		return s.Scheme != "" && !strings.EqualFold(s.Scheme, "digest")
	case optable.OAuth2, optable.OpenIDConnect:
		return true
	case optable.MutualTLS:
	}
	return false
}

// scheme returns the scheme with that name for which callers have credentials, or nil.
func (s *Schemes) scheme(name string) *optable.SecurityScheme {
	for _, scheme := range s.usable {
		if scheme.Name == name {
			return scheme
		}
	}
	return nil
}

// Check returns an error for a credential of an unknown scheme, or one that its scheme cannot send. The error does not
// contain the credential.
func (s *Schemes) Check(set Set) error {
	for name, c := range set {
		scheme := s.scheme(name)
		if scheme == nil {
			return fmt.Errorf("unknown security scheme %q: want %s", name, strings.Join(s.names(), ", "))
		}
		if err := check(scheme, c.Secret); err != nil {
			return fmt.Errorf("credential for %q: %w", name, err)
		}
	}
	return nil
}

func (s *Schemes) names() []string {
	names := make([]string, len(s.usable))
	for i, scheme := range s.usable {
		names[i] = scheme.Name
	}
	return names
}

func check(scheme *optable.SecurityScheme, secret string) error {
	unprintable := func(r rune) bool { return r < ' ' || r == 0x7f }
	switch {
	case strings.ContainsFunc(secret, unprintable):
		return errors.New("it has control characters")
	case scheme.Type == optable.HTTP && strings.EqualFold(scheme.Scheme, basic) && secret != "" &&
		!strings.Contains(secret, ":"):
		return errors.New("want the user and the password with a colon between")
	case scheme.In == optable.InCookie && strings.ContainsAny(secret, "\";\\, "):
		return errors.New("it has characters that a cookie cannot carry")
	}
	return nil
}

// add adds a credential to a request.
func add(r *http.Request, scheme *optable.SecurityScheme, secret string) error {
	if err := check(scheme, secret); err != nil {
		return fmt.Errorf("credential for %q: %w", scheme.Name, err)
	}
	switch {
	case scheme.Type == optable.APIKey && scheme.In == optable.InHeader:
		r.Header.Set(scheme.Parameter, secret)
	case scheme.Type == optable.APIKey && scheme.In == optable.InQuery:
		if r.URL.RawQuery != "" { // whose order and spelling stay
			r.URL.RawQuery += "&"
		}
		r.URL.RawQuery += url.Values{scheme.Parameter: {secret}}.Encode()
	case scheme.Type == optable.APIKey:
		cookie := scheme.Parameter + "=" + secret
		if others := r.Header.Get("Cookie"); others != "" {
			cookie = others + "; " + cookie
		}
		r.Header.Set("Cookie", cookie)
	case scheme.Type == optable.HTTP && strings.EqualFold(scheme.Scheme, basic):
		r.Header.Set(authorization, "Basic "+base64.StdEncoding.EncodeToString([]byte(secret)))
	case scheme.Type == optable.HTTP && !strings.EqualFold(scheme.Scheme, bearer):
		r.Header.Set(authorization, scheme.Scheme+" "+secret)
	default:
		r.Header.Set(authorization, "Bearer "+secret)
	}
	return nil
}
