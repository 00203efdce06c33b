package excerpt_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/excerpt"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// As many items stay as fit, to the byte.
func TestTheFirstPartsThatFit(t *testing.T) {
	t.Parallel()
	parts := []json.RawMessage{[]byte("1"), []byte("22"), []byte("333"), []byte("4444")}
	for _, c := range []struct {
		limit int
		want  string
	}{
		{0, "[1,22,333,4444]"}, {15, "[1,22,333,4444]"}, {14, "[1,22,333]"}, {10, "[1,22,333]"}, {9, "[1,22]"},
		{6, "[1,22]"}, {5, "[1]"}, {3, "[1]"}, {2, ""}, {1, ""},
	} {
		got, ok := excerpt.Fit(parts, c.limit, func(given int) json.RawMessage {
			return jsontext.AppendArray(nil, parts[:given])
		})
		if string(got) != c.want || ok != (c.want != "") {
			t.Errorf("%d bytes: got %s and %t, want %s", c.limit, got, ok, c.want)
		}
	}
	empty := func(int) json.RawMessage { return json.RawMessage("[]") }
	if got, ok := excerpt.Fit(nil, 2, empty); !ok || string(got) != "[]" {
		t.Errorf("of nothing: got %s and %t, want []", got, ok)
	}
}

func TestWhatWasLeftOut(t *testing.T) {
	t.Parallel()
	root := []jsontext.Member{{Name: "a", Value: json.RawMessage("1")}}
	rest := excerpt.LeftOut{}
	rest.AddReasonf("Cut to %d.", 9)
	copied := rest
	rest.AddReasonf("More\nfollows.")
	copied.AddReasonf("Another.")
	for _, c := range []struct {
		rest    excerpt.LeftOut
		carryOn string
		want    string
	}{
		{rest, "", `{"reason":"Cut to 9. More\nfollows."}`},
		{copied, "", `{"reason":"Cut to 9. Another."}`},
		{excerpt.LeftOut{Missing: 2, More: true}, `{"after":"x"}`, `{"elements":2,"more":true,"continue":{"after":"x"},"reason":""}`},
	} {
		var carryOn json.RawMessage
		if c.carryOn != "" {
			carryOn = json.RawMessage(c.carryOn)
		}
		want := `{"a":1,"left":` + strings.ReplaceAll(c.want, "\n", `\n`) + `}`
		if got := string(c.rest.AppendTo(root, "left", carryOn)); got != want || len(root) != 1 {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
