// Package client is the Go SDK for the WorkOS API. Import it as workos; no other package is needed for calls:
//
//	import workos "github.com/seed-f165d83c/workos/client"
//
//	c, err := workos.New(os.Getenv("WORKOS_API_KEY"))
//	if err != nil {
//		return err
//	}
//	organization, err := c.Organizations.Create(ctx, workos.CreateOrganization{Name: "Acme"})
//	if err != nil {
//		return err
//	}
//	for user, err := range c.UserManagement.Users.All(ctx, &workos.UserManagementUsersListParams{
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
// The operations form a tree that follows the API's paths; see [Services]. A method's arguments are the context, the
// path parameters, a struct of query parameters (nil for none) and a body if the operation has them, and options of
// this call. It returns the response, or an error.
//
// A list has two methods: List returns one [Page], and All iterates over the items of all pages. A page has 10 items
// unless the parameter Limit sets another number, up to 100. A range over All with a single variable drops the error:
// always use two. [Collect] returns a slice. [Client.API] returns the generated client, for requests that these methods
// cannot express.
//
// "Opt-in" at a method means that WorkOS must enable the operation for your environment first.
//
// # Absent, null, and a value
//
// In a request, a field that null clears is a nullable.Nullable (github.com/oapi-codegen/nullable): its zero value is
// omitted, [Value] sets it and [Null] sends null. Other optional fields are pointers, omitted if nil (see [Ptr]);
// slices and maps are omitted if nil and sent if empty, and required ones must not be nil. In a response, a nil pointer
// means null or absent. Enums are string types with constants. Unknown enum values and unknown variants of a union are
// kept, and unknown fields never fail a call. Neither does a value of an unexpected type: it is left out, and
// [Response] names it. See [WithStrictDecoding]. [Response.Unknown] returns unknown fields; [WithBodyField] and
// [WithQuery] send fields and parameters without a type.
//
// A body that is a union is made of a variant by its From function, such as [AuthenticateFrom]. A body whose fields
// exclude each other has a function for each variant, such as [AssignRoleByID] and [AssignRoleByExternalID].
//
// # Errors
//
// Besides invalid arguments, which are found before anything is sent, there are two types:
//
//   - [*Error]: the response is not a success, or cannot be decoded. It has the status, the API's code and message, the
//     invalid fields and the request ID. errors.Is matches it with [ErrNotFound], [ErrRateLimited] and so on.
//   - [*TransportError]: there was no response, or the context ended before it arrived.
//
// If the context ends while a body is read or during the wait for a retry, errors.Is matches the context's error with
// the [*Error]. The text of both begins with the operation's ID. No text contains a credential.
//
// # Retries
//
// Requests that are safe to repeat are sent up to three times unless [WithRetry] sets another policy; see
// [RetryPolicy]. A call never waits past the deadline of its context.
//
// # Credentials
//
// [New] accepts the API key of one environment. A server that acts for many tenants sets credentials with each request
// instead, by [WithCredentials]; [WithCredentialsFromContext] creates a client without a key, which rejects calls
// without credentials. [WithAPIKey] sets the key of one call. Each operation is sent the credential that it requires:
// the API key for most, the access token of the profile for sso.profile.get, none for public ones such as sso.jwks.get.
//
// No error of this package contains a credential, no value of it prints one with any verb of package fmt or through
// log/slog, and the request of a response has none. One exception: slog.JSONHandler encodes a slice, a map or a struct
// of your own as JSON, with the secrets of the values in it. A header Authorization that a request editor sets is
// replaced.
//
// # Servers
//
// Requests go to the base URL. Two operations, sso.logout.get and sso.logout.authorize.create, go to
// https://auth.workos.com if the base URL is the default one. Redirects are not followed. A path parameter is always
// one segment: "../users/user_01" is escaped, and an empty one, "." and ".." are errors, because they would address
// another endpoint (RFC 3986 section 5.2.4).
//
// [New] reads no environment variables; [FromEnv] does. The default transport is [http.DefaultTransport], which reads
// its proxy from the environment; [WithHTTPClient] replaces it.
package client
