package authkit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

// wantHidden fails the test if package fmt, log/slog or encoding/json shows one of the secrets of a value.
func wantHidden(t *testing.T, name string, value any, secrets ...string) {
	t.Helper()
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", value)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", value)
	encoded, _ := json.Marshal(value)
	texts := []string{log.String(), string(encoded)}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%t", "%x", "%X", "%e", "%T", "%-30v"} {
		texts = append(texts, fmt.Sprintf(verb, value), fmt.Sprintf(verb, []any{value}))
	}
	for _, secret := range secrets {
		if secret == "" {
			t.Fatalf("%s: an empty secret tests nothing", name)
		}
		for _, form := range []string{
			secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret),
			strings.Trim(fmt.Sprintf("%d", []byte(secret)), "[]"),
		} {
			for _, text := range texts {
				if strings.Contains(text, form) {
					t.Errorf("%s shows %q: %s", name, form, text)
				}
			}
		}
	}
}
