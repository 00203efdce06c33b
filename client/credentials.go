package client

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

// ErrNoCredentials means that a call lacks the credential that its operation requires. Nothing was sent.
var ErrNoCredentials = errors.New("no credentials")

// Credentials are the credentials of a request. Their printed form shows which are set, not their values, and
// encoding/json omits them. Package fmt does not call the methods of values in unexported fields: a copy in such a
// field prints in full. Store credentials in a context, with [WithCredentials].
type Credentials struct {
	// APIKey is the secret key of an environment, "sk_…". Most operations require it.
	APIKey string `json:"-"`
	// AccessToken is the access token that sso.token.create returns. sso.profile.get requires it.
	AccessToken string `json:"-"`
	// PlatformToken is an access token of a platform's client, for the operations of c.Platform. [WithPlatformToken]
	// renews expired tokens.
	PlatformToken string `json:"-"`
}

type credentialsKey struct{}

// sealed hides credentials in a function. Package fmt prints values in unexported fields, including those of a context,
// without calling their methods, but cannot look into a function.
type sealed func() Credentials

// WithCredentials returns a context whose calls authenticate with these credentials. They replace all of the client's:
// with an access token only, a call that requires an API key fails with [ErrNoCredentials].
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

// override returns c with the fields that are set in other.
func (c Credentials) override(other Credentials) Credentials {
	return Credentials{
		APIKey:        cmp.Or(other.APIKey, c.APIKey),
		AccessToken:   cmp.Or(other.AccessToken, c.AccessToken),
		PlatformToken: cmp.Or(other.PlatformToken, c.PlatformToken),
	}
}

// String reports which credentials are set.
func (c Credentials) String() string {
	return fmt.Sprintf("Credentials{APIKey: %s, AccessToken: %s, PlatformToken: %s}",
		redact.Mask(c.APIKey), redact.Mask(c.AccessToken), redact.Mask(c.PlatformToken))
}

// GoString returns String.
func (c Credentials) GoString() string { return c.String() }

// Format writes String for every verb.
func (c Credentials) Format(state fmt.State, verb rune) { redact.Format(state, verb, c.String()) }

// LogValue reports which credentials are set.
func (c Credentials) LogValue() slog.Value {
	return slog.GroupValue(
		slog.String("api_key", redact.Mask(c.APIKey)), slog.String("access_token", redact.Mask(c.AccessToken)),
		slog.String("platform_token", redact.Mask(c.PlatformToken)))
}

// checkToken rejects characters that bearer tokens cannot contain (RFC 6750 section 2.1). The error does not show the
// token.
func checkToken(name, token string) error {
	for i := range len(token) {
		if token[i] <= ' ' || token[i] > '~' {
			return fmt.Errorf("%s has white space, a control or a non-ASCII character at byte %d of %d",
				name, i, len(token))
		}
	}
	return nil
}
