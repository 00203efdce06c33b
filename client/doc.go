// Package client is the Go SDK for the WorkOS API: the generated client of package gen with credentials, typed
// errors and limits around every call.
//
//	c, err := client.New(os.Getenv("WORKOS_API_KEY"))
//	if err != nil {
//		return err
//	}
//	answer, err := c.API().OrganizationsCreateWithResponse(ctx, gen.CreateOrganization{Name: "Acme"})
//	if err != nil {
//		return err
//	}
//	fmt.Println(answer.JSON201.ID)
//
// [Client.API] has a method XWithResponse for each operation. Its answer has a field for each documented status that
// carries JSON, such as JSON201; the one of the status that came is set. All are nil after a success with a status
// that is not documented, which is worth a check where an emulator answers. The methods without WithResponse hand out
// the plain *http.Response instead, of which the caller closes the body.
//
// # Errors
//
// A call returns a nil error only for a status of the 2xx class, or for a redirect where a redirect is what the
// operation answers with. Every other status is an [*Error]:
//
//	var failure *client.Error
//	if errors.As(err, &failure) && failure.StatusCode == http.StatusNotFound {
//		// …
//	}
//
// What failed without an answer names the operation and wraps its cause, so that errors.Is(err, context.Canceled)
// and errors.As with a *url.Error hold. [ErrNoCredentials] and a path value that addresses something else are reported
// before anything is sent. An answer that is too large is a [*ResponseTooLargeError].
//
// # Credentials
//
// [New] takes the API key of one environment. A server that acts for many tenants gives credentials with each request
// instead, by [WithCredentials]; [WithCredentialsFromContext] makes a client that has no key of its own and refuses
// every call that comes without one. Each operation is sent what it asks for: most the API key, sso.profile.get the
// access token of the profile, and public ones such as sso.jwks.get nothing at all.
//
// Nothing here prints a credential: not an error of this package, nor any value of it by any verb of package fmt or
// through log/slog, nor the request that a response refers to. (What does not decode is an error of encoding/json,
// which may quote a value of the answer.) A header Authorization that a request editor sets is replaced.
//
// # What is sent where
//
// Requests go to the base URL and nowhere else, except that two operations (sso.logout.get and
// sso.logout.authorize.create) live on https://auth.workos.com, which is used if the base URL is the default one.
// Redirects are never followed. A path value is always one segment: "../users/user_01" is escaped, and an empty one,
// "." and ".." are errors, as they would address another endpoint (RFC 3986 section 5.2.4).
//
// The package reads no environment variables. The default transport is [http.DefaultTransport], which takes its proxy
// from the environment; [WithHTTPClient] replaces it.
package client
