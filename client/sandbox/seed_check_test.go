package sandbox_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

// A value that the API never shows would reach the tests of a program as an invalid response.
func TestSeedRefusesValuesThatTheAPIDoesNotShow(t *testing.T) {
	for text, want := range map[string]string{
		`{"connection": [{"connection_type": "Okta"}]}`:                                   `connection_type: invalid value "Okta"`,
		`{"user": [{"email": "ada@acme.example", "created_at": "yesterday"}]}`:            `created_at: invalid value "yesterday"`,
		`{"connection": [{"connection_type": "OktaSAML"}]}`:                               "",
		`{"user": [{"email": "ada@acme.example", "created_at": "2026-01-02T03:04:05Z"}]}`: "",
	} {
		err := sandbox.New().Seed([]byte(text))
		if (err != nil) != (want != "") || err != nil && !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%s: got %v, want %q", text, err, want)
		}
	}
}
