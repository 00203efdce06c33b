package authkit_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

const maxFuzz = 8 << 10 // bytes

// FuzzOpen holds that a text which nobody sealed never opens, and is refused by one of the errors that say why.
func FuzzOpen(f *testing.F) {
	sealer := newSealer(f)
	genuine := map[string]bool{}
	for _, text := range []string{ // fixed, as the processes that fuzz share them
		"Fe26.2*1*bab160963b92f0a36ee5c1d248c8b2019a1e41e0cc88fc3d756afc38ab61eeb1*Ren6vMsFkE0qOJaAv8P7Lw*pVd" +
			"wSP_S9cw6PcwnMvd6ajz3ih6tTs_3gBd6cFUw0Tw**12ce7d37a62244ac11ae858760379aa0d7c0afcbadc2a70b987fdcd5e1" +
			"60fdda*fV_UCA0WJgkCgzgtuOwj5iyPN9UXU07ACQZMbX4dFBs",
		"Fe26.2*1*5beee3812c82429c91bec649b27141b425f2d53873c806c3ff200e19e0de204b*_WdCDJG4tYMm7dfSZORovw*UvW" +
			"bmSdWOtlQY9L7gZWkAueyA9y-1UxzeT8TyhGJbws**e4c146a3f94e9a055ac5a1e91c45c8a6498830b82142e8c22f9b4435eb" +
			"f71d94*UXE9bukYMR-nJZmqt39Q1GEfISPHsm66rz2v1YZE2j0",
	} {
		for _, suffix := range []string{"", "~1", "~2"} { // which are not authenticated
			genuine[text+suffix] = true
			f.Add(text + suffix)
		}
		f.Add(text[:len(text)-20])
		f.Add(strings.Replace(text, "Fe26.2*1", "Fe26.2*2", 1))
	}
	const expired = "Fe26.2*1*a57860fcdad88910e73e9d72839e17d4836d554bf21ab159efa7d82cb14c4791*1_YVxGWkgnboHaJcUJ9kKw*HX" +
		"XGL9oWP20b9midLG8WFQ*1795668346008*cc3d67dc24a1bb094ee4a149babdf44ccfc95feaca634c8ef7cad01733efb878*_" +
		"-5dbJJZH-vImneBsbfzjMwsdIrb_VB-ayfdVgMS9CI"
	genuine[expired] = true // while a clock is a minute behind
	f.Add(expired)
	f.Add("Fe26.2*1*****~2")
	f.Add("wrvvW+RoUz/5hw/NA1NzoLe3bp7Ox1VCMb1uueod83lv3BLbvYiKZJyboIKHyt1rXfcJEPV88abZQjxVAw6kh0eRFhrTT7nTSPwQQDC00")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxFuzz {
			t.Skip()
		}
		data, err := sealer.Open(text)
		if err == nil {
			if !genuine[text] || !json.Valid(data) {
				t.Errorf("%q opened as %q", text, data)
			}
			return
		}
		for _, known := range []error{
			authkit.ErrSealFormat, authkit.ErrSealPassword, authkit.ErrSealIntegrity, authkit.ErrSealExpired,
		} {
			if errors.Is(err, known) {
				return
			}
		}
		t.Errorf("%q: %v says nothing that a program can tell", text, err)
	})
}

// FuzzOpenSession holds that whatever JSON was sealed is a session that seals and opens as the same again, or none.
func FuzzOpenSession(f *testing.F) {
	sealer := newSealer(f)
	for _, data := range []string{
		`{"accessToken":"a","refreshToken":"r","user":{"id":"user_01","createdAt":"2026-01-02T03:04:05.678Z"}}`,
		`{"access_token":"a","refresh_token":"r","user":{"first_name":"Ada","email_verified":true,"updated_at":""}}`,
		`{"accessToken":"a","user":{"metadata":{"a":null},"lastSignInAt":null}}`, `{"accessToken":"a","impersonator":{}}`,
		`{"accessToken":"a","user":{"createdAt":"0000-01-01T00:00:00+24:00"}}`, `[]`, `{"user":7}`, `nul`,
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > maxFuzz || !json.Valid(data) {
			t.Skip()
		}
		sealed, err := sealer.Seal(data, 0)
		if err != nil {
			t.Fatalf("seal: %v", err)
		}
		session, err := sealer.OpenSession(sealed)
		if err != nil {
			if !errors.Is(err, authkit.ErrSealContent) {
				t.Errorf("%s: got %v, want ErrSealContent", data, err)
			}
			return
		}
		var twice [2]*authkit.Session
		for i := range twice {
			if sealed, err = sealer.SealSession(session); err != nil {
				t.Fatalf("%s: seal again: %v", data, err)
			}
			if session, err = sealer.OpenSession(sealed); err != nil {
				t.Fatalf("%s: open again: %v", data, err)
			}
			twice[i] = session
		}
		if !reflect.DeepEqual(twice[0], twice[1]) {
			t.Errorf("%s: got %+v, then %+v", data, twice[0].User, twice[1].User)
		}
	})
}

// FuzzVerifyAccessToken holds that a text which nobody signed is never verified.
func FuzzVerifyAccessToken(f *testing.F) {
	key := newKeys()[0]
	kit := newClient(f, &jwks{keys: jwkSet(key)})
	// Fuzzing may take long, and its token must not expire.
	token := key.sign(f, claims(map[string]any{"exp": time.Now().AddDate(1, 0, 0).Unix()}))
	parts := strings.Split(token, ".")
	for _, text := range []string{
		token, "a.b.c", "..", parts[0] + "." + parts[1] + ".", "eyJhbGciOiJub25lIn0." + parts[1] + ".",
		parts[0] + ".e30." + parts[2], `{"payload":"","signatures":[]}`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxFuzz {
			t.Skip()
		}
		verified, err := kit.VerifyAccessToken(t.Context(), text)
		if (err == nil) != (text == token) || (verified == nil) != (err != nil) {
			t.Errorf("%q: got %v and %v", text, verified, err)
		}
		head, _, _ := strings.Cut(text, ".")
		header, _ := base64.RawURLEncoding.DecodeString(head)
		if errors.Is(err, authkit.ErrKeysUnavailable) && strings.Contains(string(header), `"kid":"key_1"`) {
			t.Errorf("%q: got %v, want a verdict", text, err) // of another key, it may be a new one's
		}
	})
}

// FuzzSignInReturn holds that the path which a sign-in leads to is one of this server, as a browser resolves it.
func FuzzSignInReturn(f *testing.F) {
	s := newSessions(f, &api{status: http.StatusOK, answer: authentication()})
	for _, text := range []string{
		"/", "/a?b=c#d", "//evil.example", "/\\evil.example", "/\t/evil.example", "https://evil.example", "/%2F/x", "/..//x",
	} {
		f.Add(text)
	}
	const origin = "https://app.example"
	base, err := url.Parse(origin + "/callback")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > maxFuzz {
			t.Skip()
		}
		sent, flow := signIn(t, s, "/sign-in?"+url.Values{"return_to": {text}}.Encode())
		location := comeBack(s, sent.Get("state"), flow).Header.Get("Location")
		// As the WHATWG URL standard has it: tabs and line breaks are dropped, a backslash is a slash.
		read := strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(strings.TrimLeft(location, " "))
		target, err := base.Parse(read)
		if err != nil || target.Scheme+"://"+target.Host != origin || target.User != nil {
			t.Errorf("return_to %q: leads to %q (%v)", text, location, err)
		}
	})
}

// FuzzCallback holds that no query completes a sign-in that was not begun, and that none panics.
func FuzzCallback(f *testing.F) {
	server := &rotation{tb: f, key: newKeys()[0]}
	s := newSessions(f, server)
	for _, text := range []string{"code=c&state=s", "error=access_denied&state=", "%zz", "state=%00&code=;", "code=c"} {
		f.Add(text, "x")
	}
	f.Fuzz(func(t *testing.T, query, cookie string) {
		if len(query)+len(cookie) > maxFuzz {
			t.Skip()
		}
		values := (&url.URL{RawQuery: query}).Query()
		state, want := values.Get("state"), http.StatusBadRequest
		if state == "" && values.Get("code") != "" { // of a sign-in that began elsewhere
			want = http.StatusFound
		}
		_, flow := signIn(t, s, "/sign-in")
		req := send(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.URL.RawQuery = query
			s.Callback(w, r)
		}), "GET", "/callback", http.Header{}, flow, &http.Cookie{Name: flow.Name, Value: strings.Trim(cookie, "\"\r\n")})
		if req.StatusCode != want || server.count() != 0 {
			t.Errorf("%q with the state %q: got %d and %d exchanges, want %d and none", query, state, req.StatusCode,
				server.count(), want)
		}
	})
}
