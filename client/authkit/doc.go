// Package authkit signs users in and keeps them signed in: authorization URLs, the grants that exchange a code, a
// password or a refresh token for a session, sealed session cookies, access tokens verified without a call, the device
// flow, and handlers for net/http that put all of it together.
//
//	c, err := workos.New(os.Getenv("WORKOS_API_KEY"), workos.WithClientID(os.Getenv("WORKOS_CLIENT_ID")))
//	kit, err := authkit.New(c)
//	sealer, err := authkit.NewSealer(authkit.Password{Secret: os.Getenv("WORKOS_COOKIE_PASSWORD")})
//	sessions, err := authkit.NewSessions(kit, sealer, "https://app.example/callback", authkit.WithSignInPath("/sign-in"))
//
//	mux.HandleFunc("GET /sign-in", sessions.SignIn)
//	mux.HandleFunc("GET /callback", sessions.Callback)
//	mux.HandleFunc("POST /sign-out", sessions.SignOut)
//	mux.Handle("/", sessions.Require(app))
//
// Behind [Sessions.Require] a handler knows the user:
//
//	session, _ := authkit.SessionFrom(r.Context())
//	claims, _ := authkit.ClaimsFrom(r.Context())
//	if !claims.HasPermission("reports:read") {
//		http.Error(w, "not allowed", http.StatusForbidden)
//		return
//	}
//
// Other programs use the parts: [Client.AuthorizationURL] with [NewPKCE] and [NewState],
// [Client.AuthenticateWithCode] and the other grants, [Sealer.SealSession] and [Sealer.OpenSession],
// [Client.VerifyAccessToken], [Client.Refresh], [Client.LogoutURL]. A CLI uses [Client.AuthorizeDevice] and
// [Client.WaitForDevice], an API [Client.RequireBearer].
//
// # Cookies
//
// A session cookie has the name, the format and the content of the other AuthKit SDKs (Node.js, Next.js, …), so that
// programs in several languages can share it. Cookies of the official Go SDK are opened too, and are sealed in the
// common format the next time their tokens are refreshed. A session above 4 KiB is split into several cookies, which
// the other SDKs do not read. Cookies of authkit-remix, which wraps the seal in a format of Remix, and of the Ruby and
// Python SDKs, which have formats of their own, are not accepted: their users sign in again.
//
// # Several processes
//
// Give each process the same store, by [WithState]: they exchange a refresh token once, and a session that was signed
// out at one is refused by all. [WithSessionStore] also keeps the sessions themselves there. A proxy in front must pass
// headers of the size of the cookies: for nginx, large_client_header_buffers and proxy_buffer_size.
//
// # The dashboard
//
// Register the URL of [Sessions.Callback] as redirect URI, that of [Sessions.SignIn] as sign-in endpoint, and
// [WithSignedOutURL] as sign-out redirect. Identity providers, impersonators and invitations start sign-ins there.
//
// # Tokens
//
// An access token is valid for some minutes, 5 unless the dashboard sets another time. Until then a session that was
// ended elsewhere, or whose permissions changed, appears unchanged. A refresh token can be exchanged once: see
// [Client.Refresh] for servers with several replicas.
//
// No error of this package contains a token, a password or a code verifier, and no value of it prints one with any
// verb of package fmt or through log/slog. A copy in an unexported field of another type does print, because
// package fmt does not call the methods of such fields.
package authkit
