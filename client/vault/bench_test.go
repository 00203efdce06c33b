package vault_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/vault"
)

// The benchmarks compare with plain crypto/cipher and report how many times its time this package takes: "x-plain".
// The API is out of the picture: data keys are at hand.

func gcm(b *testing.B) cipher.AEAD {
	b.Helper()
	block, err := aes.NewCipher(random(32))
	if err != nil {
		b.Fatal(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		b.Fatal(err)
	}
	return aead
}

// compare runs plain and ours for each size, and prints the ratio beside the latter.
func compare(b *testing.B, sizes []int, plain, ours func(b *testing.B, size int) func()) {
	b.Helper()
	for _, size := range sizes {
		var reference float64
		for _, side := range []struct {
			name string
			make func(b *testing.B, size int) func()
		}{{"crypto/cipher", plain}, {"vault", ours}} {
			b.Run(fmt.Sprintf("%d bytes/%s", size, side.name), func(b *testing.B) {
				do := side.make(b, size)
				b.SetBytes(int64(size))
				b.ReportAllocs()
				for b.Loop() {
					do()
				}
				took := float64(b.Elapsed()) / float64(b.N)
				if side.name == "vault" && reference > 0 {
					b.ReportMetric(took/reference, "x-plain")
				}
				reference = took
			})
		}
	}
}

func BenchmarkEncrypt(b *testing.B) {
	aead, associated := gcm(b), []byte("users/42")
	v := newWire().vault(b, vault.WithKeyReuse(1<<32, time.Hour))
	compare(b, []int{64, 4 << 10, 1 << 20}, func(_ *testing.B, size int) func() {
		plaintext := random(size)
		return func() {
			nonce := make([]byte, 12)
			_, _ = rand.Read(nonce)
			_ = text(aead.Seal(nonce, nonce, plaintext, associated))
		}
	}, func(b *testing.B, size int) func() {
		b.Helper()
		plaintext := random(size)
		return func() {
			if _, err := v.Encrypt(b.Context(), plaintext, acme(), associated); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkDecrypt(b *testing.B) {
	aead, associated := gcm(b), []byte("users/42")
	v := newWire().vault(b, vault.WithKeyCache(10, time.Hour))
	compare(b, []int{64, 4 << 10, 1 << 20}, func(b *testing.B, size int) func() {
		b.Helper()
		nonce := random(12)
		blob := text(aead.Seal(nonce, nonce, random(size), associated))
		return func() {
			sealed := raw(b, blob)
			if _, err := aead.Open(nil, sealed[:12], sealed[12:], associated); err != nil {
				b.Fatal(err)
			}
		}
	}, func(b *testing.B, size int) func() {
		b.Helper()
		blob, err := v.Encrypt(b.Context(), random(size), acme(), associated)
		if err != nil {
			b.Fatal(err)
		}
		return func() {
			if _, err := v.Decrypt(b.Context(), blob, associated); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func BenchmarkStream(b *testing.B) {
	const size = 16 << 20
	plaintext, aead := random(size), gcm(b)
	v := newWire().vault(b)
	b.Run("encrypt", func(b *testing.B) {
		compare(b, []int{size}, func(*testing.B, int) func() {
			sealed := make([]byte, 0, chunkSize+16)
			return func() {
				for at := 0; at < size; at += chunkSize {
					sealed = aead.Seal(sealed[:0], make([]byte, 12), plaintext[at:at+chunkSize], nil)
				}
			}
		}, func(b *testing.B, _ int) func() {
			b.Helper()
			return func() {
				w, err := v.EncryptTo(b.Context(), io.Discard, acme(), nil)
				if err != nil {
					b.Fatal(err)
				}
				_, _ = w.Write(plaintext)
				if err := w.Close(); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
	b.Run("decrypt", func(b *testing.B) {
		compare(b, []int{size}, func(b *testing.B, _ int) func() {
			b.Helper()
			sealed := aead.Seal(nil, make([]byte, 12), plaintext[:chunkSize], nil)
			opened := make([]byte, 0, chunkSize)
			return func() {
				for at := 0; at < size; at += chunkSize {
					if _, err := aead.Open(opened[:0], make([]byte, 12), sealed, nil); err != nil {
						b.Fatal(err)
					}
				}
			}
		}, func(b *testing.B, _ int) func() {
			b.Helper()
			s := stream(b, v, plaintext, nil)
			return func() {
				r, err := v.DecryptFrom(b.Context(), bytes.NewReader(s), nil)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, r); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}
