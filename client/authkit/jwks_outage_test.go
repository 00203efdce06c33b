package authkit_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// keyOutages are the ways in which the keys cannot be had.
func keyOutages() map[string]http.RoundTripper {
	status := func(code int, text string) http.RoundTripper {
		transport := httpmock.NewMockTransport()
		transport.RegisterNoResponder(httpmock.NewStringResponder(code, text))
		return transport
	}
	dying := httpmock.NewMockTransport()
	dying.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Request: req, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(io.MultiReader(strings.NewReader(`{"keys":[`), broken{})),
		}, nil
	})
	return map[string]http.RoundTripper{
		"no connection": &jwks{fail: errors.New("down")}, "no response": &jwks{delay: time.Hour},
		"a panic":                    faultyTransport{},
		"a response that breaks off": dying, "400": status(400, `{}`), "401": status(401, `{}`), "403": status(403, `{}`),
		"404": status(404, `{"message":"x"}`), "429": status(429, ``), "500": status(500, `{}`), "503": status(503, `<html>`),
		"a page": status(200, `<html>`), "no keys": keyText(`{"keys":[]}`), "an empty response": keyText(``),
	}
}

// broken fails to be read.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestOutageOfTheKeysSignsNobodyOut(t *testing.T) {
	for name, transport := range keyOutages() {
		synctest.Test(t, func(t *testing.T) {
			var failures []error
			signInPath := authkit.WithSignInPath("/sign-in")
			reporting := authkit.WithErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
				failures = append(failures, err)
				w.WriteHeader(http.StatusTeapot)
			})
			for kind, until := range map[string]time.Duration{
				"fresh": time.Hour, "soon over": 20 * time.Second, "over": -time.Hour,
			} {
				server := &wire{next: transport}
				s := newSessions(t, server, signInPath)
				for path, h := range map[string]http.Handler{
					"Require": s.Require(http.HandlerFunc(greet)), "Allow": s.Allow(http.HandlerFunc(greet)),
				} {
					resp := browse(h, "GET", "/", aCookie(t, until))
					if resp.StatusCode != http.StatusServiceUnavailable || len(resp.Header["Set-Cookie"]) != 0 ||
						resp.Header.Get("Retry-After") != "5" || resp.Header.Get("Location") != "" {
						t.Errorf("%s, %s, %s: got %d with %v, want 503 and no cookie", name, path, kind, resp.StatusCode, resp.Header)
					}
				}
				for _, sent := range server.requests() {
					if sent != "GET /sso/jwks/client_01" {
						t.Errorf("%s, %s: sent %s, want requests for keys alone", name, kind, sent)
					}
				}
				failures = nil
				s = newSessions(t, transport, signInPath, reporting)
				resp := browse(s.Require(http.HandlerFunc(greet)), "GET", "/", aCookie(t, until))
				if resp.StatusCode != http.StatusTeapot || len(failures) != 1 ||
					!errors.Is(failures[0], authkit.ErrKeysUnavailable) || errors.Is(failures[0], authkit.ErrNotSignedIn) {
					t.Errorf("%s, %s: got %d and %v, want ErrKeysUnavailable", name, kind, resp.StatusCode, failures)
				}
			}
			bearer := http.Header{"Authorization": {"Bearer " + newKeys()[0].sign(t, claims(nil))}}
			resp := send(newClient(t, transport).RequireBearer(http.HandlerFunc(greet)), "GET", "/", bearer)
			if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("WWW-Authenticate") != "" {
				t.Errorf("%s, bearer: got %d with %v, want 503 and no challenge", name, resp.StatusCode, resp.Header)
			}
		})
	}
}

// The key set changes and its server dies before the new key could be fetched: the session is refreshed all the same.
func TestOutageAfterARefreshKeepsTheNewSession(t *testing.T) {
	for name, transport := range keyOutages() {
		synctest.Test(t, func(t *testing.T) {
			keys := &switching{to: &jwks{keys: jwkSet(newKeys()[0])}}
			s := newSessions(t, split{keys, &rotation{tb: t, key: newKeys()[1]}})
			app := s.Require(http.HandlerFunc(greet))
			if resp := send(app, "GET", "/", http.Header{}, aCookie(t, time.Hour)); resp.StatusCode != http.StatusOK {
				t.Fatalf("%s: before: got %d", name, resp.StatusCode)
			}
			keys.to = transport
			time.Sleep(time.Minute)
			resp := send(app, "GET", "/", http.Header{}, aCookie(t, -time.Hour))
			cookie := resp.cookie("wos-session")
			if resp.StatusCode != http.StatusServiceUnavailable || cookie == nil {
				t.Fatalf("%s: got %d with the cookie %v, want 503 and the new cookie", name, resp.StatusCode, cookie)
			}
			session, err := newSealer(t).OpenSession(cookie.Value)
			if err != nil || session.RefreshToken != "refresh-2" || cookie.MaxAge <= 0 {
				t.Errorf("%s: the cookie %v holds %v and %v, want the new session", name, cookie, session, err)
			}
			keys.to = &jwks{keys: jwkSet(newKeys()[1])}
			time.Sleep(time.Minute)
			if resp := send(app, "GET", "/", http.Header{}, cookie); resp.StatusCode != http.StatusOK {
				t.Errorf("%s: when the keys are back: got %d, want the session", name, resp.StatusCode)
			}
		})
	}
}

// switching is a transport that a test can change between requests.
type switching struct{ to http.RoundTripper }

func (s *switching) RoundTrip(req *http.Request) (*http.Response, error) {
	return s.to.RoundTrip(req)
}
