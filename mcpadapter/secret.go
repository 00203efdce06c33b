package mcpadapter

import (
	"context"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/secrets"
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

// hider hides the secrets in responses.
func (e *engine) hider() secrets.Hider { return secrets.Hider{Table: e.table, Text: Hidden} }

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
