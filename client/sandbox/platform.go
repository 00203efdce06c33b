package sandbox

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// scopePlatform is that of the tokens which the operations of platforms take in place of an API key. The token endpoint
// of Connect issues them to an application that has the scope.
const scopePlatform = "platform"

// needsPlatform reports whether an operation takes the token of a platform.
func needsPlatform(op *optable.Operation) bool {
	return slices.ContainsFunc(op.Security, func(alternative optable.Requirement) bool {
		return slices.ContainsFunc(alternative, func(s optable.Credential) bool { return s.Scheme == scopePlatform })
	})
}

// platformOf finds the environment that issued the token of a platform; nil if none did, or its time is over.
func (s *Sandbox) platformOf(c *call) *environment {
	for _, env := range s.environments {
		claims := env.claims(c.request.bearer)
		if claims != nil && !c.ended(claims) && slices.Contains(strings.Fields(text(claims["scope"])), scopePlatform) {
			return env
		}
	}
	return nil
}
