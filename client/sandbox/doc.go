// Package sandbox is the WorkOS API in memory: for tests of programs that use WorkOS, and for trying things out
// without a key or a network.
//
// A [Sandbox] is an [net/http.RoundTripper] to put under an HTTP client, and an [net/http.Handler] to serve:
//
//	httpClient := &http.Client{Transport: sandbox.New()}
//
//	server := httptest.NewServer(sandbox.New())
//
// # What it does
//
// It answers every operation of the API, on any host. What it knows, it reads from the operations table of package
// gen: which things there are, how paths address them, what their fields may hold.
//
//   - A thing created can be got, listed, updated and deleted. What belongs to a deleted thing goes with it.
//   - A thing that several paths lead to is one thing: an organization by its ID and by its external ID, an
//     invitation by its ID and by its token.
//   - Lists have cursors, both orders, limits and the documented filters.
//   - Actions change what they name: a revoked invitation is revoked, a deactivated membership inactive.
//   - Requests are checked: unknown paths and IDs get 404, another method 405, malformed JSON 400, missing, unknown
//     and ill-typed fields 422 with the fields' names, an external ID, slug or
//     vault name that is taken 409, more than 1 MiB 413. A user's email address
//     that is taken gets 422.
//   - A data key of the vault is recovered from its encrypted keys, also after rekeying. Keys that this sandbox did not
//     hand out get 400.
//   - A type that no operation creates, such as directories and events, holds one example from the start, and so do
//     connections: at the top level under the ID that the description gives as an example, elsewhere one for each
//     parent.
//   - All else answers with an example that is valid by the description, the same for the same request but for
//     times.
//
// Credentials are neither checked nor kept: any key will do, or none.
//
// # What it does not do
//
// It keeps no rule of the real thing that is not named above: the same membership, webhook URL or domain can be created
// twice, and an invitation accepted in any state. It is made for tests, not for load or for strangers: lists take time
// that grows with all that is kept, and nothing bounds that.
//
// It sends no email, emits no events, verifies no password and no code, and forgets all when the program ends.
// It is no measure of the rate limits, nor of the permissions, of the real thing.
package sandbox
