package webhook

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ActionResponse is a signed verdict on an [Action]. Its JSON is the body to answer with. [Action.Allow] and
// [Action.Deny] make it: the zero value is no answer.
type ActionResponse struct {
	allowed bool
	message string
	body    []byte // nil if there was no request to sign for
}

// Allowed tells the verdict, such as to a test of a function that decides on an [Action] made by hand.
func (a *ActionResponse) Allowed() bool { return a.allowed }

// Message is what the user is shown, "" if that is a general text or the verdict lets them go on.
func (a *ActionResponse) Message() string { return a.message }

// Allow is the answer that lets the user go on.
func (a *Action) Allow() *ActionResponse {
	return &ActionResponse{allowed: true, body: a.sign("Allow", "")}
}

// Deny is the answer that stops the user, who is shown the message, or a general one if it is "".
func (a *Action) Deny(message string) *ActionResponse {
	return &ActionResponse{message: message, body: a.sign("Deny", message)}
}

// sign uses the secret that the request was signed with, as of two the other side may know but that one.
func (a *Action) sign(verdict, message string) []byte {
	if a.signer == nil {
		return nil
	}
	t := strconv.FormatInt(a.now().UnixMilli(), 10)
	payload := `{"timestamp":` + t + `,"verdict":"` + verdict + `"`
	if message != "" {
		payload += `,"error_message":` + quoteJSON(message)
	}
	payload += "}"
	object := strings.TrimSuffix(a.Object, contextSuffix) + answerSuffix
	mac := hex.EncodeToString(a.signer(t, []byte(payload)))
	return []byte(`{"object":` + quoteJSON(object) + `,"payload":` + payload + `,"signature":"` + mac + `"}`)
}

// MarshalJSON gives the body of the answer. A JSON encoder may write the characters <, > and & of a message as escapes,
// which changes neither the answer nor whether its signature holds. An answer to an [Action] that no verifier returned
// has none, which is an error.
func (a *ActionResponse) MarshalJSON() ([]byte, error) {
	if a == nil || a.body == nil {
		return nil, errNoAnswer
	}
	return a.body, nil
}

// ServeHTTP writes the answer with status 200, or status 500 if there is none, as [ActionResponse.MarshalJSON] tells.
func (a *ActionResponse) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if a == nil || a.body == nil {
		http.Error(w, errNoAnswer.Error(), http.StatusInternalServerError)
		return
	}
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
	quoted, _ := json.Marshal(string(r)) //nolint:errchkjson // a string
	return string(quoted[1 : len(quoted)-1])
}
