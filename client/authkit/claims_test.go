package authkit_test

import (
	"encoding/json"
	"errors"
	"maps"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

func TestEachElementOfAListIsLookedAt(t *testing.T) {
	list := []string{"first", "second", "last"}
	claims := &authkit.Claims{Role: "main", Roles: list}
	for slug, want := range map[string]bool{
		"main": true, "first": true, "second": true, "last": true, "": false, "other": false, "First": false, "firs": false,
	} {
		if got := claims.HasRole(slug); got != want {
			t.Errorf("role %q: got %t, want %t", slug, got, want)
		}
	}
	if (&authkit.Claims{Roles: []string{""}}).HasRole("") || (&authkit.Claims{}).HasRole("") {
		t.Error("a role without a name was found")
	}
	if !(&authkit.Claims{Role: "main"}).HasRole("main") || !(&authkit.Claims{Roles: list}).HasRole("last") {
		t.Error("a role is not found without the others")
	}
	for name, has := range map[string]func(string) bool{
		"permission":  (&authkit.Claims{Permissions: list}).HasPermission,
		"entitlement": (&authkit.Claims{Entitlements: list}).HasEntitlement,
		"feature":     (&authkit.Claims{FeatureFlags: list}).HasFeature,
	} {
		for slug, want := range map[string]bool{
			"first": true, "second": true, "last": true, "": false, "other": false, "Last": false, "lastly": false,
		} {
			if got := has(slug); got != want {
				t.Errorf("%s %q: got %t, want %t", name, slug, got, want)
			}
		}
	}
	none := &authkit.Claims{Role: "a", Roles: list}
	if none.HasPermission("first") || none.HasEntitlement("first") || none.HasFeature("first") {
		t.Error("a role was taken for something else")
	}
}

func TestEachClaimIsReadAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := newClient(t, &jwks{keys: jwkSet(newKeys()[0])})
		now := time.Now()
		exp, utc := float64(now.Add(time.Hour).Unix()), now.UTC()
		verify := func(extra map[string]any) (*authkit.Claims, error) {
			all := map[string]any{"iss": "https://api.workos.com", "sub": "user_01", "exp": exp}
			maps.Copy(all, extra)
			return kit.VerifyAccessToken(t.Context(), newKeys()[0].sign(t, all))
		}
		for name, tt := range map[string]struct {
			value any
			want  func(*authkit.Claims)
			wrong any // of another type
		}{
			"sid":           {"s", func(c *authkit.Claims) { c.SessionID = "s" }, 7},
			"org_id":        {"o", func(c *authkit.Claims) { c.OrganizationID = "o" }, 7},
			"role":          {"r", func(c *authkit.Claims) { c.Role = "r" }, []string{"r"}},
			"roles":         {[]string{"a", "b"}, func(c *authkit.Claims) { c.Roles = []string{"a", "b"} }, "a"},
			"permissions":   {[]string{"a", "b"}, func(c *authkit.Claims) { c.Permissions = []string{"a", "b"} }, "a"},
			"entitlements":  {[]string{"a", "b"}, func(c *authkit.Claims) { c.Entitlements = []string{"a", "b"} }, "a"},
			"feature_flags": {[]string{"a", "b"}, func(c *authkit.Claims) { c.FeatureFlags = []string{"a", "b"} }, "a"},
			"act": {map[string]any{"sub": "x"}, func(c *authkit.Claims) {
				c.Actor = &authkit.Actor{Subject: "x"}
			}, "x"},
			"scope":     {"a  b", func(c *authkit.Claims) { c.Scopes = []string{"a", "b"} }, 7},
			"client_id": {"c", func(c *authkit.Claims) { c.ClientID = "c" }, 7},
			"azp":       {"c", func(c *authkit.Claims) { c.ClientID = "c" }, 7},
			"jti":       {"j", func(c *authkit.Claims) { c.ID = "j" }, 7},
			"aud":       {[]string{"a", "b"}, func(c *authkit.Claims) { c.Audience = []string{"a", "b"} }, 7},
			"iat":       {float64(now.Unix()), func(c *authkit.Claims) { c.IssuedAt = utc }, "now"},
			"nbf": {float64(now.Unix()) - 0.5, func(c *authkit.Claims) {
				c.NotBefore = utc.Add(-time.Second / 2)
			}, "now"},
			"note": {"x", func(*authkit.Claims) {}, nil},
		} {
			want := &authkit.Claims{Issuer: "https://api.workos.com", UserID: "user_01", ExpiresAt: utc.Add(time.Hour)}
			tt.want(want)
			got, err := verify(map[string]any{name: tt.value})
			if err != nil || !sameClaims(got, want) {
				t.Errorf("%s: got %+v and %v, want %+v", name, got, err, want)
			}
			if got, err := verify(map[string]any{name: json.RawMessage("null")}); err != nil || !sameClaims(got, &authkit.Claims{
				Issuer: "https://api.workos.com", UserID: "user_01", ExpiresAt: utc.Add(time.Hour),
			}) {
				t.Errorf("%s as null: got %+v and %v, want it absent", name, got, err)
			}
			if tt.wrong == nil {
				continue
			}
			if got, err := verify(map[string]any{name: tt.wrong}); got != nil || !errors.Is(err, authkit.ErrTokenClaims) {
				t.Errorf("%s as %v: got %v and %v, want ErrTokenClaims", name, tt.wrong, got, err)
			}
		}
		got, err := verify(map[string]any{"scope": []string{"a b", "c"}}) // as some issuers write it
		if err != nil || !got.HasScope("a b") || !got.HasScope("c") || got.HasScope("a") || len(got.Scopes) != 2 {
			t.Errorf("scopes as an array: got %+v and %v", got, err)
		}
		for name, text := range map[string]string{
			"sub": `"sub" is missing`, "exp": `"exp" is missing`,
		} {
			got, err := verify(map[string]any{name: json.RawMessage("null")})
			want := "workos/authkit: access token: claims are not those of an access token: " + text
			if got != nil || !errors.Is(err, authkit.ErrTokenClaims) || err.Error() != want {
				t.Errorf("%s as null: got %v and %v, want %s", name, got, err, want)
			}
		}
		got, err = verify(map[string]any{"permissions": "all"})
		want := "workos/authkit: access token: claims are not those of an access token: permissions is of another type"
		if got != nil || err == nil || err.Error() != want {
			t.Errorf("permissions as text: got %v and %v, want %s", got, err, want)
		}
	})
}

// sameClaims compares what can be seen of claims.
func sameClaims(a, b *authkit.Claims) bool {
	seen := func(c *authkit.Claims) authkit.Claims {
		return authkit.Claims{
			UserID: c.UserID, SessionID: c.SessionID, OrganizationID: c.OrganizationID, Role: c.Role, Roles: c.Roles,
			Permissions: c.Permissions, Entitlements: c.Entitlements, FeatureFlags: c.FeatureFlags, Actor: c.Actor,
			Issuer: c.Issuer, Audience: c.Audience, ID: c.ID, ExpiresAt: c.ExpiresAt, IssuedAt: c.IssuedAt,
			NotBefore: c.NotBefore,
		}
	}
	return reflect.DeepEqual(seen(a), seen(b))
}

func TestDatesEndWithTheYear9999(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		kit := newClient(t, &jwks{keys: jwkSet(newKeys()[0])})
		for text, want := range map[string]time.Time{
			"253402300798": time.Date(9999, 12, 31, 23, 59, 58, 0, time.UTC),
			"253402300799": time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC), "253402300799.5": {}, "253402300800": {},
			"1e300": {}, "-1": {}, "-0.5": {}, `"253402300799"`: {}, "true": {}, "[]": {}, "{}": {},
			"1e11":         time.Date(5138, 11, 16, 9, 46, 40, 0, time.UTC),
			"1e10":         time.Date(2286, 11, 20, 17, 46, 40, 0, time.UTC),
			"1e9":          time.Date(2001, 9, 9, 1, 46, 40, 0, time.UTC),
			"9e8":          {}, // expired
			"946684800.25": time.Date(2000, 1, 1, 0, 0, 0, 250e6, time.UTC),
		} {
			got, err := kit.VerifyAccessToken(t.Context(), tokenOf(t, map[string]any{"exp": json.RawMessage(text)}))
			if want.IsZero() {
				if got != nil || !errors.Is(err, authkit.ErrTokenClaims) && !errors.Is(err, authkit.ErrTokenExpired) {
					t.Errorf("%s: got %v and %v, want an error", text, got, err)
				}
			} else if err != nil || !got.ExpiresAt.Equal(want) || got.ExpiresAt.Location() != time.UTC {
				t.Errorf("%s: got %v and %v, want %v", text, got, err, want)
			}
		}
		// Of what may lie in the past 0 is the least.
		for text, fits := range map[string]bool{"0": true, "0.5": true, "1": true, "-0.5": false, "-1": false} {
			for _, name := range []string{"iat", "nbf"} {
				got, err := kit.VerifyAccessToken(t.Context(), tokenOf(t, map[string]any{name: json.RawMessage(text)}))
				if fits != (err == nil) || !fits && (got != nil || !errors.Is(err, authkit.ErrTokenClaims)) {
					t.Errorf("%s %s: got %v and %v, want it to fit: %t", name, text, got, err, fits)
				}
			}
		}
	})
}

func TestClaimsAreDecoded(t *testing.T) {
	var into struct {
		Plan string `json:"plan"`
	}
	err := (&authkit.Claims{UserID: "user_01"}).Decode(&into)
	if want := "workos/authkit: claims: not from a token"; err == nil || err.Error() != want {
		t.Errorf("made by hand: got %v, want %s", err, want)
	}
	kit := newClient(t, &jwks{keys: jwkSet(newKeys()[0])})
	claims, err := kit.VerifyAccessToken(t.Context(), tokenOf(t, map[string]any{"plan": "team"}))
	if err != nil {
		t.Fatal(err)
	}
	if err := claims.Decode(&into); err != nil || into.Plan != "team" {
		t.Errorf("got %q and %v, want team", into.Plan, err)
	}
	var mistyped *json.UnmarshalTypeError
	if err := claims.Decode(new([]string)); !errors.As(err, &mistyped) {
		t.Errorf("into a list: got %v, want an UnmarshalTypeError", err)
	}
}
