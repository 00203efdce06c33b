package webhook

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ActionAnswer is a signed verdict on an [Action]. Its JSON is the body to answer with. [Action.Allow] and
// [Action.Deny] make it: the zero value is no answer.
type ActionAnswer struct{ body []byte }

// Allow is the answer that lets the user go on.
func (a *Action) Allow() *ActionAnswer { return a.answer("Allow", "") }

// Deny is the answer that stops the user, who is shown the message, or a general one if it is "".
func (a *Action) Deny(message string) *ActionAnswer { return a.answer("Deny", message) }

// answer signs with the secret that the request was signed with, as of two the other side may know but that one.
func (a *Action) answer(verdict, message string) *ActionAnswer {
	now := time.Now
	if a.now != nil {
		now = a.now
	}
	t := strconv.FormatInt(now().UnixMilli(), 10)
	payload := `{"timestamp":` + t + `,"verdict":"` + verdict + `"`
	if message != "" {
		payload += `,"error_message":` + quoteJSON(message)
	}
	payload += "}"
	object := strings.TrimSuffix(a.Object, contextSuffix) + answerSuffix
	mac := ""
	if a.signer != nil {
		mac = hex.EncodeToString(a.signer(t, []byte(payload)))
	}
	body := `{"object":` + quoteJSON(object) + `,"payload":` + payload + `,"signature":"` + mac + `"}`
	return &ActionAnswer{[]byte(body)}
}

// MarshalJSON gives the body of the answer. A JSON encoder may write the characters <, > and & of a message as escapes,
// which changes neither the answer nor whether its signature holds.
func (a *ActionAnswer) MarshalJSON() ([]byte, error) {
	if a == nil || a.body == nil {
		return nil, errNoAnswer
	}
	return a.body, nil
}

// ServeHTTP writes the answer with status 200.
func (a *ActionAnswer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(a.body) // the other side is gone if this fails
}

// quoteJSON encodes a string as JSON.stringify does (ECMA-262 section 25.5.2.3), over whose output the other side
// signs: unlike encoding/json it escapes neither <, > and & nor U+2028 and U+2029.
func quoteJSON(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range strings.ToValidUTF8(text, string(utf8.RuneError)) {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ':
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// escape is a control character, by its letter or by its number.
func escape(r rune) string {
	quoted, err := json.Marshal(string(r))
	if err != nil {
		return "" // a control character is a valid string
	}
	return string(quoted[1 : len(quoted)-1])
}
