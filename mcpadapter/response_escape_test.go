package mcpadapter_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// What third parties wrote into an answer or an error is data. It reaches the reader as that, and unseen characters can
// be seen.
func TestUnseenCharactersAreEscapedAndNotLost(t *testing.T) {
	t.Parallel()
	const name = "a\x7f\u0085\u009b2J\u200b\u202e\u2066\u2028\ufeff\U000E0041\u200d\u200c\u00e9\u65e5\U0001F44D"
	body := shoptest.Quoted(name)
	a, _ := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `{"id":"t","name":`+body+`}`),
		mcpadapter.WithShapingArguments())
	for _, arguments := range []string{
		`{"tea_id":"1"}`, `{"tea_id":"1","fields":"name"}`, `{"tea_id":"1","jq":"{name}"}`,
	} {
		r := shoptest.Invoke(t, a, "getTea", arguments)
		if i := strings.IndexFunc(string(r.JSON), func(c rune) bool {
			return unicode.IsControl(c) || strings.ContainsRune("\u200b\u202e\u2066\u2028\ufeff\U000E0041", c)
		}); i >= 0 {
			t.Errorf("%s: got %+q, want no unseen character", arguments, r.JSON)
		}
		var got struct {
			Name string
			JQ   []struct{ Name string }
		}
		if err := json.Unmarshal(r.JSON, &got); err != nil {
			t.Fatal(err)
		}
		if len(got.JQ) == 1 {
			got.Name = got.JQ[0].Name
		}
		if got.Name != name {
			t.Errorf("%s: got %+q, want %+q", arguments, got.Name, name)
		}
		shoptest.WantParts(t, arguments, string(r.JSON), "\u200d\u200c\u00e9\u65e5\U0001F44D")
	}
}

func TestAnErrorCannotPassForAdvice(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, shoptest.RespondWith(404, "application/json",
		`{"code":"x\nAdvice: a","message":"gone\r\nExample: {\u009b}\u202e","errors":["\u001b[2J\n"]}`))
	r := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`)
	if strings.ContainsAny(string(r.JSON), "\u009b\u202e") {
		t.Errorf("got %+q, want no unseen character", r.JSON)
	}
	lines := strings.Split(r.Text(), "\n")
	if want := "404 x Advice: a: gone  Example: { }"; strings.TrimSpace(lines[0]) != want {
		t.Errorf("got %+q, want %q", lines[0], want)
	}
	for _, line := range lines[1:] {
		if strings.HasPrefix(line, "Example: ") || strings.ContainsAny(line, "\x1b\r\u009b") {
			t.Errorf("got the line %+q of the API's", line)
		}
	}
}

// Every range of unseen characters has here its ends, and what stands beside them.
func unseenRanges() []struct {
	first, last rune
} {
	return []struct{ first, last rune }{
		{0x7F, 0x9F}, {0x200B, 0x200B}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xE0000, 0xE007F},
	}
}

// asEscape is a character as JSON escapes it (RFC 8259 section 7).
func asEscape(r rune) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune{r}) {
		fmt.Fprintf(&b, `\u%04x`, unit)
	}
	return b.String()
}

func TestEachRangeOfUnseenCharactersIsEscapedToItsEnds(t *testing.T) {
	t.Parallel()
	check := func(r rune, escaped bool) {
		want := string(r)
		if escaped {
			want = asEscape(r)
		}
		for _, around := range [][2]string{{"", ""}, {"a", "b"}, {"é", "日"}, {want, want}} {
			before, after := around[0], around[1]
			body := `{"id":"` + before + string(r) + after + `"}`
			a := shoptest.NewWith(t, shoptest.Responding(http.StatusOK, strings.NewReader(body)))
			want := `{"id":"` + before + want + after + `"}`
			if got := jsonOf(t, a, "getTea", `{"tea_id":"1"}`); got != want {
				t.Errorf("%U: got %+q, want %+q", r, got, want)
			}
		}
	}
	for _, c := range unseenRanges() {
		check(c.first-1, false)
		check(c.first, true)
		check((c.first+c.last)/2, true)
		check(c.last, true)
		check(c.last+1, false)
	}
	for _, r := range []rune{0xE1, 0xBF, 0xC2, 0xFF, 0x7FF, 0x800, 0x1FFF, 0xFFFD, 0xFFFF, 0x10000, 0x10FFFF} {
		check(r, false)
	}
}

func TestWhatIsEscapedStaysTheSameText(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for _, c := range unseenRanges() {
		for r := c.first; r <= c.last; r++ {
			all.WriteRune(r)
		}
	}
	a := shoptest.NewWith(t, shoptest.Responding(http.StatusOK, strings.NewReader(`{"id":"`+all.String()+`"}`)))
	var got struct{ ID string }
	err := json.Unmarshal([]byte(jsonOf(t, a, "getTea", `{"tea_id":"1"}`)), &got)
	if err != nil || got.ID != all.String() {
		t.Errorf("got %+q (%v), want %+q", got.ID, err, all.String())
	}
}

// A line of a failure's text is one line, whatever the API sends.
func TestEachUnseenCharacterOfAnErrorBecomesASpace(t *testing.T) {
	t.Parallel()
	ranges := append(unseenRanges(), struct{ first, last rune }{0, 0x1F})
	for _, c := range ranges {
		for _, r := range []rune{c.first - 1, c.first, c.last, c.last + 1} {
			if r < 0 {
				continue
			}
			want := " "
			if r == c.first-1 || r == c.last+1 {
				want = string(r)
			}
			body, err := json.Marshal(map[string]string{"code": "c" + string(r) + "d", "message": "m" + string(r) + "n"})
			if err != nil {
				t.Fatal(err)
			}
			a := shoptest.NewWith(t, shoptest.Responding(http.StatusTeapot, strings.NewReader(string(body))))
			text := shoptest.Invoke(t, a, "getTea", `{"tea_id":"1"}`).Text()
			if want := "418 c" + want + "d: m" + want + "n"; text != want {
				t.Errorf("%U: got %+q, want %+q", r, text, want)
			}
		}
	}
}

func FuzzResultsMeanWhatWasAnswered(f *testing.F) {
	for _, seed := range []string{
		`{"a":"\u202e","b":[1.50,-0,1e9,"\\\""],"":{}}`, `{"data":["x"],"list_metadata":{"after":"x"}}`,
		"{\"a\":\"\x7f\u200b\U000E0041\"}", `[]`, `"\ud83d\udc4d"`,
	} {
		f.Add(seed, uint16(1024))
	}
	f.Fuzz(func(t *testing.T, body string, most uint16) {
		if len(body) > 4096 || !utf8.ValidString(body) || !json.Valid([]byte(body)) {
			return
		}
		bound := 1024 + int(most)%2048
		var answer any
		if json.Unmarshal([]byte(body), &answer) != nil {
			return
		}
		whole := shoptest.NewWith(t, shoptest.Responding(200, strings.NewReader(body)))
		r := shoptest.Invoke(t, whole, "orders.list", `{}`)
		if _, isObject := answer.(map[string]any); isObject {
			var got any
			if err := json.Unmarshal(r.JSON, &got); err != nil || !reflect.DeepEqual(got, answer) {
				t.Errorf("got %s, want the meaning of %s", r.JSON, body)
			}
		}
		for _, arguments := range []string{`{}`, `{"fields":"data.id"}`, `{"jq":"."}`} {
			cut := shoptest.NewWith(t, shoptest.Responding(200, strings.NewReader(body)), mcpadapter.WithShapingArguments(),
				mcpadapter.WithMaxResultBytes(bound), mcpadapter.WithHiddenSecrets())
			r := shoptest.Invoke(t, cut, "orders.list", arguments)
			if !json.Valid(r.JSON) || len(r.JSON) > bound {
				t.Errorf("%s: got %d bytes, %s, want valid JSON of at most %d", arguments, len(r.JSON), r.JSON, bound)
			}
		}
	})
}
