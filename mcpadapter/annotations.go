package mcpadapter

import (
	"net/http"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Annotations are the tool annotations of MCP (revision 2025-11-25, ToolAnnotations). They follow from the [Risk] of an
// operation, describe it, and enforce nothing.
type Annotations struct {
	ReadOnly    bool // only reads; a secret, perhaps
	Destructive bool // does more than add: changes, replaces, destroys or uses up something
	Idempotent  bool // a repeated call with the same arguments has no further effect
	OpenWorld   bool // reaches somebody or something beyond the API: a person, an identity provider, another service
}

// openWorld is the extension of an operation that reaches beyond the API other than by sending something. Without it an
// operation does not: MCP's own default, true, is for tools of which nothing is known.
const openWorld = "x-open-world"

// annotationsOf derives annotations from the risks of an operation and its method.
func annotationsOf(op *optable.Operation, risk Risk) Annotations {
	return Annotations{
		ReadOnly:    risk.Effect() == EffectRead,
		Destructive: risk.Has(riskTaken | RiskChanges | RiskSpendsOnce),
		Idempotent:  isIdempotent(op.Method, risk),
		OpenWorld:   risk.Has(RiskSends) || op.Extension(openWorld) == "true",
	}
}

// isIdempotent reports whether a repeated call does nothing more. PUT and DELETE are idempotent (RFC 9110 section
// 9.2.2), and so is what only replaces or destroys, whatever its method.
func isIdempotent(method string, risk Risk) bool {
	switch {
	case risk.Has(RiskSends | RiskSpendsOnce):
		return false
	case risk.Effect() == EffectRead, method == http.MethodPut, method == http.MethodDelete:
		return true
	}
	return !risk.Has(RiskAdds | RiskChanges)
}
