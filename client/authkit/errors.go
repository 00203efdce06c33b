package authkit

import "errors"

// Errors of opening a sealed text. Treat all of them as "not signed in".
var (
	// ErrSealFormat: the text is not a seal: truncated, of another version, or too long.
	ErrSealFormat = errors.New("not a seal")
	// ErrSealPassword: the seal was made with a password whose ID the sealer does not know.
	ErrSealPassword = errors.New("seal made with an unknown password")
	// ErrSealIntegrity: the seal was changed, or made with another password of the same ID.
	ErrSealIntegrity = errors.New("seal was changed, or made with another password")
	// ErrSealExpired: the seal is authentic but expired.
	ErrSealExpired = errors.New("seal expired")
	// ErrSealContent: the seal is authentic but does not contain a session.
	ErrSealContent = errors.New("seal holds no session")
)

// Errors of verifying an access token. After ErrTokenExpired a session can be refreshed. ErrTokenNotYetValid and
// ErrKeysUnavailable may pass: another attempt can succeed. Treat the others as "not signed in".
var (
	// ErrTokenFormat: the text is not a JWT, or too long.
	ErrTokenFormat = errors.New("not a JWT")
	// ErrTokenAlgorithm: the JWT is not signed with RS256.
	ErrTokenAlgorithm = errors.New("algorithm is not accepted")
	// ErrTokenKey: the JWT is signed with a key that the application does not have.
	ErrTokenKey = errors.New("signed with an unknown key")
	// ErrTokenSignature: the JWT was changed, or signed by another party.
	ErrTokenSignature = errors.New("signature is wrong")
	// ErrTokenClaims: the JWT is authentic, but claims are missing or have another type, or it is an ID token.
	ErrTokenClaims = errors.New("claims are not those of an access token")
	// ErrTokenIssuer: the JWT is authentic, but its issuer is not accepted: see [WithIssuers].
	ErrTokenIssuer = errors.New("issuer is not accepted")
	// ErrTokenAudience: the JWT is authentic, but for another audience: see [WithAudience].
	ErrTokenAudience = errors.New("audience is not accepted")
	// ErrTokenExpired: the JWT is authentic but expired.
	ErrTokenExpired = errors.New("expired")
	// ErrTokenNotYetValid: the JWT is authentic but not yet valid by the local clock.
	ErrTokenNotYetValid = errors.New("not yet valid")

	// ErrKeysUnavailable: the keys that verify tokens could not be fetched. The token may be valid.
	ErrKeysUnavailable = errors.New("keys are not available")
)

// ErrStateUnavailable means that the store of [WithState] or [WithSessionStore] failed. The user may be signed in.
var ErrStateUnavailable = errors.New("state is not available")

// ErrSignInLoop means that a browser completed several sign-ins within a minute whose session was then not accepted.
// The error wraps the reason.
var ErrSignInLoop = errors.New("signed in again and again, but the session is not accepted")

// ErrNotSignedIn means that no user is signed in. [Sessions.Load] returns it together with the reason.
var ErrNotSignedIn = errors.New("not signed in")

// ErrNoCookie means that a request has no cookie of that name.
var ErrNoCookie = errors.New("no cookie")

// ErrCookieSize means that a session has more than 64 KiB, sealed, or that the state of a sign-in does not fit into one
// cookie. Browsers silently drop cookies of more than 4096 bytes, so a larger session is split into several, of which
// the other AuthKit SDKs read none. Large sessions result from the access token: permissions, and claims of a JWT
// template.
var ErrCookieSize = errors.New("session is too large for a cookie")

// Errors of completing a sign-in.
var (
	// ErrState: this browser did not start the sign-in, started it more than 10 minutes ago, or completed it already.
	ErrState = errors.New("sign-in was not started by this browser, expired, or is already completed")
	// ErrNoCode: the callback has neither a code nor an error.
	ErrNoCode = errors.New("no code")
)

// ErrSessionEnded means that a session has ended: the user must sign in again.
var ErrSessionEnded = errors.New("session has ended")

// Errors of a device's sign-in.
var (
	// ErrDeviceDenied: the user refused.
	ErrDeviceDenied = errors.New("user denied the sign-in")
	// ErrDeviceExpired: the user did not confirm in time. Start again with [Client.AuthorizeDevice].
	ErrDeviceExpired = errors.New("device code expired")
)
