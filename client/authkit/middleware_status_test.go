package authkit_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

func TestEachFailureHasItsStatus(t *testing.T) {
	const again, refused, later, wrong = "this sign-in was not begun here, or long ago: please begin again\n",
		"sign-in was not completed\n", "please try again in a moment\n", "something went wrong\n"
	texts := map[int]string{400: again, 403: refused, 503: later, 500: wrong}
	check := func(name string, resp page, status int) {
		t.Helper()
		retry := map[int]string{503: "5"}[status]
		if resp.StatusCode != status || resp.text != texts[status] || resp.Header.Get("Retry-After") != retry ||
			resp.Header.Get("Cache-Control") != "no-store" || resp.cookie("wos-session") != nil {
			t.Errorf("%s: got %d %q with %v, want %d", name, resp.StatusCode, resp.text, resp.Header, status)
		}
	}
	for upstream, status := range map[int]int{
		400: 403, 401: 500, 402: 403, 403: 403, 404: 403, 409: 403, 422: 403, 428: 403, 429: 503, 430: 403, 499: 403,
		500: 503, 501: 503, 502: 503, 503: 503, 504: 503, 599: 503,
	} {
		s := newSessions(t, &api{status: upstream, answer: map[string]string{"error": "x"}})
		sent, flow := signIn(t, s, "/sign-in")
		check(strconv.Itoa(upstream), comeBack(s, sent.Get("state"), flow), status)
	}
	for name, cause := range map[string]error{
		"no connection": errors.New("down"), "a timeout": context.DeadlineExceeded, "cancelled": context.Canceled,
	} {
		s := newSessions(t, roundTrip(func(*http.Request) (*http.Response, error) { return nil, cause }))
		sent, flow := signIn(t, s, "/sign-in")
		check(name, comeBack(s, sent.Get("state"), flow), http.StatusServiceUnavailable)
	}
	s := newSessions(t, &rotation{tb: t, key: newKeys()[0], size: 6300})
	sent, flow := signIn(t, s, "/sign-in")
	check("too large", comeBack(s, sent.Get("state"), flow), http.StatusInternalServerError)
	for query, status := range map[string]int{
		"": 400, "state=x": 400, "code=c&state=x": 400, "state=" + sent.Get("state"): 400,
		"error=access_denied&state=" + sent.Get("state"): 403, "error=x&code=c&state=" + sent.Get("state"): 403,
	} {
		check(query, browse(http.HandlerFunc(s.Callback), "GET", "/callback?"+query, flow), status)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (r roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return r(req) }

func TestNavigationsAreSentToSignIn(t *testing.T) {
	for _, tt := range []struct {
		method, mode, accept, target string
		location                     string // "": 401
	}{
		{"GET", "navigate", "", "/x", "/sign-in?return_to=%2Fx"},
		{"GET", "navigate", "text/html", "/x?a=b", "/sign-in?return_to=%2Fx%3Fa%3Db"},
		{"GET", "navigate", "*/*", "/x", "/sign-in?return_to=%2Fx"},
		{"GET", "", "text/html", "/x", "/sign-in?return_to=%2Fx"},
		{"GET", "", "application/xhtml+xml, text/html;q=0.9", "/x", "/sign-in?return_to=%2Fx"},
		{"GET", "cors", "text/html", "/x", ""},
		{"GET", "no-cors", "text/html", "/x", ""},
		{"GET", "same-origin", "text/html", "/x", ""},
		{"GET", "", "*/*", "/x", ""},
		{"GET", "", "", "/x", ""},
		{"GET", "", "application/json", "/x", ""},
		{"HEAD", "navigate", "", "/x", "/sign-in"},
		{"HEAD", "", "text/html", "/x", "/sign-in"},
		{"HEAD", "cors", "text/html", "/x", ""},
		{"POST", "navigate", "text/html", "/x", ""},
		{"PUT", "navigate", "text/html", "/x", ""},
		{"DELETE", "navigate", "text/html", "/x", ""},
		{"OPTIONS", "", "text/html", "/x", ""},
		{"GET", "navigate", "text/html", "//evil.example/x", "/sign-in"},
		{"GET", "navigate", "text/html", "/" + strings.Repeat("a", 1024), "/sign-in"},
	} {
		server := &wire{}
		s := newSessions(t, server, authkit.WithSignInPath("/sign-in"))
		header := http.Header{}
		if tt.mode != "" {
			header.Set("Sec-Fetch-Mode", tt.mode)
		}
		if tt.accept != "" {
			header.Set("Accept", tt.accept)
		}
		app := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(tt.target, "//") {
				r.URL = &url.URL{Path: tt.target}
			}
			s.Require(http.HandlerFunc(greet)).ServeHTTP(w, r)
		})
		name := fmt.Sprintf("%s %.20s, mode %q, accept %q", tt.method, tt.target, tt.mode, tt.accept)
		resp := server.wantNoEffect(t, name, s, nil, func() page { return send(app, tt.method, tt.target, header) })
		status, challenge, cache := http.StatusFound, "", "no-store"
		if tt.location == "" {
			status, challenge, cache = http.StatusUnauthorized, "Cookie", "no-store"
		}
		if resp.StatusCode != status || resp.Header.Get("Location") != tt.location || resp.Header.Get("Vary") != "Cookie" ||
			resp.Header.Get("WWW-Authenticate") != challenge || resp.Header.Get("Cache-Control") != cache {
			t.Errorf("%s: got %d with %v, want %d to %q", name, resp.StatusCode, resp.Header, status, tt.location)
		}
		if status == http.StatusUnauthorized && resp.text != "not signed in\n" {
			t.Errorf("%s: got %q", name, resp.text)
		}
	}
}

func TestVaryIsAddedToOthers(t *testing.T) {
	s := newSessions(t, offline())
	w := httptest.NewRecorder()
	w.Header().Set("Vary", "Accept")
	s.Allow(http.HandlerFunc(greet)).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil))
	if got := w.Header()["Vary"]; len(got) != 2 || got[0] != "Accept" || got[1] != "Cookie" {
		t.Errorf("got Vary %q, want both", got)
	}
}

func TestContextWithoutASessionHasNone(t *testing.T) {
	session, signedIn := authkit.SessionFrom(t.Context())
	claims, verified := authkit.ClaimsFrom(t.Context())
	if session != nil || signedIn || claims != nil || verified {
		t.Errorf("got %v, %t, %v and %t, want nothing", session, signedIn, claims, verified)
	}
}

func TestBearerTokensAreReadFromTheirHeader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &wire{next: &jwks{keys: jwkSet(newKeys()[0])}}
		reached := 0
		h := newClient(t, server).RequireBearer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			reached++
			if claims, ok := authkit.ClaimsFrom(r.Context()); !ok || claims.UserID != "user_01" {
				t.Errorf("got the claims %v", claims)
			}
			if session, ok := authkit.SessionFrom(r.Context()); ok || session != nil {
				t.Errorf("got the session %v, want none", session)
			}
		}))
		good := tokenOf(t, nil)
		for _, tt := range []struct{ header, challenge, text string }{
			{"Bearer " + good, "", ""}, {"bearer " + good, "", ""}, {"BEARER " + good, "", ""}, {"Bearer   " + good, "", ""},
			{"", "Bearer", "not signed in\n"}, {"Bearer", "Bearer", "not signed in\n"}, {"Bearer ", "Bearer", "not signed in\n"},
			{good, "Bearer", "not signed in\n"}, {"Basic " + good, "Bearer", "not signed in\n"},
			{"Bearers " + good, "Bearer", "not signed in\n"},
			{"Bearer\t" + good, "Bearer", "not signed in\n"},
			{"Bearer x", `Bearer error="invalid_token"`, "access token is not valid\n"},
			{"Bearer " + good + " ", `Bearer error="invalid_token"`, "access token is not valid\n"},
			{"Bearer  ", `Bearer error="invalid_token"`, "access token is not valid\n"},
			{"Bearer " + signingKey{"", newKeys()[1].private}.sign(t, claims(nil)), `Bearer error="invalid_token"`, "access token is not valid\n"},
		} {
			before := reached
			resp := send(h, "GET", "/", http.Header{"Authorization": {tt.header}})
			status := http.StatusOK
			if tt.challenge != "" {
				status = http.StatusUnauthorized
			}
			if resp.StatusCode != status || resp.Header.Get("WWW-Authenticate") != tt.challenge || resp.text != tt.text ||
				reached-before != map[int]int{http.StatusOK: 1}[status] {
				t.Errorf("%.20q: got %d %q with %v, want %d with %q", tt.header, resp.StatusCode, resp.text, resp.Header, status,
					tt.challenge)
			}
		}
	})
}

// An error handler of one's own sees the failure, and neither next nor the default writes the response.
func TestErrorHandlerAnswersAlone(t *testing.T) {
	s, failures := reporting(t, &api{status: http.StatusInternalServerError, answer: map[string]string{}})
	sent, flow := signIn(t, s, "/sign-in")
	resp := comeBack(s, sent.Get("state"), flow)
	var failure *client.Error
	if resp.StatusCode != http.StatusTeapot || resp.text != "" || len(*failures) != 1 ||
		!errors.As((*failures)[0], &failure) || failure.StatusCode != http.StatusInternalServerError {
		t.Errorf("got %d %q with %v, want the API's error", resp.StatusCode, resp.text, *failures)
	}
}
