package redact_test

import (
	"errors"
	"net/url"
	"testing"

	"github.com/seed-f165d83c/workos/client/internal/redact"
)

func TestTransport(t *testing.T) {
	_, invalid := url.Parse("http://me:pass word@proxy")
	for want, err := range map[string]error{
		"parse a URL: it is invalid":                    invalid,
		`Get "https://[redacted]@a.example/b": refused`: errors.New(`Get "https://me:pw@a.example/b?c=d": refused`),
		"refused": errors.New("refused"),
	} {
		if got := redact.Transport(err); got.Error() != want || !errors.Is(got, err) {
			t.Errorf("got %v, want %s, and the cause", got, want)
		}
	}
	if got := redact.URLs("https://a.example/b#c d"); got != "https://a.example/b d" {
		t.Errorf("got %s, want it without the fragment", got)
	}
}
