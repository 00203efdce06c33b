// Package secrets hides the secrets in a response: what a table marks as such, and of what it does not describe that
// whose name is the name of a credential.
package secrets

import (
	"encoding/json"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/forms"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Hider hides secrets. Strings become its text, numbers and booleans null.
type Hider struct {
	Table *optable.Table
	Text  string
}

// Append appends a value of the forms to b, with its secrets hidden. The value is valid and compact JSON.
func (h Hider) Append(b []byte, value json.RawMessage, f forms.Forms) []byte {
	if f.Secret() {
		return h.hidden(b, value)
	}
	switch value[0] {
	case '[':
		return jsontext.AppendEach(b, value, func(b []byte, element json.RawMessage) []byte {
			return h.Append(b, element, f.Items(h.Table))
		})
	case '{':
		b = append(b, '{')
		for _, m := range jsontext.Members(value) {
			b = jsontext.AppendMember(b, m.Name, "")
			inner := f.Property(h.Table, m.Name)
			switch {
			case len(inner) > 0:
				b = h.Append(b, m.Value, inner)
			case Named(m.Name):
				b = h.hidden(b, m.Value)
			default:
				b = h.Append(b, m.Value, f.Additional(h.Table))
			}
		}
		return append(b, '}')
	}
	return append(b, value...)
}

// hidden appends a value with everything but its structure hidden.
func (h Hider) hidden(b []byte, value json.RawMessage) []byte {
	switch value[0] {
	case '"':
		return jsontext.AppendString(b, h.Text)
	case '[':
		return jsontext.AppendEach(b, value, h.hidden)
	case '{':
		b = append(b, '{')
		for _, m := range jsontext.Members(value) {
			b = h.hidden(jsontext.AppendMember(b, m.Name, ""), m.Value)
		}
		return append(b, '}')
	}
	return append(b, "null"...)
}

// Named reports whether a name is that of a credential, such as token or client_secret.
func Named(name string) bool {
	words := phrase.Singulars(name)
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	if len(words) > 1 {
		switch pair := words[len(words)-2] + " " + last; pair {
		case "api key", "private key", "secret key", "access key":
			return true
		}
	}
	switch last {
	case "secret", "token", "password", "passcode", "passphrase", "apikey", "credential":
		return true
	}
	return false
}
