package authkit_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// forge makes a genuine seal in the format Fe26.2 by itself. The blocks are encrypted as they are, with their padding.
func forge(t *testing.T, blocks []byte, expiry string) string {
	t.Helper()
	salt, hmacSalt, iv := "salt", "hmac-salt", []byte("0123456789abcdef")
	derive := func(salt string) []byte {
		key, err := pbkdf2.Key(sha1.New, testSecret, []byte(salt), 1, 32)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	block, err := aes.NewCipher(derive(salt))
	if err != nil {
		t.Fatal(err)
	}
	ciphertext := make([]byte, len(blocks))
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(ciphertext, blocks)
	encode := base64.RawURLEncoding.EncodeToString
	signed := strings.Join([]string{"Fe26.2", "1", salt, encode(iv), encode(ciphertext), expiry}, "*")
	mac := hmac.New(sha256.New, derive(hmacSalt))
	mac.Write([]byte(signed))
	return signed + "*" + hmacSalt + "*" + encode(mac.Sum(nil))
}

// padded is a text with the padding of PKCS #7.
func padded(text string) []byte {
	n := 16 - len(text)%16
	return append([]byte(text), []byte(strings.Repeat(string(rune(n)), n))...)
}

func TestSealsOfTheFormatAreOpened(t *testing.T) {
	s := newSealer(t)
	for size := range 40 { // all lengths of padding
		text := `"` + strings.Repeat("a", size) + `"`
		for _, suffix := range []string{"", "~1", "~2"} {
			got, err := s.Open(forge(t, padded(text), "") + suffix)
			if err != nil || string(got) != text {
				t.Errorf("%s%s: got %s and %v", text, suffix, got, err)
			}
		}
	}
	for _, suffix := range []string{"~", "~0", "~3", "~22", "~2~2", "~12", "~ 2"} {
		got, err := s.Open(forge(t, padded(`{}`), "") + suffix)
		want := fmt.Sprintf("workos/authkit: open: not a seal: version is %q, not 2", suffix[1:])
		if got != nil || !errors.Is(err, authkit.ErrSealFormat) || err.Error() != want {
			t.Errorf("%s: got %s and %v, want %s", suffix, got, err, want)
		}
	}
}

func TestPaddingIsChecked(t *testing.T) {
	s := newSealer(t)
	with := func(pairs ...int) []byte { // a block of JSON and a full block of padding, with other bytes
		blocks := padded(`"aaaaaaaaaaaaaa"`)
		for i := 0; i < len(pairs); i += 2 {
			blocks[pairs[i]] = byte(pairs[i+1])
		}
		return blocks
	}
	if got, err := s.Open(forge(t, with(), "")); err != nil || string(got) != `"aaaaaaaaaaaaaa"` {
		t.Fatalf("as it is: got %s and %v", got, err)
	}
	for name, blocks := range map[string][]byte{
		"none": with(31, 0), "17": with(31, 17), "255": with(31, 255), "first": with(16, 15), "second": with(17, 15),
		"last but one": with(30, 15), "of another length": with(31, 2),
	} {
		got, err := s.Open(forge(t, blocks, ""))
		if want := "workos/authkit: open: not a seal: padding"; got != nil || !errors.Is(err, authkit.ErrSealFormat) ||
			err.Error() != want {
			t.Errorf("%s: got %s and %v, want %s", name, got, err, want)
		}
	}
	for _, text := range []string{"", "{", "x", `"a" "b"`} {
		got, err := s.Open(forge(t, padded(text), ""))
		if want := "workos/authkit: open: not a seal: content is not JSON"; got != nil ||
			!errors.Is(err, authkit.ErrSealFormat) || err.Error() != want {
			t.Errorf("%q: got %s and %v, want %s", text, got, err, want)
		}
	}
}

func TestExpiryOfASealIsInMilliseconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, now := newSealer(t), time.Now().UnixMilli()
		for ago, expired := range map[int64]bool{ // clocks may differ by a minute
			-1: false, 0: false, 59_999: false, 60_000: true, 60_001: true, now - 1: true,
		} {
			got, err := s.Open(forge(t, padded(`{}`), strconv.FormatInt(now-ago, 10)))
			if !expired && (err != nil || string(got) != `{}`) {
				t.Errorf("%d ms ago: got %s and %v", ago, got, err)
			}
			want := "workos/authkit: open: seal expired at " + time.UnixMilli(now-ago).UTC().Format(time.RFC3339)
			if expired && (got != nil || !errors.Is(err, authkit.ErrSealExpired) || err.Error() != want) {
				t.Errorf("%d ms ago: got %s and %v, want %s", ago, got, err, want)
			}
		}
		for _, expiry := range []string{
			"0", "00", "01", "+1", "-1", "-0", " 1", "1 ", "1.5", "1e9", "0x1", "soon", "9223372036854775808",
		} {
			got, err := s.Open(forge(t, padded(`{}`), expiry))
			if want := "workos/authkit: open: not a seal: expiry is not a positive number"; got != nil ||
				!errors.Is(err, authkit.ErrSealFormat) || err.Error() != want {
				t.Errorf("expiry %q: got %s and %v, want %s", expiry, got, err, want)
			}
		}
		if _, err := s.Open(forge(t, padded(`{}`), "9223372036854775807")); err != nil {
			t.Errorf("the last expiry: %v", err)
		}
	})
}

func TestPartsOfASealHaveTheirLengths(t *testing.T) {
	parts := strings.Split(forge(t, padded(`{}`), ""), "*")
	with := func(i int, text string) string {
		changed := append([]string{}, parts...)
		changed[i] = text
		return strings.Join(changed, "*")
	}
	bytes := func(n int) string { return base64.RawURLEncoding.EncodeToString(make([]byte, n)) }
	lengths := func(iv, ciphertext, mac int) string {
		return fmt.Sprintf("an initialization vector of %d, a ciphertext of %d and an HMAC of %d bytes", iv, ciphertext, mac)
	}
	for _, tt := range []struct{ name, sealed, want string }{
		{"prefix alone", "Fe26.2*", "it has 2 parts, not 8"},
		{"7 parts", strings.Join(parts[:7], "*"), "it has 7 parts, not 8"},
		{"9 parts", strings.Join(parts, "*") + "*", "it has 9 parts, not 8"},
		{"another prefix", with(0, "Fe26.1"), "it is neither Fe26.2 nor base64"},
		{"a longer prefix", with(0, "Fe26.22"), "it is neither Fe26.2 nor base64"},
		{"vector that is padded", with(3, parts[3]+"=="), "initialization vector is not base64url"},
		{"vector of noise", with(3, "!"), "initialization vector is not base64url"},
		{"ciphertext of noise", with(4, "!"), "ciphertext is not base64url"},
		{"ciphertext with a stray bit", with(4, strings.Repeat("A", 21)+"B"), "ciphertext is not base64url"},
		{"HMAC of noise", with(7, "!"), "HMAC is not base64url"},
		{"vector of 15", with(3, bytes(15)), lengths(15, 16, 32)},
		{"vector of 17", with(3, bytes(17)), lengths(17, 16, 32)},
		{"no vector", with(3, ""), lengths(0, 16, 32)},
		{"no ciphertext", with(4, ""), lengths(16, 0, 32)},
		{"ciphertext of 15", with(4, bytes(15)), lengths(16, 15, 32)},
		{"ciphertext of 17", with(4, bytes(17)), lengths(16, 17, 32)},
		{"HMAC of 31", with(7, bytes(31)), lengths(16, 16, 31)},
		{"HMAC of 33", with(7, bytes(33)), lengths(16, 16, 33)},
		{"no HMAC", with(7, ""), lengths(16, 16, 0)},
	} {
		got, err := newSealer(t).Open(tt.sealed)
		if want := "workos/authkit: open: not a seal: " + tt.want; got != nil || !errors.Is(err, authkit.ErrSealFormat) ||
			err.Error() != want {
			t.Errorf("%s: got %s and %v, want %s", tt.name, got, err, want)
		}
	}
	for i, text := range map[int]string{
		2: "Salt", 3: bytes(16), 4: bytes(16), 5: "99999999999999", 6: "salt", 7: bytes(32),
	} {
		if got, err := newSealer(t).Open(with(i, text)); got != nil || !errors.Is(err, authkit.ErrSealIntegrity) {
			t.Errorf("part %d: got %s and %v, want ErrSealIntegrity", i, got, err)
		}
	}
}

// Each random part of a seal is as long as in those of the other SDKs, and another one each time.
func TestRandomPartsOfSealsDiffer(t *testing.T) {
	form := regexp.MustCompile(`^Fe26\.2\*1\*([0-9a-f]{64})\*([\w-]{22})\*([\w-]{22})\*\*([0-9a-f]{64})\*([\w-]{43})~2$`)
	seen := map[string]bool{}
	for range 50 {
		sealed, err := newSealer(t).Seal([]byte(`{}`), 0)
		if err != nil {
			t.Fatal(err)
		}
		found := form.FindStringSubmatch(sealed)
		if found == nil {
			t.Fatalf("got %s, want the form of a seal", sealed)
		}
		for _, part := range found[1:] {
			if seen[part] {
				t.Errorf("got %s again, want other random parts", part)
			}
			seen[part] = true
		}
		for _, salt := range []string{found[1], found[4]} {
			if half := salt[:32]; half == salt[32:] || strings.Trim(salt[:16], "0") == "" || strings.Trim(salt[48:], "0") == "" {
				t.Errorf("got the salt %s, want random ones", salt)
			}
		}
	}
}
