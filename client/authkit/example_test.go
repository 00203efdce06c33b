package authkit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"

	"github.com/jarcoal/httpmock"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

// exampleKit stands for authkit.New in the examples, with an API in memory.
func exampleKit() *authkit.Client {
	transport := httpmock.NewMockTransport()
	transport.RegisterResponder("POST", "https://api.workos.com/user_management/authenticate",
		httpmock.NewJsonResponderOrPanic(200, authentication()))
	transport.RegisterResponder("POST", "https://api.workos.com/user_management/authorize/device",
		httpmock.NewJsonResponderOrPanic(200, deviceCodes(map[string]any{"interval": 1})))
	transport.RegisterResponder("GET", "https://api.workos.com/sso/jwks/client_01",
		httpmock.NewJsonResponderOrPanic(200, map[string]any{"keys": jwkSet(newKeys()[0])}))
	c, err := workos.New("sk_test_key", workos.WithClientID("client_01"),
		workos.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		panic(err)
	}
	kit, err := authkit.New(c)
	if err != nil {
		panic(err)
	}
	return kit
}

// exampleToken is an access token as the API issues them.
func exampleToken() string { return mustSign(claims(nil)) }

func mustSign(claims map[string]any) string {
	token, err := newKeys()[0].signed(claims)
	if err != nil {
		panic(err)
	}
	return token
}

func ExampleSessions() {
	kit := exampleKit() // authkit.New(c)
	sealer, err := authkit.NewSealer(authkit.Password{Secret: "thirty-two characters or more, at random"})
	if err != nil {
		fmt.Println(err)
		return
	}
	sessions, err := authkit.NewSessions(kit, sealer, "https://app.example/callback", authkit.WithSignInPath("/sign-in"))
	if err != nil {
		fmt.Println(err)
		return
	}
	reports := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, _ := authkit.SessionFrom(r.Context())
		claims, _ := authkit.ClaimsFrom(r.Context())
		if !claims.HasPermission("reports:read") {
			http.Error(w, "not allowed", http.StatusForbidden)
			return
		}
		fmt.Fprintln(w, "reports for", session.User.Email)
	})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sign-in", sessions.SignIn)
	mux.HandleFunc("GET /callback", sessions.Callback)
	mux.HandleFunc("POST /sign-out", sessions.SignOut)
	mux.Handle("GET /reports", sessions.Require(reports))

	visit := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/reports", nil)
	visit.Header.Set("Accept", "text/html")
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, visit)
	fmt.Println(answer.Code, answer.Header().Get("Location"))
	// Output: 302 /sign-in?return_to=%2Freports
}

func ExampleClient_AuthorizationURL() {
	kit := exampleKit()
	pair := authkit.NewPKCE()   // keep pair.Verifier and state until the user is back
	state := authkit.NewState() // for example sealed in a cookie
	target, err := kit.AuthorizationURL(authkit.AuthorizationParams{
		Provider:      workos.AuthKitProviderAuthKit,
		RedirectURI:   "https://app.example/callback",
		State:         state,
		CodeChallenge: pair.Challenge,
		LoginHint:     "ada@acme.example",
	})
	endpoint, _, _ := strings.Cut(target, "?")
	fmt.Println(endpoint, err)
	// Output: https://api.workos.com/user_management/authorize <nil>
}

func ExampleClient_SSOAuthorizationURL() {
	target, err := exampleKit().SSOAuthorizationURL(authkit.SSOAuthorizationParams{
		Connection: "conn_01", RedirectURI: "https://app.example/sso", State: "state",
	})
	fmt.Println(strings.ReplaceAll(target, "&", "\n&"), err)
	// Output:
	// https://api.workos.com/sso/authorize?client_id=client_01
	// &connection=conn_01
	// &redirect_uri=https%3A%2F%2Fapp.example%2Fsso
	// &response_type=code
	// &state=state <nil>
}

func ExampleClient_AuthenticateWithCode() {
	kit, pair := exampleKit(), authkit.NewPKCE()
	session, err := kit.AuthenticateWithCode(context.Background(), workos.AuthenticateWithCode{
		Code: "the code of the callback", CodeVerifier: &pair.Verifier,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(session.User.Email)
	fmt.Println(session) // without its tokens
	// Output:
	// ada@acme.example
	// Session{User: user_01, OrganizationID: org_01, AccessToken: [redacted], RefreshToken: [redacted]}
}

func ExampleClient_VerifyAccessToken() {
	kit := exampleKit()
	claims, err := kit.VerifyAccessToken(context.Background(), exampleToken())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(claims.UserID, claims.OrganizationID, claims.HasRole("admin"), claims.HasPermission("posts:write"))

	_, err = kit.VerifyAccessToken(context.Background(), exampleToken()+"x")
	fmt.Println(errors.Is(err, authkit.ErrTokenExpired), err)
	// Output:
	// user_01 org_01 true false
	// false workos/authkit: access token: not a JWT: its signature is not base64url
}

func ExampleClaims_Decode() {
	kit := exampleKit()
	token := mustSign(claims(map[string]any{"urn:acme:plan": "team"}))
	verified, err := kit.VerifyAccessToken(context.Background(), token)
	if err != nil {
		fmt.Println(err)
		return
	}
	var custom struct {
		Plan string `json:"urn:acme:plan"` // of a JWT template
	}
	err = verified.Decode(&custom)
	fmt.Println(custom.Plan, err)
	// Output: team <nil>
}

func ExampleSealer() {
	sealer, err := authkit.NewSealer(
		authkit.Password{Secret: "the new password, which seals from now on"},
		authkit.Password{Secret: "the old password, of cookies that are around"},
	)
	if err != nil {
		fmt.Println(err)
		return
	}
	sealed, err := sealer.SealSession(&authkit.Session{AccessToken: "eyJ…", RefreshToken: "…"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sealed[:9])
	session, err := sealer.OpenSession(sealed)
	fmt.Println(session.AccessToken, err)
	_, err = sealer.OpenSession(sealed[:100])
	fmt.Println(errors.Is(err, authkit.ErrSealFormat), err)
	// Output:
	// Fe26.2*1*
	// eyJ… <nil>
	// true workos/authkit: open session: not a seal: it has 5 parts, not 8
}

func ExampleClient_Refresh() {
	kit := exampleKit()
	session := &authkit.Session{AccessToken: "eyJ…", RefreshToken: "the only one"}
	for range 2 { // at once or soon after each other: the token is exchanged once
		fresh, err := kit.Refresh(context.Background(), session)
		if errors.Is(err, authkit.ErrSessionEnded) {
			fmt.Println("sign in again")
			return
		}
		fmt.Println(fresh.User.Email, err)
	}
	// Output:
	// ada@acme.example <nil>
	// ada@acme.example <nil>
}

func ExampleClient_WaitForDevice() {
	kit, ctx := exampleKit(), context.Background()
	device, err := kit.AuthorizeDevice(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("Open", device.VerificationURI, "and enter", device.UserCode)
	session, err := kit.WaitForDevice(ctx, device)
	switch {
	case errors.Is(err, authkit.ErrDeviceDenied), errors.Is(err, authkit.ErrDeviceExpired):
		fmt.Println("please start again")
	case err != nil:
		fmt.Println(err)
	default:
		fmt.Println(session.User.Email)
	}
	// Output:
	// Open https://auth.example/device and enter ABCD-EFGH
	// ada@acme.example
}

func ExampleClient_RequireBearer() {
	api := exampleKit().RequireBearer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		claims, _ := authkit.ClaimsFrom(r.Context())
		if err := json.NewEncoder(w).Encode(claims.UserID); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}))
	for _, token := range []string{exampleToken(), "made up"} {
		call := httptest.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
		call.Header.Set("Authorization", "Bearer "+token)
		answer := httptest.NewRecorder()
		api.ServeHTTP(answer, call)
		fmt.Printf("%d %q\n", answer.Code, answer.Header().Get("WWW-Authenticate"))
	}
	// Output:
	// 200 ""
	// 401 "Bearer error=\"invalid_token\""
}

func ExampleClient_LogoutURL() {
	target, err := exampleKit().LogoutURL("session_01", "https://app.example/bye")
	fmt.Println(strings.ReplaceAll(target, "&", "\n&"), err)
	// Output:
	// https://api.workos.com/user_management/sessions/logout?session_id=session_01
	// &return_to=https%3A%2F%2Fapp.example%2Fbye <nil>
}
