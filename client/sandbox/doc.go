// Package sandbox is WorkOS in memory: for tests of programs that use WorkOS, and for trying things out without a key
// or a network.
//
// A [Sandbox] is a [net/http.RoundTripper] to put under an HTTP client, and a [net/http.Handler] to serve:
//
//	httpClient := &http.Client{Transport: sandbox.New()}
//
//	server := httptest.NewServer(sandbox.New())
//
// # What it does
//
// It responds to every operation of the API, on any host, as the API does:
//
//   - API keys begin with sk_, and each has an environment of its own; see [WithSharedEnvironment] and [WithAnyKey].
//   - What was created can be got, listed, updated and deleted, and what belongs to it goes with it. What nobody made,
//     with an operation or with [Sandbox.Seed], is not there; see [WithExamples].
//   - Values that have to be unique are, states change as documented, and a refusal has the status and code that the
//     API documents for the operation.
//   - People sign in: by password, emailed code, redirect with PKCE, SSO, device code, and with a second factor. Codes
//     and tokens are checked, expire and are good for one use; a refresh token that is used twice ends its session.
//     Access tokens are JSON Web Tokens with the API's claims, signed with a key that /sso/jwks shows and that is
//     public: trust it in tests alone. What would be sent by email or SMS is in [Sandbox.Outbox].
//   - Checks of authorization are computed from roles, assignments to members and groups, and the resources' parents.
//   - Directories, connections and flags come from [Sandbox.Seed] and change by [Sandbox.Change] and [Sandbox.Remove].
//   - Writes append their events, in order. [Sandbox.Deliver] and [Sandbox.Run] send them to webhook endpoints, signed
//     and with retries. Action endpoints, which a seed makes, are asked before somebody signs in or registers.
//   - An audit log export becomes ready when somebody looks, with a CSV file at its URL.
//   - A data key of the vault is recovered from its encrypted keys, also after rekeying. Keys that this environment did
//     not hand out get 400.
//   - Connect is an authorization server at /oauth2/authorize, with PKCE, consent, registration of clients, Standalone
//     Connect, devices, machines, introspection and metadata, so that an MCP server can be guarded by it. Accounts
//     of Pipes are connected at a page of the sandbox and hand out tokens and keys. Radar judges attempts by its lists
//     alone. What the runtime clients of feature flags poll is at /sdk/feature-flags.
//   - Operations without rules of their own do what their path says, or return an example that is valid by the
//     description.
//
// A request takes effect as a whole or, when it is refused, not at all, but for what a failed attempt leaves. With
// [WithSeed] and [WithClock] the same requests get the same responses, byte for byte.
//
// # State
//
// What [New] returns is empty and forgets all when the program ends. [Open] returns a sandbox whose content is in a
// file. [Sandbox.Snapshot] and [Sandbox.Restore] take the whole content out and put it back, for tests that begin with
// the same things; [Sandbox.Reset] forgets all.
//
// # Faults
//
// [Sandbox.AddFault] adds a rule by which requests fail: by operation or path, the nth, some, or those above a rate;
// with a status, a delay, or a response that breaks off. [Sandbox.Requests] returns what was requested, secrets masked.
//
// # Other programs
//
// Below /_sandbox/ a served sandbox responds about itself, as /_sandbox/openapi.json describes: outbox, requests,
// deliveries, fault rules, clock, snapshot, seed and reset. Web pages of other
// origins are refused. /_sandbox/ is a page for people.
//
// # What it does not do
//
// It signs in, without asking, the user whom login_hint names, or else the first. It checks no password against a hash
// of another system.
package sandbox
