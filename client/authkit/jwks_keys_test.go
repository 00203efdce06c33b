package authkit_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// keyText serves a text as the key set.
func keyText(text string) http.RoundTripper {
	transport := httpmock.NewMockTransport()
	transport.RegisterNoResponder(func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Request: req, Header: http.Header{"Content-Type": {"application/json"}},
			Body: io.NopCloser(strings.NewReader(text)),
		}, nil
	})
	return transport
}

// keyJSON is a key of a key set, changed. A nil value takes a member away.
func keyJSON(t *testing.T, key signingKey, changes map[string]any) string {
	t.Helper()
	text, err := json.Marshal(key.jwk())
	if err != nil {
		t.Fatal(err)
	}
	var members map[string]any
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatal(err)
	}
	for name, value := range changes {
		if members[name] = value; value == nil {
			delete(members, name)
		}
	}
	if text, err = json.Marshal(members); err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// anotherKinds returns keys of a key set that no token is verified with.
func anotherKinds(t *testing.T) map[string]string {
	t.Helper()
	key := newKeys()[0]
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ec := key.jwk()
	ec.Key, ec.Algorithm = curve.Public(), "ES256"
	small := key.jwk()
	small.Key = &rsa.PublicKey{N: new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 2047), big.NewInt(1)), E: 65537}
	private := key.jwk()
	private.Key = key.private
	all := map[string]string{
		"a number": `7`, "null": `null`, "no members": `{}`, "an unknown type": `{"kty":"OKP2","kid":"key_1"}`,
		"a symmetric key":       `{"kty":"oct","kid":"key_1","k":"AQAB"}`,
		"a broken key":          keyJSON(t, key, map[string]any{"n": "!"}),
		"no modulus":            keyJSON(t, key, map[string]any{"n": nil}),
		"a chain of text":       keyJSON(t, key, map[string]any{"x5c": "text"}),
		"no ID":                 keyJSON(t, key, map[string]any{"kid": nil}),
		"an empty ID":           keyJSON(t, key, map[string]any{"kid": ""}),
		"a key for encryption":  keyJSON(t, key, map[string]any{"use": "enc"}),
		"another algorithm":     keyJSON(t, key, map[string]any{"alg": "RS512"}),
		"a PSS algorithm":       keyJSON(t, key, map[string]any{"alg": "PS256"}),
		"an encryption alone":   keyJSON(t, key, map[string]any{"use": "enc", "alg": nil}),
		"an algorithm alone":    keyJSON(t, key, map[string]any{"use": nil, "alg": "RS384"}),
		"the algorithm in case": keyJSON(t, key, map[string]any{"alg": "rs256"}),
	}
	for name, jwk := range map[string]any{"a curve": ec, "2047 bits": small, "a private key": private} {
		text, err := json.Marshal(jwk)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(text)
	}
	return all
}

func TestKeysOfAnotherKindArePassedOver(t *testing.T) {
	key := newKeys()[1]
	good, token := keyJSON(t, key, nil), key.sign(t, claims(nil))
	other := newKeys()[0].sign(t, claims(nil))
	for name, bad := range anotherKinds(t) {
		for place, list := range map[string]string{
			"before": bad + "," + good, "after": good + "," + bad, "around": bad + "," + good + "," + bad,
		} {
			kit := newClient(t, keyText(`{"keys":[`+list+`]}`))
			if _, err := kit.VerifyAccessToken(t.Context(), token); err != nil {
				t.Errorf("%s %s a good key: %v", name, place, err)
			}
			if got, err := kit.VerifyAccessToken(t.Context(), other); got != nil || !errors.Is(err, authkit.ErrKeysUnavailable) {
				t.Errorf("%s %s a good key: got %v and %v for its own token, want ErrKeysUnavailable", name, place, got, err)
			}
		}
		got, err := newClient(t, keyText(`{"keys":[`+bad+`]}`)).VerifyAccessToken(t.Context(), other)
		want := "workos/authkit: access token: keys are not available: JWKS has no RSA key for RS256 of 2048 bits or more"
		if got != nil || !errors.Is(err, authkit.ErrKeysUnavailable) || err.Error() != want {
			t.Errorf("%s alone: got %v and %v, want %s", name, got, err, want)
		}
	}
}

func TestKeysForSignaturesAreUsed(t *testing.T) {
	key := newKeys()[0]
	for name, changes := range map[string]map[string]any{
		"use and algorithm": nil, "no use": {"use": nil}, "no algorithm": {"alg": nil}, "neither": {"use": nil, "alg": nil},
		"both empty": {"use": "", "alg": ""}, "unknown members": {"note": "x", "exp": 7},
	} {
		kit := newClient(t, keyText(`{"keys":[`+keyJSON(t, key, changes)+`]}`))
		if _, err := kit.VerifyAccessToken(t.Context(), key.sign(t, claims(nil))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEachKeyOfTheSetVerifies(t *testing.T) {
	key := newKeys()[0]
	var list []string
	ids := []string{"first", "second", "third", "last"}
	for _, id := range ids {
		list = append(list, keyJSON(t, signingKey{id, key.private}, nil))
	}
	server := &wire{next: keyText(`{"keys":[` + strings.Join(list, ",") + `]}`)}
	kit := newClient(t, server)
	for _, id := range ids {
		if _, err := kit.VerifyAccessToken(t.Context(), signingKey{id, key.private}.sign(t, claims(nil))); err != nil {
			t.Errorf("%s: %v", id, err)
		}
	}
	if got := server.requests(); len(got) != 1 || got[0] != "GET /sso/jwks/client_01" {
		t.Errorf("sent %v, want one request for the keys", got)
	}
}

func TestKeySetsHaveAMegabyteAtMost(t *testing.T) {
	key := newKeys()[0]
	token := key.sign(t, claims(map[string]any{"exp": time.Now().Add(time.Hour).Unix()}))
	set := `{"keys":[` + keyJSON(t, key, nil) + `]}`
	for size, fits := range map[int]bool{1<<20 - 1: true, 1 << 20: true, 1<<20 + 1: false, 1<<20 + 2: false} {
		text := set + strings.Repeat(" ", size-len(set))
		_, err := newClient(t, keyText(text)).VerifyAccessToken(t.Context(), token)
		if fits && err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
		want := "workos/authkit: access token: keys are not available: JWKS has more than 1048576 bytes"
		if !fits && (!errors.Is(err, authkit.ErrKeysUnavailable) || err.Error() != want) {
			t.Errorf("%d bytes: got %v, want %s", size, err, want)
		}
	}
}

func TestWhatIsNoKeySetGivesNoKeys(t *testing.T) {
	token := newKeys()[0].sign(t, claims(nil))
	for _, text := range []string{"", "{", "null", "[]", "7", `{}`, `{"keys":null}`, `{"keys":[]}`, `{"keys":{}}`,
		`{"key":[` + keyJSON(t, newKeys()[0], nil) + `]}`, "<html></html>"} {
		got, err := newClient(t, keyText(text)).VerifyAccessToken(t.Context(), token)
		if got != nil || !errors.Is(err, authkit.ErrKeysUnavailable) {
			t.Errorf("%q: got %v and %v, want ErrKeysUnavailable", text, got, err)
		}
	}
}
