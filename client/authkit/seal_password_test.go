package authkit_test

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

func TestPasswordsHaveTheirForm(t *testing.T) {
	for c := range 256 {
		id := "a" + string([]byte{byte(c)}) + "b"
		_, err := authkit.NewSealer(authkit.Password{ID: id, Secret: testSecret})
		fits := c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_'
		want := `workos/authkit: sealer: password 1: ID has an invalid character at 1: want letters, digits and "_"`
		if fits && err != nil || !fits && (err == nil || err.Error() != want) {
			t.Errorf("ID %q: got %v, want it to fit: %t", id, err, fits)
		}
	}
	for _, tt := range []struct {
		passwords []authkit.Password
		want      string // "": accepted
	}{
		{nil, "no passwords"},
		{[]authkit.Password{{}}, "password 1: secret has 0 characters; it must have 32 or more"},
		{[]authkit.Password{{Secret: testSecret[:31]}}, "password 1: secret has 31 characters; it must have 32 or more"},
		{[]authkit.Password{{Secret: testSecret[:32]}}, ""},
		{[]authkit.Password{{Secret: testSecret[:33]}}, ""},
		{[]authkit.Password{{Secret: strings.Repeat("ä", 31)}},
			"password 1: secret has 31 characters; it must have 32 or more"},
		{[]authkit.Password{{Secret: strings.Repeat("ä", 32)}}, ""},
		{[]authkit.Password{{Secret: testSecret}, {Secret: otherSecret}, {Secret: "short"}},
			"password 3: secret has 5 characters; it must have 32 or more"},
		{[]authkit.Password{{Secret: testSecret}, {ID: "-", Secret: otherSecret}},
			`password 2: ID has an invalid character at 0: want letters, digits and "_"`},
		{[]authkit.Password{{Secret: testSecret}, {Secret: otherSecret}, {ID: "2", Secret: testSecret}}, ""},
		{[]authkit.Password{{Secret: testSecret}, {Secret: testSecret}}, "password 2 is an earlier one again"},
		{[]authkit.Password{{Secret: testSecret}, {Secret: otherSecret}, {ID: "1", Secret: testSecret}},
			"password 3 is an earlier one again"},
		{[]authkit.Password{{Secret: otherSecret}, {Secret: testSecret}, {ID: "1", Secret: testSecret}},
			"password 3 is an earlier one again"},
	} {
		s, err := authkit.NewSealer(tt.passwords...)
		if tt.want == "" && (err != nil || s == nil) ||
			tt.want != "" && (s != nil || err == nil || err.Error() != "workos/authkit: sealer: "+tt.want) {
			t.Errorf("%v: got %v and %v, want %q", tt.passwords, s, err, tt.want)
		}
	}
	own := []authkit.Password{{Secret: testSecret}}
	s := newSealer(t, own...)
	if own[0].ID != "" {
		t.Errorf("the caller's password became %v", own[0])
	}
	own[0].Secret = otherSecret
	if sealed, err := s.Seal([]byte(`{}`), 0); err != nil {
		t.Error(err)
	} else if _, err := newSealer(t).Open(sealed); err != nil {
		t.Errorf("sealed after the caller's slice changed: %v", err)
	}
}

func TestSealerWithoutAPasswordFails(t *testing.T) {
	sealed, err := newSealer(t).SealSession(aSession())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*authkit.Sealer{nil, new(authkit.Sealer)} {
		_, open := s.Open(sealed)
		_, openSession := s.OpenSession(sealed)
		_, openGo := s.Open("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
		_, seal := s.Seal([]byte(`{}`), 0)
		_, sealSession := s.SealSession(aSession())
		for name, err := range map[string]error{
			"Open": open, "OpenSession": openSession, "of the Go SDK": openGo, "Seal": seal, "SealSession": sealSession,
		} {
			if !errors.Is(err, authkit.ErrSealPassword) || !strings.Contains(err.Error(), "use NewSealer") {
				t.Errorf("%s: got %v, want an error about the missing password", name, err)
			}
		}
	}
}

func TestPasswordPrintsItsIDAlone(t *testing.T) {
	p := authkit.Password{ID: "7", Secret: testSecret}
	want := `Password{ID: "7", Secret: [redacted]}`
	if p.String() != want || p.GoString() != want || fmt.Sprintf("%v %d", p, p) != want+" "+want {
		t.Errorf("got %s and %v, want %s", p, p, want)
	}
	if got := p.LogValue().String(); got != "[id=7 secret=[redacted]]" {
		t.Errorf("log: got %s", got)
	}
	if got := (authkit.Password{}).String(); got != `Password{ID: "", Secret: none}` {
		t.Errorf("zero: got %s", got)
	}
}

func TestTimeToLiveIsInMilliseconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, now := newSealer(t), time.Now()
		for ttl, want := range map[time.Duration]string{
			0: "", time.Millisecond: strconv.FormatInt(now.UnixMilli()+1, 10), time.Millisecond + 1: strconv.FormatInt(now.UnixMilli()+1, 10),
			time.Hour: strconv.FormatInt(now.UnixMilli()+3_600_000, 10),
		} {
			sealed, err := s.Seal([]byte(`{}`), ttl)
			if parts := strings.Split(sealed, "*"); err != nil || len(parts) != 8 || parts[5] != want {
				t.Errorf("%v: got %s and %v, want the expiry %q", ttl, sealed, err, want)
			}
		}
		for _, ttl := range []time.Duration{-1, -time.Hour, 1, time.Millisecond - 1} {
			sealed, err := s.Seal([]byte(`{}`), ttl)
			want := fmt.Sprintf("workos/authkit: seal: invalid time to live %v: want 0, or at least 1 ms", ttl)
			if sealed != "" || err == nil || err.Error() != want {
				t.Errorf("%v: got %q and %v, want %s", ttl, sealed, err, want)
			}
		}
		for _, data := range []string{"", "{", "x", "{}{}"} {
			sealed, err := s.Seal([]byte(data), 0)
			if sealed != "" || err == nil || err.Error() != "workos/authkit: seal: data is not JSON" {
				t.Errorf("%q: got %q and %v, want an error", data, sealed, err)
			}
		}
	})
}

func TestSealsHave64KiBAtMost(t *testing.T) {
	data := []byte(`"` + strings.Repeat("a", 48_000) + `"`)
	sealed, err := newSealer(t).Seal(data, 0)
	if err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int]string{
		65535: "", 65536: "",
		65537: "workos/authkit: seal: session is too large for a cookie: sealed it has 65537 bytes, of which Open reads 65536",
	} {
		id := strings.Repeat("i", size-len(sealed)+1)
		s := newSealer(t, authkit.Password{ID: id, Secret: testSecret})
		text, err := s.Seal(data, 0)
		if want != "" {
			if text != "" || !errors.Is(err, authkit.ErrCookieSize) || err.Error() != want {
				t.Errorf("%d bytes: got %d and %v, want %s", size, len(text), err, want)
			}
			continue
		}
		if got, opened := s.Open(text); err != nil || len(text) != size || opened != nil || string(got) != string(data) {
			t.Errorf("%d bytes: got %d and %v, opened with %v", size, len(text), err, opened)
		}
	}
	for size, want := range map[int]string{
		65535: "it is neither Fe26.2 nor base64", 65536: "it is neither Fe26.2 nor base64",
		65537: "it has 65537 bytes; at most 65536 are read",
	} {
		got, err := newSealer(t).Open(strings.Repeat("!", size))
		if got != nil || !errors.Is(err, authkit.ErrSealFormat) || err.Error() != "workos/authkit: open: not a seal: "+want {
			t.Errorf("%d bytes of noise: got %s and %v, want %s", size, got, err, want)
		}
	}
}

func TestEachPasswordOpens(t *testing.T) {
	passwords := []authkit.Password{
		{Secret: testSecret}, {Secret: otherSecret}, {ID: "2", Secret: testSecret}, {ID: "last", Secret: otherSecret + "!"},
	}
	all := newSealer(t, passwords...)
	for i, p := range passwords {
		sealed, err := newSealer(t, p).Seal([]byte(`{}`), 0)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := all.Open(sealed); err != nil || string(got) != `{}` {
			t.Errorf("password %d: got %s and %v", i+1, got, err)
		}
	}
	unknown, err := newSealer(t, authkit.Password{ID: strings.Repeat("x", 21), Secret: testSecret}).Seal([]byte(`{}`), 0)
	if err != nil {
		t.Fatal(err)
	}
	got, err := all.Open(unknown)
	want := fmt.Sprintf("workos/authkit: open: seal made with an unknown password %q", strings.Repeat("x", 20))
	if got != nil || !errors.Is(err, authkit.ErrSealPassword) || err.Error() != want {
		t.Errorf("unknown: got %s and %v, want %s", got, err, want)
	}
}

func TestFirstVersionWrapsWhatIsSealed(t *testing.T) {
	for text, want := range map[string]string{
		`{"persistent":{"a":1}}`: `{"a":1}`, `{"persistent":{"a":1},"temporary":{}}`: `{"a":1}`, `{"persistent":7}`: `7`,
		`{"persistent":null}`: `{"persistent":null}`, `{"a":1}`: `{"a":1}`, `[]`: `[]`, `{}`: `{}`, `"x"`: `"x"`,
	} {
		for suffix, want := range map[string]string{"~1": want, "~2": text, "": text} {
			got, err := newSealer(t).Open(forge(t, padded(text), "") + suffix)
			if err != nil || string(got) != want {
				t.Errorf("%s%s: got %s and %v, want %s", text, suffix, got, err, want)
			}
		}
	}
}
