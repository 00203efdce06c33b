package authkit_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// goSeal seals as the official Go SDK does, with this key.
func goSeal(t *testing.T, key []byte, text string) string {
	t.Helper()
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	nonce := []byte("a nonce of 1")
	return base64.StdEncoding.EncodeToString(gcm.Seal(nonce, nonce, []byte(text), nil))
}

func TestGoCookiesAreOpenedByEachPassword(t *testing.T) {
	hashed := func(secret string) []byte {
		sum := sha256.Sum256([]byte(secret))
		return sum[:]
	}
	digits := strings.Repeat("0123456789abcdef", 4)
	raw, err := hex.DecodeString(digits)
	if err != nil {
		t.Fatal(err)
	}
	secrets := []string{testSecret, digits, strings.ToUpper(digits), digits[:62], digits + "00", digits[:63] + "g",
		digits[:63]}
	keys := [][]byte{hashed(testSecret), raw, raw, hashed(digits[:62]), hashed(digits + "00"), hashed(digits[:63] + "g"),
		hashed(digits[:63])}
	var all []authkit.Password
	for _, secret := range secrets {
		all = append(all, authkit.Password{Secret: secret})
	}
	for i, secret := range secrets {
		sealed := goSeal(t, keys[i], `{"access_token":"a"}`)
		for name, s := range map[string]*authkit.Sealer{
			"alone": newSealer(t, all[i]), "among others": newSealer(t, all...),
		} {
			if got, err := s.Open(sealed); err != nil || string(got) != `{"access_token":"a"}` {
				t.Errorf("%s %s: got %s and %v", secret, name, got, err)
			}
		}
		other := newSealer(t, authkit.Password{Secret: otherSecret}, authkit.Password{Secret: otherSecret + "!"})
		if got, err := other.Open(sealed); got != nil || !errors.Is(err, authkit.ErrSealIntegrity) {
			t.Errorf("%s by others: got %s and %v, want ErrSealIntegrity", secret, got, err)
		}
	}
}

func TestWhatIsNoGoCookieIsRefused(t *testing.T) {
	s := newSealer(t)
	sum := sha256.Sum256([]byte(testSecret))
	sealed := goSeal(t, sum[:], `{"a":1}`) // whose base64 is padded
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		t.Fatal(err)
	}
	flipped := func(i int) string {
		changed := append([]byte{}, raw...)
		changed[i] ^= 1
		return base64.StdEncoding.EncodeToString(changed)
	}
	size := func(n int) string { return base64.StdEncoding.EncodeToString(make([]byte, n)) }
	const integrity = "seal was changed, or made with another password"
	for _, tt := range []struct {
		name, sealed string
		kind         error
		want         string
	}{
		{"empty", "", authkit.ErrSealFormat, "not a seal: it has 0 bytes"},
		{"27 bytes", size(27), authkit.ErrSealFormat, "not a seal: it has 27 bytes"},
		{"28 bytes", size(28), authkit.ErrSealFormat, "not a seal: it has 28 bytes"},
		{"29 bytes", size(29), authkit.ErrSealIntegrity, integrity},
		{"nothing sealed", goSeal(t, sum[:], ""), authkit.ErrSealFormat, "not a seal: it has 28 bytes"},
		{"no JSON", goSeal(t, sum[:], "{"), authkit.ErrSealFormat, "not a seal: content is not JSON"},
		{"first byte", flipped(0), authkit.ErrSealIntegrity, integrity},
		{"last of the nonce", flipped(11), authkit.ErrSealIntegrity, integrity},
		{"first of the ciphertext", flipped(12), authkit.ErrSealIntegrity, integrity},
		{"last byte", flipped(len(raw) - 1), authkit.ErrSealIntegrity, integrity},
		{"no padding", strings.TrimRight(sealed, "="), authkit.ErrSealFormat,
			"not a seal: it is neither Fe26.2 nor base64"},
		{"base64url", strings.Repeat("-_", 30), authkit.ErrSealFormat, "not a seal: it is neither Fe26.2 nor base64"},
		{"a stray bit", strings.Repeat("A", 38) + "B=", authkit.ErrSealFormat,
			"not a seal: it is neither Fe26.2 nor base64"},
	} {
		got, err := s.Open(tt.sealed)
		if got != nil || !errors.Is(err, tt.kind) || err.Error() != "workos/authkit: open: "+tt.want {
			t.Errorf("%s: got %s and %v, want %s", tt.name, got, err, tt.want)
		}
	}
}
