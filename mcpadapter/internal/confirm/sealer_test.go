package confirm_test

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/confirm"
)

func sealerOf(tb testing.TB, key string) *confirm.Sealer {
	tb.Helper()
	s, err := confirm.NewSealer([]byte(key))
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

func key(text string) string { return strings.Repeat(text, confirm.MinKeyBytes) }

func TestATokenOpensWithItsKeyAndItsHashAlone(t *testing.T) {
	t.Parallel()
	expires := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	s, other := sealerOf(t, key("k")), sealerOf(t, key("l"))
	bound := s.Bind('a', []byte("tool"), []byte("arguments"))
	token := s.Seal(expires, bound)
	id, got, ok := sealerOf(t, key("k")).Open(token, bound)
	if !ok || !got.Equal(expires) || id == "" {
		t.Errorf("got %q, %v, %v, want it open until %v", id, got, ok, expires)
	}
	if second := s.Seal(expires, bound); second == token {
		t.Error("got the same token twice")
	} else if other, _, _ := s.Open(second, bound); other == id {
		t.Error("got the same ID twice")
	}
	for name, open := range map[string]func() (string, time.Time, bool){
		"another key":     func() (string, time.Time, bool) { return other.Open(token, bound) },
		"another hash":    func() (string, time.Time, bool) { return s.Open(token, s.Bind('a', []byte("tool"))) },
		"no hash":         func() (string, time.Time, bool) { return s.Open(token, nil) },
		"nothing":         func() (string, time.Time, bool) { return s.Open("", bound) },
		"less":            func() (string, time.Time, bool) { return s.Open(token[:len(token)-1], bound) },
		"more":            func() (string, time.Time, bool) { return s.Open(token+"A", bound) },
		"another version": func() (string, time.Time, bool) { return s.Open("Ag"+token[2:], bound) },
		"a padded text":   func() (string, time.Time, bool) { return s.Open(token+"==", bound) },
	} {
		if id, got, ok := open(); ok || id != "" || !got.IsZero() {
			t.Errorf("%s: got %q, %v, %v, want it refused", name, id, got, ok)
		}
	}
}

// Every bit of a token counts: none can be changed, and no other text decodes to the same bytes.
func TestEachBitOfATokenIsSealed(t *testing.T) {
	t.Parallel()
	s := sealerOf(t, key("k"))
	bound := s.Bind('a')
	token := s.Seal(time.Unix(1, 0), bound)
	raw, err := base64.RawURLEncoding.DecodeString(token)
	if err != nil {
		t.Fatal(err)
	}
	for i := range raw {
		changed := bytes.Clone(raw)
		changed[i] ^= 1
		if _, _, ok := s.Open(base64.RawURLEncoding.EncodeToString(changed), bound); ok {
			t.Errorf("byte %d changed: got it open", i)
		}
	}
	for _, last := range "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_" {
		text := token[:len(token)-1] + string(last)
		if _, _, ok := s.Open(text, bound); ok != (text == token) {
			t.Errorf("with %c at its end: got %v", last, ok)
		}
	}
}

func TestPartsAreBoundWhereTheyStand(t *testing.T) {
	t.Parallel()
	s := sealerOf(t, key("k"))
	seen := map[string]int{}
	for i, hash := range [][]byte{
		s.Bind('a', []byte("ab"), []byte("c")), s.Bind('a', []byte("a"), []byte("bc")), s.Bind('b', []byte("ab"), []byte("c")),
		s.Bind('a', []byte("c"), []byte("ab")), s.Bind('a', []byte("abc")), s.Bind('a', []byte("ab"), []byte("c"), nil),
		s.Bind('a'), s.Bind('b'), sealerOf(t, key("l")).Bind('a'),
	} {
		if other, found := seen[string(hash)]; found || len(hash) != 32 {
			t.Errorf("%d: got %x, the hash of %d", i, hash, other)
		}
		seen[string(hash)] = i
	}
	if !bytes.Equal(s.Bind('a', []byte("ab")), sealerOf(t, key("k")).Bind('a', []byte("ab"))) {
		t.Error("got two hashes of the same parts with the same key")
	}
}
