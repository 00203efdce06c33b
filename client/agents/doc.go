// Package agents gives programs an identity of their own: access tokens of an agent blueprint, for an agent that acts
// for a user, for another agent or on its own, and those of a machine-to-machine application. Tokens are obtained once
// for many goroutines, cached until shortly before they expire, and then refreshed.
//
//	blueprint, err := agents.New(workos, "agent_blueprint_…")
//	source := blueprint.Source(agents.Autonomous("org_…"), "nightly report")
//	api := &http.Client{Transport: source.Transport(nil)}
//
// The other side verifies a token without a call: see [Verify].
//
// No error of this package contains a token, and no value of it prints one with any verb of package fmt or through
// log/slog.
package agents
