package authkit_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// stepOf is how exactly dates of tokens are written here: with decimals that a float64 holds.
const stepOf = time.Second / 8

// dateOf is a time as a token has it.
func dateOf(at time.Time) float64 { return float64(at.UnixMilli()) / 1000 }

func TestLeewayCountsAtEachEnd(t *testing.T) {
	for _, tt := range []struct {
		opts   []authkit.Option
		leeway time.Duration
	}{
		{nil, 30 * time.Second},
		{[]authkit.Option{authkit.WithLeeway(0)}, 0},
		{[]authkit.Option{authkit.WithLeeway(time.Second)}, time.Second},
		{[]authkit.Option{authkit.WithLeeway(5 * time.Minute)}, 5 * time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			kit, now := newClient(t, &jwks{keys: jwkSet(newKeys()[0])}, tt.opts...), time.Now()
			for _, limit := range []struct {
				claim string
				at    time.Time
				want  error
				text  string
			}{
				{"exp", now.Add(-tt.leeway - stepOf), authkit.ErrTokenExpired, "expired at "},
				{"exp", now.Add(-tt.leeway), authkit.ErrTokenExpired, "expired at "},
				{"exp", now.Add(-tt.leeway + stepOf), nil, ""},
				{"nbf", now.Add(tt.leeway + stepOf), authkit.ErrTokenNotYetValid, "not yet valid: not before "},
				{"nbf", now.Add(tt.leeway), nil, ""},
				{"nbf", now.Add(tt.leeway - stepOf), nil, ""},
				{"iat", now.Add(5 * time.Minute), nil, ""}, // whatever the leeway
				{"iat", now.Add(5*time.Minute - stepOf), nil, ""},
			} {
				got, err := kit.VerifyAccessToken(t.Context(), tokenOf(t, map[string]any{limit.claim: dateOf(limit.at)}))
				if limit.want == nil {
					if err != nil || got == nil {
						t.Errorf("leeway %v, %s in %v: got %v and %v", tt.leeway, limit.claim, limit.at.Sub(now), got, err)
					}
					continue
				}
				want := "workos/authkit: access token: " + limit.text + limit.at.UTC().Format(time.RFC3339)
				if got == nil && errors.Is(err, limit.want) && err.Error() == want {
					continue
				}
				t.Errorf("leeway %v, %s in %v: got %v and %v, want %s", tt.leeway, limit.claim, limit.at.Sub(now), got, err, want)
			}
		})
	}
}

func TestEachIssuerIsAccepted(t *testing.T) {
	const api = "https://api.workos.com"
	three := []authkit.Option{authkit.WithIssuers("https://a.example", "https://b.example/", "https://c.example/x")}
	for _, tt := range []struct {
		name    string
		opts    []authkit.Option
		accepts []string
		refuses []string
	}{
		{"by default", nil, []string{api, api + "/", api + "/user_management/client_01", api + "/user_management/client_01/"},
			[]string{"", "/", api + "//", api + "/user_management", api + "/user_management/client_0",
				api + "/user_management/client_02", "http://api.workos.com", "https://API.workos.com"}},
		{"three", three, []string{"https://a.example", "https://a.example/", "https://b.example", "https://b.example/",
			"https://c.example/x", "https://c.example/x/"},
			[]string{api, api + "/user_management/client_01", "https://c.example", "https://b.example//", ""}},
		{"the last option counts", append(three, authkit.WithIssuers("https://d.example")), []string{"https://d.example"},
			[]string{"https://a.example", "https://b.example", "https://c.example/x", api}},
	} {
		synctest.Test(t, func(t *testing.T) {
			kit := newClient(t, &jwks{keys: jwkSet(newKeys()[0])}, tt.opts...)
			for _, issuer := range tt.accepts {
				got, err := kit.VerifyAccessToken(t.Context(), tokenOf(t, map[string]any{"iss": issuer}))
				if err != nil || got.Issuer != issuer {
					t.Errorf("%s, %s: got %v and %v", tt.name, issuer, got, err)
				}
			}
			for _, issuer := range tt.refuses {
				got, err := kit.VerifyAccessToken(t.Context(), tokenOf(t, map[string]any{"iss": issuer}))
				want := fmt.Sprintf("workos/authkit: access token: issuer is not accepted: it is %q; accepted are [", issuer)
				if got != nil || !errors.Is(err, authkit.ErrTokenIssuer) || !strings.HasPrefix(err.Error(), want) {
					t.Errorf("%s, %s: got %v and %v, want %s", tt.name, issuer, got, err, want)
				}
			}
		})
	}
}

func TestEachAudienceIsLookedAt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		keys := &jwks{keys: jwkSet(newKeys()[0])}
		one, every := newClient(t, keys, authkit.WithAudience("acme")), newClient(t, keys)
		for audience, accepted := range map[string]bool{
			`"acme"`: true, `["acme"]`: true, `["acme","b","c"]`: true, `["a","acme","c"]`: true, `["a","b","acme"]`: true,
			`"a"`: false, `""`: false, `[]`: false, `null`: false, `["a","b"]`: false, `["Acme"]`: false, `[" acme"]`: false,
		} {
			token := tokenOf(t, map[string]any{"aud": json.RawMessage(audience)})
			if got, err := every.VerifyAccessToken(t.Context(), token); err != nil || got == nil {
				t.Errorf("%s without an audience of its own: got %v and %v", audience, got, err)
			}
			got, err := one.VerifyAccessToken(t.Context(), token)
			if accepted != (err == nil) || !accepted && (got != nil || !errors.Is(err, authkit.ErrTokenAudience)) {
				t.Errorf("%s: got %v and %v, want it accepted: %t", audience, got, err, accepted)
			}
		}
	})
}

func TestTokensHave64KiBAtMost(t *testing.T) {
	kit := newClient(t, &jwks{keys: jwkSet(newKeys()[0])})
	for size, want := range map[int]string{
		64 << 10:     "workos/authkit: access token: not a JWT: it has 1 parts, not 3",
		64<<10 + 1:   "workos/authkit: access token: not a JWT: 65537 bytes: want at most 65536",
		64<<10 + 100: "workos/authkit: access token: not a JWT: 65636 bytes: want at most 65536",
	} {
		got, err := kit.VerifyAccessToken(t.Context(), strings.Repeat("a", size))
		if got != nil || !errors.Is(err, authkit.ErrTokenFormat) || err.Error() != want {
			t.Errorf("%d bytes: got %v and %v, want %s", size, got, err, want)
		}
	}
	got, err := kit.VerifyAccessToken(t.Context(), "")
	if want := "workos/authkit: access token: not a JWT: empty"; got != nil || err == nil || err.Error() != want {
		t.Errorf("empty: got %v and %v, want %s", got, err, want)
	}
	large := func(padding int) string { return tokenOf(t, map[string]any{"padding": strings.Repeat("a", padding)}) }
	for _, padding := range []int{1000, 48_000} { // the latter is 64,000 and more in base64
		if got, err := kit.VerifyAccessToken(t.Context(), large(padding)); err != nil || got == nil {
			t.Errorf("a genuine one of %d bytes: got %v and %v", len(large(padding)), got, err)
		}
	}
}

func TestSignatureHasTheLengthOfTheKey(t *testing.T) {
	kit := newClient(t, &jwks{keys: jwkSet(newKeys()[0])})
	parts := strings.Split(tokenOf(t, nil), ".")
	for size, want := range map[int]string{
		255: "not a JWT: signature has 255 bytes: want 256", 256: "signature is wrong",
		257: "not a JWT: signature has 257 bytes: want 256",
	} {
		signature := strings.Repeat("A", (size*8+5)/6)
		got, err := kit.VerifyAccessToken(t.Context(), parts[0]+"."+parts[1]+"."+signature)
		if got != nil || err == nil || err.Error() != "workos/authkit: access token: "+want {
			t.Errorf("%d bytes: got %v and %v, want %s", size, got, err, want)
		}
	}
}

func TestOptionsRefuseWhatCannotWork(t *testing.T) {
	workos := newWorkOS(t, offline())
	relative := `WithIssuers: invalid issuer "b.example": want an absolute URL`
	for _, tt := range []struct {
		name string
		opt  authkit.Option
		want string // "": accepted
	}{
		{"no issuers", authkit.WithIssuers(), "WithIssuers: no issuers"},
		{"empty issuer", authkit.WithIssuers(""), `WithIssuers: invalid issuer "": want an absolute URL`},
		{"relative issuer", authkit.WithIssuers("b.example"), relative},
		{"first", authkit.WithIssuers("b.example", "https://a.example"), relative},
		{"second", authkit.WithIssuers("https://a.example", "b.example", "https://c.example"), relative},
		{"last", authkit.WithIssuers("https://a.example", "https://c.example", "b.example"), relative},
		{"fragment", authkit.WithIssuers("https://a.example/#"),
			`WithIssuers: invalid issuer "https://a.example/#": want no fragment`},
		{"no audience", authkit.WithAudience(""), "WithAudience: audience is empty"},
		{"negative leeway", authkit.WithLeeway(-1), "WithLeeway: invalid leeway -1ns: want 0 to 5m0s"},
		{"no leeway", authkit.WithLeeway(0), ""},
		{"a little", authkit.WithLeeway(1), ""},
		{"less than the most", authkit.WithLeeway(5*time.Minute - 1), ""},
		{"the most", authkit.WithLeeway(5 * time.Minute), ""},
		{"more", authkit.WithLeeway(5*time.Minute + 1), "WithLeeway: invalid leeway 5m0.000000001s: want 0 to 5m0s"},
	} {
		kit, err := authkit.New(workos, tt.opt)
		if tt.want == "" && (err != nil || kit == nil) ||
			tt.want != "" && (kit != nil || err == nil || err.Error() != "workos/authkit: "+tt.want) {
			t.Errorf("%s: got %v and %v, want %q", tt.name, kit, err, tt.want)
		}
	}
}
