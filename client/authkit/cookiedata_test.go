package authkit_test

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/gen"
)

// fullUser has another value in each field.
func fullUser() *gen.User {
	text := func(s string) *string { return &s }
	signedIn := time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
	return &gen.User{
		Object: "user", ID: "user_01", Email: "ada@acme.example", EmailVerified: true, Name: text("Ada King"),
		FirstName: text("Ada"), LastName: text("King"), ProfilePictureURL: text("https://acme.example/ada.png"),
		LastSignInAt: &signedIn, Locale: text("en-GB"), CreatedAt: time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC),
		UpdatedAt: time.Date(2025, 12, 31, 23, 59, 59, 999e6, time.UTC), ExternalID: text("ext_01"),
		Metadata: map[string]string{"plan": "team", "seat": "7"},
	}
}

const (
	fullCamelUser = `{"object":"user","id":"user_01","email":"ada@acme.example","emailVerified":true,` +
		`"name":"Ada King","firstName":"Ada","profilePictureUrl":"https://acme.example/ada.png","lastName":"King",` +
		`"lastSignInAt":"2026-01-02T03:04:05.678Z","locale":"en-GB","createdAt":"2024-02-29T00:00:00.000Z",` +
		`"updatedAt":"2025-12-31T23:59:59.999Z","externalId":"ext_01","metadata":{"plan":"team","seat":"7"}}`
	fullSnakeUser = `{"object":"user","id":"user_01","email":"ada@acme.example","email_verified":true,` +
		`"name":"Ada King","first_name":"Ada","profile_picture_url":"https://acme.example/ada.png","last_name":"King",` +
		`"last_sign_in_at":"2026-01-02T03:04:05.678Z","locale":"en-GB","created_at":"2024-02-29T00:00:00Z",` +
		`"updated_at":"2025-12-31T23:59:59.999Z","external_id":"ext_01","metadata":{"plan":"team","seat":"7"}}`
)

// openUser seals a session that has this user as JSON, and opens it.
func openUser(t *testing.T, user string) (*gen.User, error) {
	t.Helper()
	session, err := openData(t, `{"accessToken":"a","user":`+user+`}`)
	if err != nil {
		return nil, err
	}
	return session.User, nil
}

// openData seals JSON and opens it as a session.
func openData(t *testing.T, data string) (*authkit.Session, error) {
	t.Helper()
	s := newSealer(t)
	sealed, err := s.Seal([]byte(data), 0)
	if err != nil {
		t.Fatalf("seal %s: %v", data, err)
	}
	return s.OpenSession(sealed)
}

// dataOf returns the JSON that a session is sealed as.
func dataOf(t *testing.T, session *authkit.Session) string {
	t.Helper()
	s := newSealer(t)
	sealed, err := s.SealSession(session)
	if err != nil {
		t.Fatal(err)
	}
	data, err := s.Open(sealed)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestUserIsReadInBothNamingStyles(t *testing.T) {
	for name, user := range map[string]string{"camel case": fullCamelUser, "snake case": fullSnakeUser} {
		got, err := openUser(t, user)
		if err != nil || !reflect.DeepEqual(got, fullUser()) {
			t.Errorf("%s: got %+v and %v, want %+v", name, got, err, fullUser())
		}
	}
	got := dataOf(t, &authkit.Session{AccessToken: "a", User: fullUser()})
	if want := `{"user":` + fullCamelUser + `,"accessToken":"a"}`; got != want {
		t.Errorf("sealed: got  %s\nwant %s", got, want)
	}
}

// userField is a field of a user with two values. Read returns what the field of a user shows.
type userField struct {
	camel, snake string // snake is "" if both styles have one name
	first, other string // JSON
	zero         string // what read returns for an absent field
	read         func(*gen.User) string
}

func userFields() []userField {
	text := func(s *string) string {
		if s == nil {
			return "nil"
		}
		return *s
	}
	at := func(at time.Time) string { return `"` + at.Format(time.RFC3339Nano) + `"` }
	quoted := func(get func(*gen.User) *string) func(*gen.User) string {
		return func(u *gen.User) string {
			if get(u) == nil {
				return "nil"
			}
			return `"` + text(get(u)) + `"`
		}
	}
	const zeroTime, time1, time2 = `"0001-01-01T00:00:00Z"`, `"2026-01-02T03:04:05.678Z"`, `"2020-01-01T00:00:00Z"`
	return []userField{
		{"object", "", `"a"`, `"b"`, `""`, func(u *gen.User) string { return `"` + u.Object + `"` }},
		{"id", "", `"a"`, `"b"`, `""`, func(u *gen.User) string { return `"` + u.ID + `"` }},
		{"email", "", `"a"`, `"b"`, `""`, func(u *gen.User) string { return `"` + u.Email + `"` }},
		{"name", "", `"a"`, `"b"`, "nil", quoted(func(u *gen.User) *string { return u.Name })},
		{"locale", "", `"a"`, `"b"`, "nil", quoted(func(u *gen.User) *string { return u.Locale })},
		{"metadata", "", `{"a":"b"}`, `{}`, `null`, func(u *gen.User) string {
			if u.Metadata == nil {
				return "null"
			}
			return strings.NewReplacer("map[", "{", "]", "}", "a:b", `"a":"b"`).Replace(fmt.Sprint(u.Metadata))
		}},
		{"firstName", "first_name", `"a"`, `"b"`, "nil", quoted(func(u *gen.User) *string { return u.FirstName })},
		{"lastName", "last_name", `"a"`, `"b"`, "nil", quoted(func(u *gen.User) *string { return u.LastName })},
		{"profilePictureUrl", "profile_picture_url", `"a"`, `"b"`, "nil",
			quoted(func(u *gen.User) *string { return u.ProfilePictureURL })},
		{"externalId", "external_id", `"a"`, `"b"`, "nil", quoted(func(u *gen.User) *string { return u.ExternalID })},
		{"emailVerified", "email_verified", "true", "false", "false",
			func(u *gen.User) string { return strconv.FormatBool(u.EmailVerified) }},
		{"createdAt", "created_at", time1, time2, zeroTime, func(u *gen.User) string { return at(u.CreatedAt) }},
		{"updatedAt", "updated_at", time1, time2, zeroTime, func(u *gen.User) string { return at(u.UpdatedAt) }},
		{"lastSignInAt", "last_sign_in_at", time1, time2, "nil", func(u *gen.User) string {
			if u.LastSignInAt == nil {
				return "nil"
			}
			return at(*u.LastSignInAt)
		}},
	}
}

func TestEachFieldOfAUserIsReadAlone(t *testing.T) {
	const absent = ""
	for _, field := range userFields() {
		type values struct{ camel, snake, want string }
		cases := []values{
			{absent, absent, field.zero}, {"null", absent, field.zero}, {field.first, absent, field.first},
			{field.other, absent, field.other},
		}
		if field.snake != "" {
			cases = append(cases,
				values{absent, field.first, field.first}, values{absent, field.other, field.other},
				values{absent, "null", field.zero}, values{"null", "null", field.zero},
				values{"null", field.first, field.first}, values{field.first, "null", field.first},
				values{field.first, field.other, field.first}) // camel case counts
		}
		if field.snake == "email_verified" {
			cases = append(cases, values{"false", "true", "true"}, values{"false", "false", "false"})
		}
		if field.zero == `"0001-01-01T00:00:00Z"` {
			cases = append(cases, values{`""`, absent, field.zero}, values{`""`, field.first, field.first},
				values{field.zero, field.first, field.first})
		}
		for _, v := range cases {
			var members []string
			if v.camel != absent {
				members = append(members, fmt.Sprintf("%q:%s", field.camel, v.camel))
			}
			if v.snake != absent {
				members = append(members, fmt.Sprintf("%q:%s", field.snake, v.snake))
			}
			data := "{" + strings.Join(members, ",") + "}"
			user, err := openUser(t, data)
			if err != nil || user == nil {
				t.Errorf("%s: got %v and %v", data, user, err)
				continue
			}
			if got := field.read(user); got != v.want {
				t.Errorf("%s: got %s, want %s", data, got, v.want)
			}
			for _, other := range userFields() {
				if got := other.read(user); other.camel != field.camel && got != other.zero {
					t.Errorf("%s: got %s for %s, want %s", data, got, other.camel, other.zero)
				}
			}
		}
	}
}

func TestFieldOfAnotherTypeMakesNoSession(t *testing.T) {
	for _, field := range userFields() {
		for _, name := range []string{field.camel, field.snake} {
			if name == "" {
				continue
			}
			data := fmt.Sprintf(`{"accessToken":"a","user":{%q:7}}`, name)
			if got, err := openData(t, data); got != nil || !errors.Is(err, authkit.ErrSealContent) {
				t.Errorf("%s: got %v and %v, want ErrSealContent", data, got, err)
			}
		}
	}
	for _, name := range []string{"accessToken", "refreshToken", "access_token", "refresh_token", "organizationId", "user",
		"authenticationMethod", "impersonator"} {
		data := fmt.Sprintf(`{"accessToken":"a",%q:7}`, name)
		got, err := openData(t, data)
		want := "workos/authkit: open session: seal holds no session: " + name + " is of another type"
		if got != nil || !errors.Is(err, authkit.ErrSealContent) || err.Error() != want {
			t.Errorf("%s: got %v and %v, want %s", data, got, err, want)
		}
	}
}

// A text that is no time is of another type, too, as is one whose UTC year has not four digits.
func TestTimesHaveYearsOfFourDigits(t *testing.T) {
	for text, want := range map[string]string{
		"0000-01-01T00:00:00Z":           "0000-01-01T00:00:00.000Z",
		"0000-01-01T01:00:00+01:00":      "0000-01-01T00:00:00.000Z",
		"0001-01-01T00:00:00Z":           "0001-01-01T00:00:00.000Z",
		"9998-12-31T23:59:59.9999Z":      "9998-12-31T23:59:59.999Z",
		"9999-12-31T23:59:59.999999999Z": "9999-12-31T23:59:59.999Z",
		"9999-12-31T22:59:59-01:00":      "9999-12-31T23:59:59.000Z",
		"2026-01-02T03:04:05Z":           "2026-01-02T03:04:05.000Z",
		"2026-01-02T03:04:05.1+02:00":    "2026-01-02T01:04:05.100Z",
		"0000-01-01T00:59:59+01:00":      "",
		"9999-12-31T23:00:00-01:00":      "",
		"10000-01-01T00:00:00Z":          "",
		"-001-01-01T00:00:00Z":           "",
		"2026-01-02":                     "",
		"yesterday":                      "",
	} {
		for name, sealed := range map[string]string{
			"createdAt": "createdAt", "updatedAt": "updatedAt", "lastSignInAt": "lastSignInAt",
			"created_at": "createdAt", "updated_at": "updatedAt", "last_sign_in_at": "lastSignInAt",
		} {
			user, err := openUser(t, fmt.Sprintf("{%q:%q}", name, text))
			if want == "" {
				if user != nil || !errors.Is(err, authkit.ErrSealContent) {
					t.Errorf("%s %s: got %+v and %v, want ErrSealContent", name, text, user, err)
				}
				continue
			}
			if err != nil {
				t.Errorf("%s %s: %v", name, text, err)
				continue
			}
			data := dataOf(t, &authkit.Session{AccessToken: "a", User: user})
			if want := fmt.Sprintf("%q:%q", sealed, want); !strings.Contains(data, want) {
				t.Errorf("%s %s: sealed %s, want %s in it", name, text, data, want)
			}
		}
	}
}

// Of a member that comes twice the last one counts, also if empty.
func TestEmptyTimeIsTheZeroTime(t *testing.T) {
	for _, data := range []string{
		`{"createdAt":""}`, `{"createdAt":"2026-01-02T03:04:05Z","createdAt":""}`,
		`{"created_at":"2026-01-02T03:04:05Z","created_at":""}`,
	} {
		if user, err := openUser(t, data); err != nil || !user.CreatedAt.IsZero() {
			t.Errorf("%s: got %+v and %v, want the zero time", data, user, err)
		}
	}
	if user, err := openUser(t, "null"); err != nil || user != nil {
		t.Errorf("null: got the user %+v and %v, want none", user, err)
	}
}

func TestSessionsWithYearsOutOfRangeAreNotSealed(t *testing.T) {
	west := time.FixedZone("west", -3600)
	set := map[string]func(*gen.User, time.Time){
		"createdAt":    func(u *gen.User, at time.Time) { u.CreatedAt = at },
		"updatedAt":    func(u *gen.User, at time.Time) { u.UpdatedAt = at },
		"lastSignInAt": func(u *gen.User, at time.Time) { u.LastSignInAt = &at },
	}
	for _, tt := range []struct {
		at   time.Time
		want string // "": not sealed
	}{
		{time.Date(-1, 12, 31, 23, 59, 59, 0, time.UTC), ""},
		{time.Date(-1, 12, 31, 22, 59, 59, 0, west), ""},
		{time.Date(-1, 12, 31, 23, 0, 0, 0, west), "0000-01-01T00:00:00.000Z"},
		{time.Date(0, 1, 1, 0, 0, 0, 0, time.UTC), "0000-01-01T00:00:00.000Z"},
		{time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC), "0001-01-01T00:00:00.000Z"},
		{time.Date(9999, 12, 31, 23, 59, 59, 999e6, time.UTC), "9999-12-31T23:59:59.999Z"},
		{time.Date(9999, 12, 31, 23, 0, 0, 0, west), ""},
		{time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC), ""},
	} {
		for name, set := range set {
			session := &authkit.Session{AccessToken: "a", User: &gen.User{}}
			set(session.User, tt.at)
			if tt.want == "" {
				sealed, err := newSealer(t).SealSession(session)
				if want := "workos/authkit: seal session: it does not encode"; sealed != "" || err == nil || err.Error() != want {
					t.Errorf("%s %v: got %q and %v, want %s", name, tt.at, sealed, err, want)
				}
			} else if got, want := dataOf(t, session), fmt.Sprintf("%q:%q", name, tt.want); !strings.Contains(got, want) {
				t.Errorf("%s %v: got %s, want %s in it", name, tt.at, got, want)
			}
		}
	}
}

func TestTokensAreReadInBothNamingStyles(t *testing.T) {
	for data, want := range map[string][2]string{
		`{"accessToken":"a"}`:                                         {"a", ""},
		`{"access_token":"a","refresh_token":"r"}`:                    {"a", "r"},
		`{"accessToken":"a","refreshToken":"r"}`:                      {"a", "r"},
		`{"accessToken":"a","refresh_token":"r"}`:                     {"a", "r"},
		`{"access_token":"b","accessToken":"a"}`:                      {"a", ""}, // camel case counts
		`{"accessToken":"","access_token":"b"}`:                       {"b", ""},
		`{"accessToken":"a","refreshToken":"r","refresh_token":"s"}`:  {"a", "r"},
		`{"accessToken":"a","refreshToken":null,"refresh_token":"s"}`: {"a", "s"},
	} {
		got, err := openData(t, data)
		if err != nil || !reflect.DeepEqual(got, &authkit.Session{AccessToken: want[0], RefreshToken: want[1]}) {
			t.Errorf("%s: got %v and %v, want the tokens %q alone", data, got, err, want)
		}
	}
}

func TestWhatASessionDoesNotHaveIsLeftOut(t *testing.T) {
	for _, tt := range []struct {
		session authkit.Session
		want    string
	}{
		{authkit.Session{}, `{"accessToken":"a"}`},
		{authkit.Session{RefreshToken: "r"}, `{"accessToken":"a","refreshToken":"r"}`},
		{authkit.Session{OrganizationID: "o"}, `{"organizationId":"o","accessToken":"a"}`},
		{authkit.Session{AuthenticationMethod: "SSO"}, `{"accessToken":"a","authenticationMethod":"SSO"}`},
		{authkit.Session{Impersonator: &gen.Impersonator{Email: "e"}},
			`{"accessToken":"a","impersonator":{"email":"e","reason":null}}`},
		{authkit.Session{OAuthTokens: &authkit.OAuthTokens{AccessToken: "x"}, AuthKitAuthorizationCode: "y"},
			`{"accessToken":"a"}`},
		{authkit.Session{User: &gen.User{}}, `{"user":{"object":"","id":"","email":"","emailVerified":false,"name":null,` +
			`"firstName":null,"profilePictureUrl":null,"lastName":null,"lastSignInAt":null,` +
			`"createdAt":"0001-01-01T00:00:00.000Z","updatedAt":"0001-01-01T00:00:00.000Z","externalId":null,` +
			`"metadata":{}},"accessToken":"a"}`},
	} {
		tt.session.AccessToken = "a"
		if got := dataOf(t, &tt.session); got != tt.want {
			t.Errorf("%v: got  %s\nwant %s", tt.session, got, tt.want)
		}
	}
}
