package events

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

func TestWhatAnotherAttemptWouldNotChangeIsLasting(t *testing.T) {
	t.Parallel()
	passing := map[int]bool{408: true, 425: true, 429: true}
	for status := range 700 {
		want := status >= 300 && status < 500 && !passing[status]
		for _, err := range []error{
			&client.Error{StatusCode: status}, fmt.Errorf("wrapped: %w", &client.Error{StatusCode: status}),
		} {
			if got := isPermanent(err); got != want {
				t.Errorf("status %d: got %t, want %t", status, got, want)
			}
		}
	}
	for _, test := range []struct {
		err  error
		want bool
	}{
		{client.ErrNoCredentials, true},
		{client.ErrResponseTooLarge, true},
		{fmt.Errorf("wrapped: %w", client.ErrNoCredentials), true},
		{fmt.Errorf("wrapped: %w", client.ErrResponseTooLarge), true},
		{errors.Join(&client.Error{StatusCode: 500}, client.ErrNoCredentials), true},
		{client.ErrInvalidResponse, false},
		{errors.New("connection reset by peer"), false},
	} {
		if got := isPermanent(test.err); got != test.want {
			t.Errorf("%v: got %t, want %t", test.err, got, test.want)
		}
	}
}

func TestTextFromOutsideIsOneShortLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                       `""`,
		"event_01":               `"event_01"`,
		"a\n\x1b\"":              `"a\n\x1b\""`,
		strings.Repeat("x", 99):  `"` + strings.Repeat("x", 99) + `"`,
		strings.Repeat("x", 100): `"` + strings.Repeat("x", 100) + `"`,
		strings.Repeat("x", 101): `"` + strings.Repeat("x", 100) + `"`,
		strings.Repeat("x", 999): `"` + strings.Repeat("x", 100) + `"`,
	} {
		if got := quote(text); got != want {
			t.Errorf("quote(%q): got %s, want %s", text, got, want)
		}
	}
}
