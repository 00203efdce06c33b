package authkit_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// A server in the place of the issuer could sign in as anybody.
func TestKeysAreNotFetchedOverPlainHTTP(t *testing.T) {
	redirect := func(target string) httpmock.Responder {
		return func(req *http.Request) (*http.Response, error) {
			resp := httpmock.NewStringResponse(http.StatusFound, "")
			resp.Header.Set("Location", target)
			resp.Request = req
			return resp, nil
		}
	}
	token := mustSign(claims(map[string]any{"iss": "https://acme.authkit.app"}))
	for target, fetched := range map[string]bool{
		"https://keys.example/jwks": true, "/keys": true, "http://localhost:1/jwks": true,
		"http://keys.example/jwks": false, "http://acme.authkit.app/keys": false, "https://acme.authkit.app/oauth2/jwks": false,
	} {
		transport := httpmock.NewMockTransport()
		keys := httpmock.NewJsonResponderOrPanic(http.StatusOK, map[string]any{"keys": jwkSet(newKeys()[0])})
		transport.RegisterNoResponder(keys)
		transport.RegisterResponder(http.MethodGet, "https://acme.authkit.app/oauth2/jwks", redirect(target))
		verifier, err := authkit.NewVerifier(authkit.VerifierConfig{
			Issuer: "https://acme.authkit.app", JWKSURL: "https://acme.authkit.app/oauth2/jwks",
			HTTPClient: &http.Client{Transport: transport},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = verifier.Verify(t.Context(), token)
		if fetched && err != nil || !fetched && !errors.Is(err, authkit.ErrKeysUnavailable) {
			t.Errorf("%s: got %v, want keys: %t", target, err, fetched)
		}
		plain := transport.GetCallCountInfo()["GET http://keys.example/jwks"]
		if n := transport.GetTotalCallCount(); plain > 0 || n > 4 {
			t.Errorf("%s: sent %d requests, want few and none over plain HTTP", target, n)
		}
	}
}

func TestVerifierErrorHasNoPasswordOfAProxy(t *testing.T) {
	verifier, err := authkit.NewVerifier(authkit.VerifierConfig{
		Issuer: "https://acme.authkit.app", JWKSURL: "https://acme.authkit.app/oauth2/jwks",
		HTTPClient: &http.Client{Transport: &http.Transport{Proxy: func(*http.Request) (*url.URL, error) {
			return url.Parse("http://me:pass word@proxy.example")
		}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = verifier.Verify(t.Context(), mustSign(claims(map[string]any{"iss": "https://acme.authkit.app"})))
	if !errors.Is(err, authkit.ErrKeysUnavailable) || !strings.Contains(err.Error(), "parse a URL: it is invalid") ||
		strings.Contains(err.Error(), "word") {
		t.Errorf("got %v, want ErrKeysUnavailable without the password", err)
	}
}
