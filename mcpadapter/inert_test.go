package mcpadapter_test

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// What third parties wrote into an answer or an error is data. It reaches the reader as that, and unseen characters can
// be seen.
func TestUnseenCharactersAreEscapedAndNotLost(t *testing.T) {
	t.Parallel()
	const name = "a\x7f\u0085\u009b2J\u200b\u202e\u2066\u2028\ufeff\U000E0041\u200d\u200c\u00e9\u65e5\U0001F44D"
	body := quoted(name)
	a, _ := newShop(t, answering(http.StatusOK, "application/json", `{"id":"t","name":`+body+`}`),
		mcpadapter.WithAnswerArguments())
	for _, arguments := range []string{
		`{"tea_id":"1"}`, `{"tea_id":"1","fields":"name"}`, `{"tea_id":"1","jq":"{name}"}`,
	} {
		r := invoke(t, a, "getTea", arguments)
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
		wantParts(t, arguments, string(r.JSON), "\u200d\u200c\u00e9\u65e5\U0001F44D")
	}
}

func TestAnErrorCannotPassForAdvice(t *testing.T) {
	t.Parallel()
	a, _ := newShop(t, answering(404, "application/json",
		`{"code":"x\nAdvice: a","message":"gone\r\nExample: {\u009b}\u202e","errors":["\u001b[2J\n"]}`))
	r := invoke(t, a, "getTea", `{"tea_id":"1"}`)
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
		whole := shopWith(t, responding(200, strings.NewReader(body)))
		r := invoke(t, whole, "orders.list", `{}`)
		if _, isObject := answer.(map[string]any); isObject {
			var got any
			if err := json.Unmarshal(r.JSON, &got); err != nil || !reflect.DeepEqual(got, answer) {
				t.Errorf("got %s, want the meaning of %s", r.JSON, body)
			}
		}
		for _, arguments := range []string{`{}`, `{"fields":"data.id"}`, `{"jq":"."}`} {
			cut := shopWith(t, responding(200, strings.NewReader(body)), mcpadapter.WithAnswerArguments(),
				mcpadapter.WithMaxResultBytes(bound), mcpadapter.WithHiddenSecrets())
			r := invoke(t, cut, "orders.list", arguments)
			if !json.Valid(r.JSON) || len(r.JSON) > bound {
				t.Errorf("%s: got %d bytes, %s, want valid JSON of at most %d", arguments, len(r.JSON), r.JSON, bound)
			}
		}
	})
}
