package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

// ErrNoCredentials is what errors.Is finds in the error of a call that lacks the credential its operation needs.
// Nothing was sent.
var ErrNoCredentials = errors.New("no credentials")

// Credentials are what one request may authenticate with. They print as which of them are set, not as their values,
// and do not go through encoding/json. A copy in an unexported field of another type is out of their hands: package
// fmt does not call the methods of such fields. Keep them in a context, by [WithCredentials], which shows nothing.
type Credentials struct {
	// APIKey is the secret key of an environment, "sk_…". Most operations need it.
	APIKey string `json:"-"`
	// AccessToken is the access token that sso.token.create answers, for sso.profile.get.
	AccessToken string `json:"-"`
	// PlatformToken is an access token of a platform's own client, for the operations of c.Platform: see
	// [WithPlatformToken], which gets new ones when they expire.
	PlatformToken string `json:"-"`
}

type credentialsKey struct{}

// sealed keeps credentials from being printed as a part of whatever holds them: package fmt does not call the methods
// of values in unexported fields, a context's among them, but it cannot look into a function.
type sealed func() Credentials

// WithCredentials returns a context whose calls authenticate with these credentials. They replace the client's as a
// whole: with an access token alone, a call that needs an API key fails with [ErrNoCredentials].
func WithCredentials(ctx context.Context, credentials Credentials) context.Context {
	return context.WithValue(ctx, credentialsKey{}, seal(credentials))
}

func credentialsFrom(ctx context.Context) (Credentials, bool) {
	in, ok := ctx.Value(credentialsKey{}).(sealed)
	return in.open(), ok
}

func seal(credentials Credentials) sealed { return func() Credentials { return credentials } }

func (s sealed) open() Credentials {
	if s == nil {
		return Credentials{}
	}
	return s()
}

// or returns the credentials with those that are set in other in their place.
func (c Credentials) or(other Credentials) Credentials {
	return Credentials{
		APIKey:        cmp.Or(other.APIKey, c.APIKey),
		AccessToken:   cmp.Or(other.AccessToken, c.AccessToken),
		PlatformToken: cmp.Or(other.PlatformToken, c.PlatformToken),
	}
}

// String tells which credentials are set.
func (c Credentials) String() string {
	return fmt.Sprintf("Credentials{APIKey: %s, AccessToken: %s, PlatformToken: %s}",
		redact.Mask(c.APIKey), redact.Mask(c.AccessToken), redact.Mask(c.PlatformToken))
}

// GoString is String.
func (c Credentials) GoString() string { return c.String() }

// Format writes String for every verb.
func (c Credentials) Format(state fmt.State, verb rune) { redact.Format(state, verb, c.String()) }

// LogValue tells which credentials are set.
func (c Credentials) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("api_key", redact.Mask(c.APIKey)), slog.String("access_token", redact.Mask(c.AccessToken)),
		slog.String("platform_token", redact.Mask(c.PlatformToken)))
}

// checkToken says where a credential has what no bearer token may have (RFC 6750 section 2.1), but not what it is.
func checkToken(name, token string) error {
	for i := range len(token) {
		if token[i] <= ' ' || token[i] > '~' {
			return fmt.Errorf("%s has white space, a control or a non-ASCII character at byte %d of %d",
				name, i, len(token))
		}
	}
	return nil
}
