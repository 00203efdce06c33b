package authkit_test

import (
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

func TestPairPrintsWithoutItsVerifier(t *testing.T) {
	pair := authkit.NewPKCE()
	wantHidden(t, "pair", pair, pair.Verifier)
	if text := fmt.Sprint(pair); !strings.Contains(text, pair.Challenge) {
		t.Errorf("got %q, want the challenge in it", text)
	}
}
