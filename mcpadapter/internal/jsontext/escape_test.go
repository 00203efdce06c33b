package jsontext_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// edges are the first and last characters of each invisible range, and their neighbors outside it.
var edges = []struct {
	invisible bool
	runes     []rune
}{
	{true, []rune{
		0, 1, 0x1F, 0x7F, 0x80, 0x9F, 0x200B, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060, 0x2066, 0x206F, 0xFEFF,
		0xE0000, 0xE0001, 0xE0041, 0xE007E, 0xE007F,
	}},
	{false, []rune{
		' ', '!', 'a', '~', 0xA0, 0xA1, 'é', 0xFF, 0x100, 0x200A, 0x200C, 0x200D, 0x200E, 0x2027, 0x202F, 0x205F, 0x2070,
		'日', 0xFEFE, 0xFF00, 0xFFFD, 0xFFFF, 0x10000, '😀', 0xDFFFF, 0xE0080, 0x10FFFF,
	}},
}

func TestInvisibleCharacters(t *testing.T) {
	t.Parallel()
	for _, side := range edges {
		for _, r := range side.runes {
			if got := jsontext.Invisible(r); got != side.invisible {
				t.Errorf("%U: got %t, want %t", r, got, side.invisible)
			}
		}
	}
}

func TestOneLineReplacesInvisibleCharacters(t *testing.T) {
	t.Parallel()
	for _, side := range edges {
		for _, r := range side.runes {
			want := "a" + string(r) + "b"
			if side.invisible {
				want = "a b"
			}
			if got := jsontext.OneLine("a" + string(r) + "b"); got != want {
				t.Errorf("%U: got %q, want %q", r, got, want)
			}
		}
	}
}

func TestEscapeKeepsTextAndHidesNothing(t *testing.T) {
	t.Parallel()
	for _, side := range edges {
		for _, r := range side.runes {
			if r < ' ' { // valid JSON never contains it
				continue
			}
			// Alone, so that no other character makes Escape look at the text.
			text := `["` + string(r) + `","x` + string(r) + `"]`
			got := jsontext.Escape([]byte(text))
			if bytes.ContainsRune(got, r) == side.invisible {
				t.Errorf("%U: got %q, want it escaped: %t", r, got, side.invisible)
			}
			if !side.invisible && string(got) != text {
				t.Errorf("%U: got %q, want %q", r, got, text)
			}
			var list []string
			if err := json.Unmarshal(got, &list); err != nil || list[0] != string(r) || list[1] != "x"+string(r) {
				t.Errorf("%U: %q reads as %q, %v", r, got, list, err)
			}
		}
	}
}

func TestEscapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                          "",
		`"plain"`:                   `"plain"`,
		"\"\x7f\"":                  `"\u007f"`,
		"\"\u0085\"":                `"\u0085"`,
		"\"\u200b\"":                `"\u200b"`,
		"\"\u2028\u202e\"":          `"\u2028\u202e"`,
		"\"\ufeff\"":                `"\ufeff"`,
		"\"\U000E0041\"":            `"\udb40\udc41"`,
		"\"日\u200b本\U000E007F😀\"":   `"日\u200b本\udb40\udc7f😀"`,
		"{\"a\u200b\":\"é\u2060\"}": `{"a\u200b":"é\u2060"}`,
	} {
		if got := string(jsontext.Escape([]byte(text))); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestEscapeReturnsCleanTextItself(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`"plain"`, "\"é\u0100ߏ\u1fff\""} {
		in := []byte(text)
		if got := jsontext.Escape(in); &got[0] != &in[0] {
			t.Errorf("%s: got a copy", text)
		}
	}
}

func FuzzEscape(f *testing.F) {
	f.Add([]byte("{\"a\u200b\":[\"\x7f\",1.50,null],\"\U000E0041\":\"\\u200b\"}"))
	f.Add([]byte("[\"\u2028\",\"日本\",\"\\\\\"]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if !json.Valid(text) {
			return
		}
		in := bytes.Clone(text)
		got := jsontext.Escape(text)
		if !bytes.Equal(text, in) {
			t.Fatalf("changed its input %q into %q", in, text)
		}
		if !json.Valid(got) || !sameJSON(t, got, in) {
			t.Errorf("got %q of %q", got, in)
		}
		for _, r := range string(got) {
			if r >= ' ' && jsontext.Invisible(r) {
				t.Errorf("got %q of %q, with %U", got, in, r)
			}
		}
	})
}
