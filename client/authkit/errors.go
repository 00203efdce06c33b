package authkit

import "errors"

// Why a sealed text is refused. It says nothing about who sent it: all of these are to be taken as "not signed in".
var (
	// ErrSealFormat is a text that no seal looks like: cut off, of another version, or too long.
	ErrSealFormat = errors.New("not a seal")
	// ErrSealPassword is a seal made with a password whose ID the sealer does not know.
	ErrSealPassword = errors.New("seal made with an unknown password")
	// ErrSealIntegrity is a seal that was changed, or made with another password of the same ID.
	ErrSealIntegrity = errors.New("seal was changed, or made with another password")
	// ErrSealExpired is a genuine seal whose time is over.
	ErrSealExpired = errors.New("seal expired")
	// ErrSealContent is a genuine seal that holds something else than a session.
	ErrSealContent = errors.New("seal holds no session")
)

// Why an access token is refused. All but ErrTokenExpired, after which a session may be refreshed, are to be taken as
// "not signed in".
var (
	// ErrTokenFormat is a text that is no JWT: cut off, too long, or something else.
	ErrTokenFormat = errors.New("not a JWT")
	// ErrTokenAlgorithm is a JWT that is not signed with RS256, such as one of algorithm "none" or HS256.
	ErrTokenAlgorithm = errors.New("algorithm is not accepted")
	// ErrTokenKey is a JWT signed with a key that the application does not have.
	ErrTokenKey = errors.New("signed with an unknown key")
	// ErrTokenSignature is a JWT that was changed, or signed by somebody else.
	ErrTokenSignature = errors.New("signature is wrong")
	// ErrTokenClaims is a genuine JWT with claims that are missing or of another type.
	ErrTokenClaims = errors.New("claims are not those of an access token")
	// ErrTokenIssuer is a genuine JWT of an issuer that is not accepted: see [WithIssuers].
	ErrTokenIssuer = errors.New("issuer is not accepted")
	// ErrTokenAudience is a genuine JWT for somebody else: see [WithAudience].
	ErrTokenAudience = errors.New("audience is not accepted")
	// ErrTokenExpired is a genuine JWT whose time is over.
	ErrTokenExpired = errors.New("expired")
	// ErrTokenNotYetValid is a genuine JWT from the future, as far as the clock here is right.
	ErrTokenNotYetValid = errors.New("not yet valid")

	// ErrKeysUnavailable is no verdict on a token: the keys to verify it with could not be fetched.
	ErrKeysUnavailable = errors.New("keys are not available")
)

// ErrNotSignedIn is what [Sessions.Load] finds where nobody is signed in, together with the reason.
var ErrNotSignedIn = errors.New("not signed in")

// ErrNoCookie says that a request has no cookie of that name.
var ErrNoCookie = errors.New("no cookie")

// ErrCookieSize says that a session does not fit into a cookie. Browsers drop cookies of more than 4096 bytes without a
// word; the other AuthKit SDKs do not split them, so that none is split here. What makes a session large is its access
// token: permissions, and claims of a JWT template.
var ErrCookieSize = errors.New("session is too large for a cookie")

// Why a sign-in that comes back is refused.
var (
	// ErrState says that the sign-in was not begun by this browser, longer than 10 minutes ago, or is completed already.
	ErrState = errors.New("sign-in was not begun here, or long ago, or is completed already")
	// ErrNoCode says that the sign-in came back without code and without error.
	ErrNoCode = errors.New("there is no code")
)

// ErrSessionEnded says that a session is over: the user has to sign in again.
var ErrSessionEnded = errors.New("session has ended")

// How the sign-in of a device ends without one.
var (
	// ErrDeviceDenied says that the user refused.
	ErrDeviceDenied = errors.New("user denied the sign-in")
	// ErrDeviceExpired says that the user did not confirm in time. Begin again with [Client.AuthorizeDevice].
	ErrDeviceExpired = errors.New("device code expired")
)
