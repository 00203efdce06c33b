package mcpadapter

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Hidden replaces a secret in a response.
const Hidden = "[hidden]"

// WithHiddenSecrets hides secrets in every response before anything else sees it: strings become [Hidden], numbers and
// booleans null. Secret is what the table marks as such, and a property that the table does not describe if its name is
// that of a credential, such as token or client_secret. null stays null, which says that there is no secret.
//
// An operation with [RiskShowsOnce], such as one that makes an API key, is not called: its secret would be lost. What
// only [RiskReadsSecret] is confirmed for is not, because nothing secret is returned.
func WithHiddenSecrets() Option {
	return func(o *options) error {
		o.hideSecrets = true
		return nil
	}
}

type hideKey struct{}

// HideSecrets returns a context whose calls hide secrets as with [WithHiddenSecrets]. It cannot reveal what the adapter
// hides.
func HideSecrets(ctx context.Context) context.Context { return context.WithValue(ctx, hideKey{}, true) }

// hides reports whether a call hides secrets.
func (e *engine) hides(ctx context.Context) bool {
	asked, _ := ctx.Value(hideKey{}).(bool)
	return e.hideSecrets || asked
}

// withoutSecrets appends a value with its secrets hidden to b.
func (e *engine) withoutSecrets(b []byte, value json.RawMessage, forms []*optable.Schema) []byte {
	if slices.ContainsFunc(forms, func(s *optable.Schema) bool { return s.Secret }) {
		return appendHidden(b, value)
	}
	switch value[0] {
	case '[':
		return each(b, value, func(b []byte, element json.RawMessage) []byte {
			return e.withoutSecrets(b, element, e.itemSchemas(forms))
		})
	case '{':
		b = append(b, '{')
		for _, m := range jsontext.Members(value) {
			b = jsontext.AppendMember(b, m.Name, "")
			inner := e.propertySchemas(forms, m.Name)
			switch {
			case len(inner) > 0:
				b = e.withoutSecrets(b, m.Value, inner)
			case namesSecret(m.Name):
				b = appendHidden(b, m.Value)
			default:
				b = e.withoutSecrets(b, m.Value, e.additionalSchemas(forms))
			}
		}
		return append(b, '}')
	}
	return append(b, value...)
}

// CodeSecretLost is the code of a failure of a call that is not sent, because its response has a secret that is shown
// once and that would be hidden.
const CodeSecretLost = "secret_would_be_lost"

// losesSecret returns the failure of a call whose secret would be lost, or nil.
func (t *tool) losesSecret(ctx context.Context) *Failure {
	if !t.risk.Has(RiskShowsOnce) || !t.engine.hides(ctx) {
		return nil
	}
	return &Failure{
		Code: CodeSecretLost,
		Message: t.name + " returns a secret that is shown only once, and secrets are hidden here, so it would be lost; " +
			"nothing was sent",
		Advice: "Tell the person. They can make it themselves, or the operator of this server or client can stop hiding " +
			"secrets. Do not try to work around it.",
	}
}

// appendHidden appends a value with everything but its structure hidden.
func appendHidden(b []byte, value json.RawMessage) []byte {
	switch value[0] {
	case '"':
		return jsontext.AppendString(b, Hidden)
	case '[':
		return each(b, value, appendHidden)
	case '{':
		b = append(b, '{')
		for _, m := range jsontext.Members(value) {
			b = appendHidden(jsontext.AppendMember(b, m.Name, ""), m.Value)
		}
		return append(b, '}')
	}
	return append(b, null...)
}

func each(b []byte, array json.RawMessage, write func([]byte, json.RawMessage) []byte) []byte {
	b = append(b, '[')
	for i, element := range jsontext.Elements(array) {
		if i > 0 {
			b = append(b, ',')
		}
		b = write(b, element)
	}
	return append(b, ']')
}

// namesSecret reports whether a name suggests a credential.
func namesSecret(name string) bool {
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
