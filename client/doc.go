// Package client is the Go SDK for the WorkOS API.
//
//	c, err := client.New(os.Getenv("WORKOS_API_KEY"))
//	if err != nil {
//		return err
//	}
//	organization, err := c.Organizations.Create(ctx, gen.CreateOrganization{Name: "Acme"})
//	if err != nil {
//		return err
//	}
//	for user, err := range c.UserManagement.Users.All(ctx, &gen.UserManagementUsersListParams{
//		OrganizationID: &organization.ID,
//	}) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(user.Email)
//	}
//
// # Calls
//
// The operations are a tree that follows the API's paths, see [Services]; package gen has the types. A method takes
// the context, the values of the path, then as far as the operation has them a struct of query parameters (nil for
// none) and a body, and last options for this call. It returns what the API answers with, or an error.
//
// A list has two methods: List returns one [Page], which leads to its neighbours, and All iterates over the entries of
// all pages. [Client.API] hands out the generated client underneath, for what the tree does not say.
//
// # Absent, null, and a value
//
// In a request a field that null clears is a nullable.Nullable (github.com/oapi-codegen/nullable): its zero value is
// left out, nullable.NewNullNullable sends null. Other optional fields are pointers, left out when nil; slices and maps
// are left out when nil and sent when empty. In an answer, a nil pointer is null or absent. Enumerations are string
// types with constants: a value that they do not list is kept as it is, and so are unknown variants of a union.
// Unknown fields never fail a call.
//
// # Errors
//
// There are two kinds, besides mistakes that are found before anything is sent:
//
//   - [*Error]: the server answered, but not with a usable success. It has the status, the API's code and message, the
//     fields at fault and the request ID. errors.Is finds [ErrNotFound], [ErrRateLimited] and so on in it.
//   - [*TransportError]: no answer came, or the context ended before one did.
//
// Where the context ends while an answer is read or while the call waits to be repeated, errors.Is finds that in the
// [*Error]. The text of both begins with the operation's ID, and no text holds a credential.
//
// # Repeated requests
//
// What is safe to repeat is repeated, twice at most unless [WithRetry] says otherwise; see [RetryPolicy]. A call never
// waits past the deadline of its context.
//
// # Credentials
//
// [New] takes the API key of one environment. A server that acts for many tenants gives credentials with each request
// instead, by [WithCredentials]; [WithCredentialsFromContext] makes a client that has no key of its own and refuses
// every call that comes without one. [WithAPIKey] is for one call. Each operation is sent what it asks for: most the
// API key, sso.profile.get the access token of the profile, and public ones such as sso.jwks.get nothing at all.
//
// Nothing here prints a credential: not an error of this package, nor any value of it by any verb of package fmt or
// through log/slog, nor the request that a response refers to. A header Authorization that a request editor sets is
// replaced.
//
// # What is sent where
//
// Requests go to the base URL and nowhere else, except that two operations (sso.logout.get and
// sso.logout.authorize.create) live on https://auth.workos.com, which is used if the base URL is the default one.
// Redirects are never followed. A path value is always one segment: "../users/user_01" is escaped, and an empty one,
// "." and ".." are errors, as they would address another endpoint (RFC 3986 section 5.2.4).
//
// [New] reads no environment variables; [FromEnv] does. The default transport is [http.DefaultTransport], which takes
// its proxy from the environment; [WithHTTPClient] replaces it.
package client
