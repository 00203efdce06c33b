package authkit_test

import (
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/authkit"
)

func TestChallengeIsThatOfRFC7636(t *testing.T) {
	pair, err := authkit.PKCEOf("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") // appendix B
	if err != nil {
		t.Fatal(err)
	}
	if want := "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"; pair.Challenge != want {
		t.Errorf("challenge: got %q, want %q", pair.Challenge, want)
	}
}

func TestPairsAndStatesAreFresh(t *testing.T) {
	form := regexp.MustCompile(`^[A-Za-z0-9_-]{43}$`)
	seen := map[string]bool{}
	for range 100 {
		pair, state := authkit.NewPKCE(), authkit.NewState()
		for _, text := range []string{pair.Verifier, pair.Challenge, state} {
			if !form.MatchString(text) || seen[text] {
				t.Errorf("got %q, want 43 characters that were not seen before", text)
			}
			seen[text] = true
		}
		again, err := authkit.PKCEOf(pair.Verifier)
		if err != nil || again != pair {
			t.Errorf("the pair of a fresh verifier: got %v and %v, want the same pair", again, err)
		}
	}
}

func TestVerifierOutOfBoundsIsRefused(t *testing.T) {
	for verifier, want := range map[string]string{
		"":                              "0 characters",
		strings.Repeat("a", 42):         "42 characters",
		strings.Repeat("a", 129):        "129 characters",
		strings.Repeat("a", 42) + "+":   "at 42",
		"ä" + strings.Repeat("a", 42):   "at 0",
		strings.Repeat("a", 42) + " \n": "at 42",
	} {
		_, err := authkit.PKCEOf(verifier)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("verifier of %d bytes: got %v, want an error with %q", len(verifier), err, want)
		}
	}
	for _, verifier := range []string{strings.Repeat("a", 43), strings.Repeat("Z", 128), strings.Repeat("-._~", 12)} {
		if _, err := authkit.PKCEOf(verifier); err != nil {
			t.Errorf("verifier %q: %v", verifier, err)
		}
	}
}

func TestVerifierHasTheCharactersOfRFC7636(t *testing.T) {
	for size, fits := range map[int]bool{42: false, 43: true, 44: true, 127: true, 128: true, 129: false} {
		pair, err := authkit.PKCEOf(strings.Repeat("a", size))
		want := fmt.Sprintf("workos/authkit: code verifier has %d characters; it must have 43 to 128", size)
		if fits && (err != nil || len(pair.Challenge) != 43) ||
			!fits && (pair != authkit.PKCE{} || err == nil || err.Error() != want) {
			t.Errorf("%d characters: got %v and %v, want it to fit: %t", size, pair, err, fits)
		}
	}
	const unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
	for c := range 256 {
		for at, verifier := range map[int]string{
			0: string([]byte{byte(c)}) + strings.Repeat("a", 42), 20: strings.Repeat("a", 20) + string([]byte{byte(c)}) +
				strings.Repeat("a", 22), 42: strings.Repeat("a", 42) + string([]byte{byte(c)}),
		} {
			pair, err := authkit.PKCEOf(verifier)
			fits := strings.IndexByte(unreserved, byte(c)) >= 0
			want := fmt.Sprintf(`workos/authkit: code verifier has an invalid character at %d: want letters, digits and "-._~"`, at)
			if fits && (err != nil || pair.Verifier != verifier) ||
				!fits && (pair != authkit.PKCE{} || err == nil || err.Error() != want) {
				t.Errorf("byte %#x at %d: got %v and %v, want it to fit: %t", c, at, pair, err, fits)
			}
		}
	}
}

func TestRandomTextsHave32RandomBytes(t *testing.T) {
	var counts [32]map[byte]int
	for range 64 {
		for _, text := range []string{authkit.NewState(), authkit.NewPKCE().Verifier} {
			random, err := base64.RawURLEncoding.DecodeString(text)
			if err != nil || len(random) != 32 {
				t.Fatalf("got %q of %d bytes and %v, want 32", text, len(random), err)
			}
			for i, c := range random {
				if counts[i] == nil {
					counts[i] = map[byte]int{}
				}
				counts[i][c]++
			}
		}
	}
	for i, seen := range counts {
		if len(seen) < 16 { // of 128 texts
			t.Errorf("byte %d has %d values only", i, len(seen))
		}
	}
}

func TestPairPrintsWithoutItsVerifier(t *testing.T) {
	pair := authkit.NewPKCE()
	wantHidden(t, "pair", pair, pair.Verifier)
	want := fmt.Sprintf("PKCE{Verifier: [redacted], Challenge: %q}", pair.Challenge)
	if pair.String() != want || pair.GoString() != want || fmt.Sprint(pair) != want {
		t.Errorf("got %s and %s, want %s", pair, pair.GoString(), want)
	}
	if got, want := pair.LogValue().String(), "[verifier=[redacted] challenge="+pair.Challenge+"]"; got != want {
		t.Errorf("log: got %s, want %s", got, want)
	}
}
