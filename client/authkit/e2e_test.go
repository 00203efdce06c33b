//go:build e2e

package authkit_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/client/internal/nodesdk"
	"github.com/seed-f165d83c/workos/gen"
)

// peerClient is the client ID of nodesdk's client.
const peerClient = "client_01PEER"

// object is a JSON object of the Node SDK.
type object = map[string]any

// nodeSession is an answer of the API as the Node SDK hands it on.
func nodeSession(token string) object {
	return object{
		"accessToken": token, "refreshToken": "refresh", "authenticationMethod": "SSO",
		"impersonator": object{"email": "admin@acme.example", "reason": nil},
		"user": object{
			"object": "user", "id": "user_01", "email": "ada@acme.example", "emailVerified": true, "name": nil,
			"firstName": "Ada \u00e4\u2028\U0001F600 <&>", "lastName": nil, "profilePictureUrl": nil,
			"lastSignInAt": "2026-01-02T03:04:05.670Z", "createdAt": "2026-01-02T03:04:05.000Z",
			"updatedAt": "2026-01-02T03:04:05.678Z", "externalId": nil, "metadata": object{"plan": "team"}, "locale": "en-US",
		},
	}
}

func TestE2ENodeSDKOpensWhatWeSeal(t *testing.T) {
	peer := nodesdk.Start(t)
	sealer := newSealer(t)
	for name, session := range map[string]*authkit.Session{
		"full": aSession(), "little": {AccessToken: "a"}, "without user": {AccessToken: "a", RefreshToken: "r"},
	} {
		sealed, err := sealer.SealSession(session)
		if err != nil {
			t.Fatal(err)
		}
		var want, got object
		plain, err := sealer.Open(sealed)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(plain, &want); err != nil {
			t.Fatal(err)
		}
		args := object{"sessionData": sealed, "cookiePassword": testSecret}
		if err := peer.Call(t, "userManagement.getSessionFromCookie", &got, args); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: the Node SDK opened %v, want %v", name, got, want)
		}
		args["cookiePassword"], got = otherSecret, nil
		if err := peer.Call(t, "userManagement.getSessionFromCookie", &got, args); err != nil || len(got) != 0 {
			t.Errorf("%s with another password: the Node SDK opened %v (%v), want nothing", name, got, err)
		}
	}
}

func TestE2EWeOpenWhatNodeSDKSeals(t *testing.T) {
	peer := nodesdk.Start(t)
	token := newKeys()[0].sign(t, claims(nil))
	var sealed string
	seal := func(password string) {
		t.Helper()
		args := object{"authenticationResponse": nodeSession(token), "cookiePassword": password}
		if err := peer.Call(t, "userManagement.sealSessionDataFromAuthenticationResponse", &sealed, args); err != nil {
			t.Fatal(err)
		}
	}
	seal(testSecret)
	sealer := newSealer(t, authkit.Password{Secret: otherSecret}, authkit.Password{Secret: testSecret})
	got, err := sealer.OpenSession(sealed)
	if err != nil {
		t.Fatal(err)
	}
	first, locale := "Ada \u00e4\u2028\U0001F600 <&>", "en-US"
	at := time.Date(2026, 1, 2, 3, 4, 5, 670e6, time.UTC)
	want := &authkit.Session{
		AccessToken: token, RefreshToken: "refresh", OrganizationID: "org_01",
		AuthenticationMethod: gen.AuthenticationMethodSSO, Impersonator: &gen.Impersonator{Email: "admin@acme.example"},
		User: &gen.User{
			Object: "user", ID: "user_01", Email: "ada@acme.example", EmailVerified: true, FirstName: &first, Locale: &locale,
			LastSignInAt: &at, CreatedAt: at.Truncate(time.Second), UpdatedAt: at.Add(8 * time.Millisecond),
			Metadata: map[string]string{"plan": "team"},
		},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("opened %v with %+v, want %+v", got, got.User, want.User)
	}

	// What we seal of it is, but for its order, what they sealed.
	resealed, err := sealer.SealSession(got)
	if err != nil {
		t.Fatal(err)
	}
	var theirs, ours object
	for text, into := range map[string]*object{sealed: &theirs, resealed: &ours} {
		plain, err := sealer.Open(text)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(plain, into); err != nil {
			t.Fatal(err)
		}
	}
	if !reflect.DeepEqual(ours, theirs) {
		t.Errorf("sealed %v, want %v", ours, theirs)
	}
}

func TestE2ENodeSDKAuthenticatesOurCookies(t *testing.T) {
	key := newKeys()[0]
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/sso/jwks/"+peerClient {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if err := json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: jwkSet(key)}); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	peer := nodesdk.StartWithAPI(t, server.URL)
	workos, err := client.New(testKey, client.WithClientID(peerClient), client.WithBaseURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	kit, err := authkit.New(workos, authkit.WithIssuers("https://api.workos.com"), authkit.WithLeeway(0))
	if err != nil {
		t.Fatal(err)
	}
	good := key.sign(t, claims(nil))
	for name, token := range map[string]string{
		"good": good, "expired": key.sign(t, claims(object{"exp": time.Now().Unix() - 60})),
		"another key": signingKey{key.id, newKeys()[1].private}.sign(t, claims(nil)),
		"unsigned":    "eyJhbGciOiJub25lIn0." + strings.Split(good, ".")[1] + ".",
	} {
		session := aSession()
		session.AccessToken = token
		sealed, err := newSealer(t).SealSession(session)
		if err != nil {
			t.Fatal(err)
		}
		var theirs struct {
			Authenticated  bool
			SessionID      string
			OrganizationID string
			Role           string
			Roles          []string
			Permissions    []string
			Entitlements   []string
			FeatureFlags   []string
			User           struct{ ID, Email string }
		}
		args := object{"sessionData": sealed, "cookiePassword": testSecret}
		if err := peer.Call(t, "userManagement.authenticateWithSessionCookie", &theirs, args); err != nil && name == "good" {
			t.Fatalf("%s: %v", name, err) // some refusals of theirs are thrown
		}
		ours, err := kit.VerifyAccessToken(t.Context(), token)
		if theirs.Authenticated != (err == nil) || theirs.Authenticated != (name == "good") {
			t.Errorf("%s: the Node SDK says %t, we say %v", name, theirs.Authenticated, err)
			continue
		}
		if err != nil {
			continue
		}
		if theirs.SessionID != ours.SessionID || theirs.OrganizationID != ours.OrganizationID || theirs.Role != ours.Role ||
			!reflect.DeepEqual([][]string{theirs.Roles, theirs.Permissions, theirs.Entitlements, theirs.FeatureFlags},
				[][]string{ours.Roles, ours.Permissions, ours.Entitlements, ours.FeatureFlags}) ||
			theirs.User.ID != session.User.ID || theirs.User.Email != session.User.Email {
			t.Errorf("%s: the Node SDK reads %+v, we read %+v", name, theirs, ours)
		}
	}
}

func TestE2EPKCEIsThatOfNodeSDK(t *testing.T) {
	peer := nodesdk.Start(t)
	for range 20 {
		var theirs struct {
			CodeVerifier, CodeChallenge, CodeChallengeMethod string
		}
		if err := peer.Call(t, "pkce.generate", &theirs); err != nil {
			t.Fatal(err)
		}
		pair, err := authkit.PKCEOf(theirs.CodeVerifier)
		if err != nil || pair.Challenge != theirs.CodeChallenge || theirs.CodeChallengeMethod != "S256" {
			t.Errorf("their verifier: got %v and %v, want the challenge %s", pair, err, theirs.CodeChallenge)
		}
		ours := authkit.NewPKCE()
		var challenge string
		if err := peer.Call(t, "pkce.generateCodeChallenge", &challenge, ours.Verifier); err != nil {
			t.Fatal(err)
		}
		if challenge != ours.Challenge {
			t.Errorf("our verifier: got %s, want %s", ours.Challenge, challenge)
		}
	}
}

// urlCase is one URL, asked of both SDKs.
type urlCase struct {
	name   string
	ours   func(*authkit.Client) (string, error)
	method string
	args   object
}

func urlCases() []urlCase {
	maxAge, challenge := 3600, authkit.NewPKCE().Challenge
	awkward := "a b+c&d=e/f?g#h%i'j(k)*l!m~ä"
	redirect := "https://app.example/callback?x=y&z=" + url.QueryEscape(awkward)
	authKit := func(p authkit.AuthorizationParams) func(*authkit.Client) (string, error) {
		return func(c *authkit.Client) (string, error) { return c.AuthorizationURL(p) }
	}
	sso := func(p authkit.SSOAuthorizationParams) func(*authkit.Client) (string, error) {
		return func(c *authkit.Client) (string, error) { return c.SSOAuthorizationURL(p) }
	}
	const ofAuthKit, ofSSO = "userManagement.getAuthorizationUrl", "sso.getAuthorizationUrl"
	return []urlCase{
		{"AuthKit with everything", authKit(authkit.AuthorizationParams{
			RedirectURI: redirect, State: awkward, CodeChallenge: challenge, Provider: gen.AuthKitProviderAuthKit,
			OrganizationID: "org_01", DomainHint: "acme.example", LoginHint: awkward, ScreenHint: gen.ScreenHintSignUp,
			Prompt: "consent", MaxAge: &maxAge, InvitationToken: awkward, ClaimNonce: "nonce",
			ProviderScopes:      []string{"https://scope.example/a"},
			ProviderQueryParams: map[string]string{"hd": awkward, "access_type": "offline"},
		}), ofAuthKit, object{
			"redirectUri": redirect, "state": awkward, "codeChallenge": challenge, "codeChallengeMethod": "S256",
			"provider": "authkit", "organizationId": "org_01", "domainHint": "acme.example", "loginHint": awkward,
			"screenHint": "sign-up", "prompt": "consent", "maxAge": maxAge, "invitationToken": awkward, "claimNonce": "nonce",
			"providerScopes":      []string{"https://scope.example/a"},
			"providerQueryParams": object{"hd": awkward, "access_type": "offline"},
		}},
		{"AuthKit with a connection", authKit(authkit.AuthorizationParams{RedirectURI: redirect, ConnectionID: "conn_01"}),
			ofAuthKit, object{"redirectUri": redirect, "connectionId": "conn_01"}},
		{"AuthKit with an OAuth provider", authKit(authkit.AuthorizationParams{
			RedirectURI: redirect, Provider: gen.AuthKitProviderGoogleOAuth,
		}), ofAuthKit, object{"redirectUri": redirect, "provider": "GoogleOAuth"}},
		{"SSO with everything", sso(authkit.SSOAuthorizationParams{
			RedirectURI: redirect, State: awkward, CodeChallenge: challenge, Connection: "conn_01",
			DomainHint: "acme.example", LoginHint: awkward, ProviderScopes: []string{"profile"},
			ProviderQueryParams: map[string]string{"hd": awkward},
		}), ofSSO, object{
			"clientId": peerClient, "redirectUri": redirect, "state": awkward, "codeChallenge": challenge,
			"codeChallengeMethod": "S256", "connection": "conn_01", "domainHint": "acme.example", "loginHint": awkward,
			"providerScopes": []string{"profile"}, "providerQueryParams": object{"hd": awkward},
		}},
		{"SSO with an organization", sso(authkit.SSOAuthorizationParams{RedirectURI: redirect, Organization: "org_01"}),
			ofSSO, object{"clientId": peerClient, "redirectUri": redirect, "organization": "org_01"}},
		{"SSO with a provider", sso(authkit.SSOAuthorizationParams{
			RedirectURI: redirect, Provider: gen.SSOProviderGoogleOAuth,
		}), ofSSO, object{"clientId": peerClient, "redirectUri": redirect, "provider": "GoogleOAuth"}},
		{"logout", func(c *authkit.Client) (string, error) { return c.LogoutURL("session_01", redirect) },
			"userManagement.getLogoutUrl", object{"sessionId": "session_01", "returnTo": redirect}},
		{"logout to the default", func(c *authkit.Client) (string, error) { return c.LogoutURL("session_01", "") },
			"userManagement.getLogoutUrl", object{"sessionId": "session_01"}},
	}
}

func TestE2EURLsAreThoseOfNodeSDK(t *testing.T) {
	peer := nodesdk.Start(t)
	workos, err := client.New(testKey, client.WithClientID(peerClient))
	if err != nil {
		t.Fatal(err)
	}
	kit, err := authkit.New(workos)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range urlCases() {
		ours, err := tt.ours(kit)
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		var theirs string
		if err := peer.Call(t, tt.method, &theirs, tt.args); err != nil {
			t.Errorf("%s: the Node SDK: %v", tt.name, err)
			continue
		}
		endpoint, got := query(t, ours)
		wantEndpoint, want := query(t, theirs)
		if endpoint != wantEndpoint || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %s with\n%v\nwant %s with\n%v", tt.name, endpoint, got, wantEndpoint, want)
		}
	}
	var theirs string
	if err := peer.Call(t, "userManagement.getJwksUrl", &theirs, peerClient); err != nil || theirs != kit.JWKSURL() {
		t.Errorf("JWKS: got %s, want %s (%v)", kit.JWKSURL(), theirs, err)
	}
}

// The one parameter that differs: the API's description has several scopes in one value, and the Node SDK sends them as
// several.
func TestE2EScopesAreThoseOfNodeSDKInOneValue(t *testing.T) {
	peer := nodesdk.Start(t)
	scopes := []string{"openid", "email"}
	ours, err := newClient(t, offline()).AuthorizationURL(authkit.AuthorizationParams{
		RedirectURI: testRedirect, Provider: gen.AuthKitProviderGoogleOAuth, ProviderScopes: scopes,
	})
	if err != nil {
		t.Fatal(err)
	}
	var theirs string
	args := object{"redirectUri": testRedirect, "provider": "GoogleOAuth", "providerScopes": scopes}
	if err := peer.Call(t, "userManagement.getAuthorizationUrl", &theirs, args); err != nil {
		t.Fatal(err)
	}
	_, got := query(t, ours)
	_, want := query(t, theirs)
	if fmt.Sprint(got["provider_scopes"]) != "[openid,email]" ||
		strings.Join(want["provider_scopes"], ",") != got.Get("provider_scopes") {
		t.Errorf("got %q, want the scopes of %q in one value", got["provider_scopes"], want["provider_scopes"])
	}
}

// BenchmarkE2ESealedCookie compares our seals with those of the Node SDK, on this machine in one run: x-node is how
// many times as long the Node SDK takes, within its own process.
func BenchmarkE2ESealedCookie(b *testing.B) {
	peer := nodesdk.Start(b)
	sealer, session := newSealer(b), benchSession()
	sealed, err := sealer.SealSession(session)
	if err != nil {
		b.Fatal(err)
	}
	answer := nodeSession(newKeys()[0].sign(b, claims(nil)))
	for _, bench := range []struct {
		name   string
		ours   func() error
		method string
		args   object
	}{
		{"seal", func() error { _, err := sealer.SealSession(session); return err },
			"userManagement.sealSessionDataFromAuthenticationResponse",
			object{"authenticationResponse": answer, "cookiePassword": testSecret}},
		{"open", func() error { _, err := sealer.OpenSession(sealed); return err },
			"userManagement.getSessionFromCookie", object{"sessionData": sealed, "cookiePassword": testSecret}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				if err := bench.ours(); err != nil {
					b.Fatal(err)
				}
			}
			ours := float64(b.Elapsed()) / float64(b.N)
			theirs := float64(peer.Time(b, bench.method, 2000, bench.args))
			b.ReportMetric(theirs, "node-ns/op")
			b.ReportMetric(theirs/ours, "x-node")
		})
	}
}
