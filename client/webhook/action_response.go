package webhook

import (
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"
)

// ActionResponse is a signed verdict on an [Action]. Its JSON is the body of the HTTP response. [Action.Allow] and
// [Action.Deny] return it; the zero value is not a valid response.
type ActionResponse struct {
	allowed bool
	message string
	body    []byte // nil without a verified request
}

// Allowed reports the verdict, for example in a test of a decide function.
func (a *ActionResponse) Allowed() bool { return a.allowed }

// Message is the message shown to the user; "" for a general message, or if the user is allowed.
func (a *ActionResponse) Message() string { return a.message }

// Allow returns the response that allows the user to continue.
func (a *Action) Allow() *ActionResponse {
	return &ActionResponse{allowed: true, body: a.sign("Allow", "")}
}

// Deny returns the response that stops the user. The user sees message, or a general message if it is "".
func (a *Action) Deny(message string) *ActionResponse {
	return &ActionResponse{message: message, body: a.sign("Deny", message)}
}

// sign uses the secret that signed the request, because WorkOS may know only that one of two.
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
	object := strings.TrimSuffix(a.Object, contextSuffix) + responseSuffix
	mac := hex.EncodeToString(a.signer(t, []byte(payload)))
	return []byte(`{"object":` + quoteJSON(object) + `,"payload":` + payload + `,"signature":"` + mac + `"}`)
}

// MarshalJSON returns the body of the response. An encoder may escape <, > and & in a message; the signature stays
// valid. It returns an error for a response to an [Action] that no verifier returned.
func (a *ActionResponse) MarshalJSON() ([]byte, error) {
	if a == nil || a.body == nil {
		return nil, errNoResponse
	}
	return a.body, nil
}

// ServeHTTP writes the response with status 200, or status 500 if MarshalJSON would fail.
func (a *ActionResponse) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if a == nil || a.body == nil {
		http.Error(w, errNoResponse.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(a.body) // fails only if the client is gone
}

// quoteJSON encodes a string like JSON.stringify (ECMA-262 section 25.5.2.3), whose output WorkOS signs: unlike
// encoding/json it does not escape <, >, &, U+2028 and U+2029.
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

// escape returns the JSON escape of a control character.
func escape(r rune) string {
	quoted, _ := json.Marshal(string(r)) //nolint:errchkjson // a string
	return string(quoted[1 : len(quoted)-1])
}
