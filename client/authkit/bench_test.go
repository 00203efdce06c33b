package authkit_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/authkit"
)

// BenchmarkVerifyAccessToken prints how many times the time of the bare RSA check it takes. No request is sent but the
// one that fetches the keys before, and no goroutine is left, or it fails.
func BenchmarkVerifyAccessToken(b *testing.B) {
	key := newKeys()[0]
	server := &jwks{keys: jwkSet(key)}
	kit, token := newClient(b, server), key.sign(b, claims(map[string]any{"exp": time.Now().Add(time.Hour).Unix()}))
	verify := func() {
		if _, err := kit.VerifyAccessToken(b.Context(), token); err != nil {
			b.Fatal(err)
		}
	}
	verify() // fetches the keys
	before := runtime.NumGoroutine()
	b.ReportAllocs()
	for b.Loop() {
		verify()
	}
	verified := b.Elapsed()
	if n, left := server.count.Load(), runtime.NumGoroutine()-before; n != 1 || left > 0 {
		b.Fatalf("fetched the keys %d times and left %d goroutines, want once and none", n, left)
	}

	parts := strings.Split(token, ".")
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		b.Fatal(err)
	}
	start := time.Now()
	for range b.N {
		sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
		if err := rsa.VerifyPKCS1v15(&key.private.PublicKey, crypto.SHA256, sum[:], signature); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(verified)/float64(time.Since(start)), "x-rsa")
}

func BenchmarkVerifyAccessTokenParallel(b *testing.B) {
	key := newKeys()[0]
	kit := newClient(b, &jwks{keys: jwkSet(key)})
	token := key.sign(b, claims(map[string]any{"exp": time.Now().Add(time.Hour).Unix()}))
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := kit.VerifyAccessToken(b.Context(), token); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// benchSession is as large as sessions commonly are.
func benchSession() *authkit.Session {
	session := aSession()
	session.AccessToken = strings.Repeat("eyJhbGciOiJSUzI1NiJ9", 45)
	return session
}

func BenchmarkSealSession(b *testing.B) {
	sealer, session := newSealer(b), benchSession()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sealer.SealSession(session); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenSession(b *testing.B) {
	sealer := newSealer(b)
	sealed, err := sealer.SealSession(benchSession())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sealer.OpenSession(sealed); err != nil {
			b.Fatal(err)
		}
	}
}
