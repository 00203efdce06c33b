package authkit

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"

	"github.com/seed-f165d83c/workos/client/internal/redact"
	"github.com/seed-f165d83c/workos/gen"
)

// Session is a signed-in user with the session's tokens. Its printed form and encoding/json omit the tokens; use
// [Sealer.SealSession] to store a session.
type Session struct {
	// AccessToken is a JWT that is valid for some minutes: see [Client.VerifyAccessToken].
	AccessToken string `json:"-"`
	// RefreshToken is exchanged for the next access token, once: see [Client.Refresh].
	RefreshToken string `json:"-"`
	// User is nil only if the cookie was sealed without one.
	User *gen.User `json:"user,omitempty"`
	// OrganizationID is the organization of the session; "" if there is none.
	OrganizationID string `json:"organization_id,omitempty"`
	// AuthenticationMethod is the method of the sign-in; "" if unknown.
	AuthenticationMethod gen.AuthenticationMethod `json:"authentication_method,omitempty"`
	// Impersonator is the person who acts as the user; nil if there is none.
	Impersonator *gen.Impersonator `json:"impersonator,omitempty"`

	// OAuthTokens are the tokens of the OAuth provider, available after a sign-in only; cookies omit them.
	OAuthTokens *OAuthTokens `json:"-"`
	// AuthKitAuthorizationCode is a code that another application can exchange for tokens; "" if there is none. Cookies
	// omit it.
	AuthKitAuthorizationCode string `json:"-"`
}

// OAuthTokens are the tokens of an OAuth provider, to call its API for the user. Their printed form omits the tokens.
type OAuthTokens struct {
	Provider     string   `json:"provider"` // such as "GoogleOAuth"
	AccessToken  string   `json:"-"`
	RefreshToken string   `json:"-"`          // "" if the provider issues none
	ExpiresAt    int      `json:"expires_at"` // of the access token, Unix time in seconds
	Scopes       []string `json:"scopes"`     // that the provider granted
}

// clone returns a copy. Pointers in User are shared.
func (s Session) clone() *Session {
	c := s
	if s.User != nil {
		user := *s.User
		user.Metadata = maps.Clone(user.Metadata)
		c.User = &user
	}
	if s.Impersonator != nil {
		impersonator := *s.Impersonator
		c.Impersonator = &impersonator
	}
	if s.OAuthTokens != nil {
		tokens := *s.OAuthTokens
		tokens.Scopes = slices.Clone(tokens.Scopes)
		c.OAuthTokens = &tokens
	}
	return &c
}

// String returns the user and which tokens are set.
func (s Session) String() string {
	return fmt.Sprintf("Session{User: %s, OrganizationID: %s, AccessToken: %s, RefreshToken: %s}",
		s.userID(), s.OrganizationID, redact.Mask(s.AccessToken), redact.Mask(s.RefreshToken))
}

// GoString is String.
func (s Session) GoString() string { return s.String() }

// Format writes String for every verb.
func (s Session) Format(state fmt.State, verb rune) { redact.Format(state, verb, s.String()) }

// LogValue returns the user and which tokens are set.
func (s Session) LogValue() slog.Value {
	return slog.GroupValue(slog.String("user", s.userID()), slog.String("organization", s.OrganizationID),
		slog.String("access_token", redact.Mask(s.AccessToken)), slog.String("refresh_token", redact.Mask(s.RefreshToken)))
}

func (s Session) userID() string {
	if s.User == nil {
		return ""
	}
	return s.User.ID
}

// String returns the provider.
func (t OAuthTokens) String() string { return fmt.Sprintf("OAuthTokens{Provider: %s}", t.Provider) }

// GoString is String.
func (t OAuthTokens) GoString() string { return t.String() }

// Format writes String for every verb.
func (t OAuthTokens) Format(state fmt.State, verb rune) { redact.Format(state, verb, t.String()) }

// LogValue returns String.
func (t OAuthTokens) LogValue() slog.Value { return slog.StringValue(t.String()) }

// SealSession returns the session as text for a cookie that the other AuthKit SDKs open too. Like theirs it does not
// expire: a session ends when WorkOS ends it. It rejects a nil session and one without access token.
func (s *Sealer) SealSession(session *Session) (string, error) { return s.sealSession(session, "") }

// boundSession is a session in a store, bound to its key: neither its cookie's value nor that of another key.
type boundSession struct {
	Key     string         `json:"key"`
	Session *cookieSession `json:"session"`
}

// sealSession seals a session, bound to the key of a store unless that is "".
func (s *Sealer) sealSession(session *Session, key string) (string, error) {
	switch {
	case session == nil:
		return "", errors.New("workos/authkit: seal session: session is nil")
	case session.AccessToken == "":
		return "", errors.New("workos/authkit: seal session: no access token")
	}
	cookie := toCookie(session)
	var content any = cookie
	if key != "" {
		content = boundSession{key, cookie}
	}
	data, err := json.Marshal(content)
	if err != nil {
		return "", errors.New("workos/authkit: seal session: it does not encode") // the cause could quote a token
	}
	sealed, err := s.seal(data, 0)
	if err != nil {
		return "", fmt.Errorf("workos/authkit: seal session: %w", err)
	}
	return sealed, nil
}

// OpenSession returns the session that SealSession, another AuthKit SDK or the official Go SDK sealed. It verifies no
// token: [Client.VerifyAccessToken] does. Beside what [Sealer.Open] refuses, a seal without access token is
// [ErrSealContent].
func (s *Sealer) OpenSession(sealed string) (*Session, error) {
	session, err := s.openSession(sealed, "")
	if err != nil {
		return nil, fmt.Errorf("workos/authkit: open session: %w", err)
	}
	return session, nil
}

// openSession opens what sealSession sealed with the same key.
func (s *Sealer) openSession(sealed, key string) (*Session, error) {
	data, err := s.open(sealed)
	if err != nil {
		return nil, err
	}
	bound := boundSession{Session: new(cookieSession)}
	var into any = bound.Session
	if key != "" {
		into = &bound
	}
	if err := json.Unmarshal(data, into); err != nil {
		return nil, fmt.Errorf("%w: %s", ErrSealContent, jsonFault(err))
	}
	if bound.Key != key || bound.Session == nil {
		return nil, fmt.Errorf("%w: it is that of another key", ErrSealContent)
	}
	session := bound.Session.session()
	if session.AccessToken == "" {
		return nil, fmt.Errorf("%w: no access token", ErrSealContent)
	}
	return session, nil
}

// jsonFault says where JSON is not as expected, without what stands there.
func jsonFault(err error) string {
	var mistyped *json.UnmarshalTypeError
	if errors.As(err, &mistyped) && mistyped.Field != "" {
		return mistyped.Field + " is of another type"
	}
	return "it does not decode"
}
