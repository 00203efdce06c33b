package authkit_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// TestEveryAttackHasAnErrorOfItsOwn is the overview of what the tests of tokens, seals and sign-ins go through one by
// one.
func TestEveryAttackHasAnErrorOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		key := newKeys()[0]
		kit, sealer := newClient(t, &jwks{keys: jwkSet(key)}), newSealer(t)
		token := key.sign(t, claims(nil))
		parts := strings.Split(token, ".")
		header := func(alg string) string {
			text, err := json.Marshal(map[string]string{"alg": alg, "kid": key.id})
			if err != nil {
				t.Fatal(err)
			}
			return base64.RawURLEncoding.EncodeToString(text)
		}
		verify := func(token string) error {
			_, err := kit.VerifyAccessToken(t.Context(), token)
			return err
		}
		open := func(sealed string) error {
			_, err := sealer.OpenSession(sealed)
			return err
		}
		seal := func(s *authkit.Sealer, data string, ttl time.Duration) string {
			sealed, err := s.Seal([]byte(data), ttl)
			if err != nil {
				t.Fatal(err)
			}
			return sealed
		}
		sealed := seal(sealer, `{"accessToken":"a"}`, 0)
		expiring := seal(sealer, `{"accessToken":"a"}`, time.Second)
		rotating := newClient(t, &rotation{tb: t, key: key})
		refresh := func() error {
			_, err := rotating.Refresh(t.Context(), spentSession())
			return err
		}
		if err := refresh(); err != nil {
			t.Fatal(err)
		}
		var failure error
		sessions := newSessions(t, &rotation{tb: t, key: key}, authkit.WithErrorHandler(
			func(_ http.ResponseWriter, _ *http.Request, err error) { failure = err }))
		sent, flow := signIn(t, sessions, "/sign-in")
		comeBack(sessions, sent.Get("state"), flow)
		comeBack(sessions, sent.Get("state")) // the browser has no cookie of it any more
		time.Sleep(2 * time.Minute)

		all := []struct {
			name string
			err  error
			want error
		}{
			{"token tampered with", verify(parts[0] + "." + parts[1] + "." + strings.Repeat("A", len(parts[2]))),
				authkit.ErrTokenSignature},
			{"token truncated", verify(token[:len(token)-9]), authkit.ErrTokenFormat},
			{"token of another key", verify(signingKey{"", newKeys()[1].private}.sign(t, claims(nil))), authkit.ErrTokenKey},
			{"token of algorithm none", verify(header("none") + "." + parts[1] + "."), authkit.ErrTokenAlgorithm},
			{"token expired", verify(key.sign(t, claims(map[string]any{"exp": time.Now().Unix() - 60}))),
				authkit.ErrTokenExpired},
			{"token of the future", verify(key.sign(t, claims(map[string]any{"iat": time.Now().Unix() + 301}))),
				authkit.ErrTokenNotYetValid},
			{"token of another issuer", verify(key.sign(t, claims(map[string]any{"iss": "https://a.example"}))),
				authkit.ErrTokenIssuer},
			{"token of another kind", verify(key.sign(t, claims(map[string]any{"sub": nil}))), authkit.ErrTokenClaims},
			{"refresh token replayed", refresh(), authkit.ErrSessionEnded},
			{"sign-in replayed", failure, authkit.ErrState},
			{"seal of an unknown password", open(strings.Replace(sealed, "*1*", "*2*", 1)), authkit.ErrSealPassword},
			{"seal of another password", open(seal(newSealer(t, authkit.Password{Secret: otherSecret}), `{}`, 0)),
				authkit.ErrSealIntegrity},
			{"seal truncated", open(sealed[:len(sealed)-9]), authkit.ErrSealFormat},
			{"seal expired", open(expiring), authkit.ErrSealExpired},
			{"seal of something else", open(seal(sealer, `{"state":"s"}`, 0)), authkit.ErrSealContent},
		}
		for _, tt := range all {
			for _, other := range all {
				if got, want := errors.Is(tt.err, other.want), tt.name == other.name; got != want {
					t.Errorf("%s: got %v, which is %v: %t, want %t", tt.name, tt.err, other.want, got, want)
				}
			}
		}
		if err := verify(header("HS256") + "." + parts[1] + "." + parts[2]); !errors.Is(err, authkit.ErrTokenAlgorithm) {
			t.Errorf("token of algorithm HS256: got %v, want ErrTokenAlgorithm", err)
		}
	})
}
