package authkit_test

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	testSecret  = "a password of thirty-two characters, and then some"
	otherSecret = "another password of thirty-two characters and more"
)

func newSealer(tb testing.TB, passwords ...authkit.Password) *authkit.Sealer {
	tb.Helper()
	if len(passwords) == 0 {
		passwords = []authkit.Password{{Secret: testSecret}}
	}
	s, err := authkit.NewSealer(passwords...)
	if err != nil {
		tb.Fatalf("NewSealer: %v", err)
	}
	return s
}

func TestWhatIsSealedIsOpened(t *testing.T) {
	s := newSealer(t)
	for _, data := range []string{`{}`, `null`, `"x"`, `{"a":"` + strings.Repeat("ä", 5000) + `"}`, `[1,2]`} {
		sealed, err := s.Seal([]byte(data), 0)
		if err != nil {
			t.Fatalf("seal: %v", err)
		}
		if strings.ContainsAny(sealed, " \",;\\%") || !strings.HasPrefix(sealed, "Fe26.2*1*") {
			t.Errorf("got %.80q, want a seal that a cookie can hold", sealed)
		}
		got, err := s.Open(sealed)
		if err != nil || string(got) != data {
			t.Errorf("open: got %.80q and %v, want %.80q", got, err, data)
		}
		if again, _ := s.Seal([]byte(data), 0); again == sealed {
			t.Errorf("two seals of %.80q are the same", data)
		}
	}
	if _, err := s.Seal([]byte(`{"a":`), 0); err == nil {
		t.Error("what is no JSON was sealed")
	}
	if _, err := s.Seal([]byte(`"`+strings.Repeat("a", 60<<10)+`"`), 0); err == nil {
		t.Error("what is too long to be opened was sealed")
	}
}

func TestRefusedSeals(t *testing.T) {
	sealer := newSealer(t)
	sealed, err := sealer.Seal([]byte(`{"user":"ada"}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := newSealer(t, authkit.Password{Secret: otherSecret}).Seal([]byte(`{}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	named, err := newSealer(t, authkit.Password{ID: "next", Secret: testSecret}).Seal([]byte(`{}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(strings.TrimSuffix(sealed, "~2"), "*")
	with := func(i int, text string) string {
		changed := append([]string{}, parts...)
		changed[i] = text
		return strings.Join(changed, "*") + "~2"
	}
	flip := func(text string) string {
		if text[0] == 'A' {
			return "B" + text[1:]
		}
		return "A" + text[1:]
	}
	for _, tt := range []struct {
		name, sealed string
		want         error
	}{
		{"empty", "", authkit.ErrSealFormat},
		{"prefix alone", "Fe26.2", authkit.ErrSealFormat},
		{"asterisks", "Fe26.2*******", authkit.ErrSealFormat},
		{"another format", with(0, "Fe26.1"), authkit.ErrSealFormat},
		{"cut off in the middle", sealed[:len(sealed)/2], authkit.ErrSealFormat},
		{"cut off in the HMAC", sealed[:len(sealed)-5], authkit.ErrSealFormat},
		{"a part more", sealed + "*x", authkit.ErrSealFormat},
		{"another version", strings.TrimSuffix(sealed, "~2") + "~3", authkit.ErrSealFormat},
		{"two versions", sealed + "~2", authkit.ErrSealFormat},
		{"too long", "Fe26.2*1*" + strings.Repeat("a", 64<<10), authkit.ErrSealFormat},
		{"padded base64", with(7, parts[7]+"="), authkit.ErrSealFormat},
		{"short initialization vector", with(3, "AAAA"), authkit.ErrSealFormat},
		{"no ciphertext", with(4, ""), authkit.ErrSealFormat},
		{"ciphertext of no whole blocks", with(4, "AAAA"), authkit.ErrSealFormat},
		{"expiry in words", with(5, "soon"), authkit.ErrSealFormat},
		{"expiry with a sign", with(5, "+1"), authkit.ErrSealFormat},
		{"negative expiry", with(5, "-1"), authkit.ErrSealFormat},
		{"expiry beyond numbers", with(5, strings.Repeat("9", 30)), authkit.ErrSealFormat},
		{"tampered ciphertext", with(4, flip(parts[4])), authkit.ErrSealIntegrity},
		{"tampered initialization vector", with(3, flip(parts[3])), authkit.ErrSealIntegrity},
		{"tampered salt", with(2, flip(parts[2])), authkit.ErrSealIntegrity},
		{"tampered HMAC salt", with(6, flip(parts[6])), authkit.ErrSealIntegrity},
		{"tampered HMAC", with(7, flip(parts[7])), authkit.ErrSealIntegrity},
		{"expiry added", with(5, "99999999999999"), authkit.ErrSealIntegrity},
		{"another password of the same ID", foreign, authkit.ErrSealIntegrity},
		{"another password", named, authkit.ErrSealPassword},
		{"neither format", "no seal at all!", authkit.ErrSealFormat},
		{"base64 of little", "AAAA", authkit.ErrSealFormat},
		{"base64 of noise", strings.Repeat("AAAA", 20), authkit.ErrSealIntegrity},
	} {
		data, err := sealer.Open(tt.sealed)
		if !errors.Is(err, tt.want) || data != nil {
			t.Errorf("%s: got %q and %v, want %v", tt.name, data, err, tt.want)
		}
		if tt.name == "too long" && !strings.Contains(err.Error(), "at most 65536 are read") {
			t.Errorf("%s: got %v, want that it was not read", tt.name, err)
		}
		if _, err := sealer.OpenSession(tt.sealed); !errors.Is(err, tt.want) {
			t.Errorf("%s as a session: got %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestSealExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSealer(t)
		sealed, err := s.Seal([]byte(`{}`), time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour + 59*time.Second) // clocks may differ by a minute
		if _, err := s.Open(sealed); err != nil {
			t.Errorf("before the end: %v", err)
		}
		time.Sleep(time.Second)
		if _, err := s.Open(sealed); !errors.Is(err, authkit.ErrSealExpired) {
			t.Errorf("after the end: got %v, want ErrSealExpired", err)
		}
		forever, err := s.Seal([]byte(`{}`), 0)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(10 * 365 * 24 * time.Hour)
		if _, err := s.Open(forever); err != nil {
			t.Errorf("without an end: %v", err)
		}
		for _, ttl := range []time.Duration{-1, time.Microsecond} {
			if _, err := s.Seal([]byte(`{}`), ttl); err == nil {
				t.Errorf("a time to live of %v was taken", ttl)
			}
		}
	})
}

func TestPasswordsRotate(t *testing.T) {
	oldest := authkit.Password{Secret: testSecret}
	current := authkit.Password{ID: "1", Secret: otherSecret} // the same ID, as the other SDKs know no other
	next := authkit.Password{ID: "2", Secret: testSecret + "!"}
	var sealed []string
	for _, p := range []authkit.Password{oldest, current, next} {
		text, err := newSealer(t, p).Seal([]byte(`{}`), 0)
		if err != nil {
			t.Fatal(err)
		}
		sealed = append(sealed, text)
	}
	s := newSealer(t, next, current, oldest)
	for i, text := range sealed {
		if _, err := s.Open(text); err != nil {
			t.Errorf("seal of password %d: %v", i+1, err)
		}
	}
	text, err := s.Seal([]byte(`{}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newSealer(t, next).Open(text); err != nil {
		t.Errorf("the first password does not open a new seal: %v", err)
	}
}

func TestNoSecretIsPrinted(t *testing.T) {
	password := authkit.Password{ID: "1", Secret: testSecret}
	sealer := newSealer(t, password)
	session := &authkit.Session{
		AccessToken: "access-secret", RefreshToken: "refresh-secret", User: &gen.User{ID: "user_01"},
		OAuthTokens:              &authkit.OAuthTokens{AccessToken: "oauth-secret", RefreshToken: "oauth-refresh-secret"},
		AuthKitAuthorizationCode: "code-secret",
	}
	wantHidden(t, "password", password, testSecret)
	wantHidden(t, "pointer to a password", &password, testSecret)
	wantHidden(t, "sealer", sealer, testSecret)
	wantHidden(t, "what holds a sealer", struct{ s authkit.Sealer }{*sealer}, testSecret)
	for name, value := range map[string]any{
		"session": session, "session by value": *session, "slice": []*authkit.Session{session},
		"OAuth tokens": session.OAuthTokens, "struct": struct{ S *authkit.Session }{session},
	} {
		wantHidden(t, name, value, "access-secret", "refresh-secret", "oauth-secret", "code-secret")
	}
}

func aSession() *authkit.Session {
	at := time.Date(2026, 1, 2, 3, 4, 5, 670e6, time.UTC)
	name, reason := "Ada", "support case"
	return &authkit.Session{
		AccessToken: "eyJ.a.b", RefreshToken: "refresh", OrganizationID: "org_01",
		AuthenticationMethod: gen.AuthenticationMethodSSO,
		Impersonator:         &gen.Impersonator{Email: "admin@acme.example", Reason: &reason},
		User: &gen.User{
			Object: "user", ID: "user_01", Email: "ada@acme.example", EmailVerified: true, FirstName: &name,
			LastSignInAt: &at, CreatedAt: at, UpdatedAt: at, ExternalID: &name, Metadata: map[string]string{"plan": "team"},
		},
	}
}

func TestSessionSurvivesItsSeal(t *testing.T) {
	s := newSealer(t)
	sealed, err := s.SealSession(aSession())
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.OpenSession(sealed)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, aSession()) {
		t.Errorf("got %#v with user %+v, want %+v", got, got.User, aSession().User)
	}
	data, err := s.Open(sealed)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"organizationId":"org_01","user":{"object":"user","id":"user_01","email":"ada@acme.example",` +
		`"emailVerified":true,"name":null,"firstName":"Ada","profilePictureUrl":null,"lastName":null,` +
		`"lastSignInAt":"2026-01-02T03:04:05.670Z","createdAt":"2026-01-02T03:04:05.670Z",` +
		`"updatedAt":"2026-01-02T03:04:05.670Z","externalId":"Ada","metadata":{"plan":"team"}},"accessToken":"eyJ.a.b",` +
		`"refreshToken":"refresh","authenticationMethod":"SSO",` +
		`"impersonator":{"email":"admin@acme.example","reason":"support case"}}`
	if string(data) != want {
		t.Errorf("sealed: got  %s\nwant %s", data, want)
	}
	for name, session := range map[string]*authkit.Session{"nil": nil, "no token": {RefreshToken: "refresh"}} {
		if _, err := s.SealSession(session); err == nil {
			t.Errorf("%s: a session without access token was sealed", name)
		}
	}
}

func TestSealThatHoldsNoSessionIsRefused(t *testing.T) {
	s := newSealer(t)
	for _, data := range []string{
		`{}`, `null`, `[]`, `"x"`, `{"refreshToken":"r"}`, `{"accessToken":7}`, `{"accessToken":"a","user":[]}`,
		`{"state":"s","codeVerifier":"v"}`, `{"accessToken":"a","user":{"createdAt":"yesterday"}}`,
	} {
		sealed, err := s.Seal([]byte(data), 0)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.OpenSession(sealed); !errors.Is(err, authkit.ErrSealContent) {
			t.Errorf("%s: got %v, want ErrSealContent", data, err)
		}
	}
}

// The fixtures were sealed by the official Go SDK's own code, with a password of 64 hexadecimal digits as its releases
// now ask for, and with another one that earlier releases hashed.
func TestCookiesOfTheGoSDKAreOpened(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("testdata", "go_sdk_cookies.json"))
	if err != nil {
		t.Fatal(err)
	}
	var fixtures []struct{ Name, Password, Sealed string }
	if err := json.Unmarshal(text, &fixtures); err != nil {
		t.Fatal(err)
	}
	if len(fixtures) != 2 {
		t.Fatalf("got %d fixtures, want 2", len(fixtures))
	}
	for _, f := range fixtures {
		s := newSealer(t, authkit.Password{Secret: testSecret}, authkit.Password{Secret: f.Password})
		got, err := s.OpenSession(f.Sealed)
		if err != nil {
			t.Errorf("%s: %v", f.Name, err)
			continue
		}
		at := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
		if got.AccessToken != "access" || got.RefreshToken != "refresh" || got.User == nil || got.User.ID != "user_01" ||
			!got.User.EmailVerified || got.User.FirstName == nil || *got.User.FirstName != "Ada" ||
			got.User.ExternalID == nil || *got.User.ExternalID != "ext" || !got.User.CreatedAt.Equal(at) ||
			got.Impersonator == nil || got.Impersonator.Email != "admin@acme.example" {
			t.Errorf("%s: got %v with %+v and %+v", f.Name, got, got.User, got.Impersonator)
		}
		if _, err := newSealer(t).OpenSession(f.Sealed); !errors.Is(err, authkit.ErrSealIntegrity) {
			t.Errorf("%s with another password: got %v, want ErrSealIntegrity", f.Name, err)
		}
		if resealed, err := s.SealSession(got); err != nil || !strings.HasPrefix(resealed, "Fe26.2*") {
			t.Errorf("%s sealed again: got %.20q and %v, want Fe26.2", f.Name, resealed, err)
		}
	}
}
