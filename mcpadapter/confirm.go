package mcpadapter

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/confirm"
)

// ConfirmationPolicy selects which calls a person confirms before they are sent. Each policy includes those before it.
// As text, such as in a flag, the policies are none, risky and writes.
type ConfirmationPolicy int

const (
	// ConfirmNone sends every call without a confirmation.
	ConfirmNone ConfirmationPolicy = iota
	// ConfirmRisky asks before an operation that replaces, destroys or sends something or reads a secret, by its [Risk].
	// A call that hides secrets reads none.
	ConfirmRisky
	// ConfirmWrites asks also before every other operation that is not read-only by its [Annotations].
	ConfirmWrites

	never // no policy includes it
)

// String returns the policy as text.
func (p ConfirmationPolicy) String() string {
	switch p {
	case ConfirmNone:
		return "none"
	case ConfirmRisky:
		return "risky"
	case ConfirmWrites:
		return "writes"
	case never:
	}
	return fmt.Sprintf("ConfirmationPolicy(%d)", int(p))
}

// MarshalText returns the policy as text.
func (p ConfirmationPolicy) MarshalText() ([]byte, error) {
	if !p.valid() {
		return nil, fmt.Errorf("workos/mcpadapter: invalid value %v", p)
	}
	return []byte(p.String()), nil
}

// UnmarshalText reads what MarshalText writes and rejects everything else.
func (p *ConfirmationPolicy) UnmarshalText(text []byte) error {
	for policy := range never {
		if string(text) == policy.String() {
			*p = policy
			return nil
		}
	}
	renamed := ""
	if string(text) == "destructive" {
		renamed = "; risky includes what destructive asked for"
	}
	return fmt.Errorf("workos/mcpadapter: unknown policy %q: want none, risky or writes%s",
		phrase.Preview(string(text)), renamed)
}

func (p ConfirmationPolicy) valid() bool { return ConfirmNone <= p && p < never }

// DefaultConfirmationLifetime is the default of Confirmation.Lifetime.
const DefaultConfirmationLifetime = 5 * time.Minute

// Confirmation configures which calls a person confirms before they are sent, and how.
//
// A client that supports MCP elicitation asks in the course of the call; without a session it can do so since revision
// 2026-07-28 only. Programs may ask through [Tool.InvokeAsking].
//
// Every other client calls twice. The first call fails with [CodeConfirmationRequired], a question and a token. The
// second call with that token is sent if the tool, the arguments and the caller are the same, once, and before the
// token expires. The token is sealed and self-contained, so every process with the same key accepts it. The adapter
// cannot know whether a person was asked in between: it guarantees that the call which is sent is the one that was
// shown, and relies on the client and its model to ask.
//
// The zero value confirms nothing.
type Confirmation struct {
	Policy ConfirmationPolicy
	// Key seals the tokens: at least 32 bytes that cannot be guessed. nil: random bytes, so that other processes reject
	// the tokens of this adapter.
	Key []byte
	// Lifetime is how long a token is valid and how long an elicitation waits. 0: [DefaultConfirmationLifetime].
	Lifetime time.Duration
	// Caller identifies whom a call is made for, such as by its credentials or a hash of them. Another caller cannot use
	// the token. The text is only used in a keyed hash. nil: all callers are the same.
	Caller func(ctx context.Context) string
	// Used remembers which tokens were used. nil: a [ConfirmationMemory] of this adapter, so that each adapter with the
	// same key accepts a token once.
	Used ConfirmationStore
}

// WithConfirmation sets which calls are confirmed, and how. Without it only the calls of contexts from
// [RequireConfirmation] are.
func WithConfirmation(settings Confirmation) Option {
	return func(o *options) error {
		if !settings.Policy.valid() {
			return fmt.Errorf("WithConfirmation: invalid policy %v", settings.Policy)
		}
		if settings.Key != nil && len(settings.Key) < confirm.MinKeyBytes {
			return fmt.Errorf("WithConfirmation: the key has %d bytes, expected at least %d",
				len(settings.Key), confirm.MinKeyBytes)
		}
		if settings.Lifetime < 0 || settings.Lifetime > 0 && settings.Lifetime < time.Second {
			return fmt.Errorf("WithConfirmation: the lifetime %v is less than a second", settings.Lifetime)
		}
		o.confirmation = settings
		return nil
	}
}

type confirmationKey struct{}

// RequireConfirmation returns a context whose calls are confirmed at least as the policy requires. It cannot relax what
// the adapter or the context require already.
func RequireConfirmation(ctx context.Context, policy ConfirmationPolicy) context.Context {
	if policy <= requiredConfirmation(ctx) {
		return ctx
	}
	return context.WithValue(ctx, confirmationKey{}, policy)
}

func requiredConfirmation(ctx context.Context) ConfirmationPolicy {
	policy, _ := ctx.Value(confirmationKey{}).(ConfirmationPolicy)
	return policy
}

// firstPolicy returns the first policy that confirms an operation.
func firstPolicy(risk Risk) ConfirmationPolicy {
	switch {
	case risk.Has(riskAsked):
		return ConfirmRisky
	case risk.Effect() != EffectRead:
		return ConfirmWrites
	}
	return never
}

// needsConfirmation reports whether a call in this context is confirmed before it is sent.
func (t *tool) needsConfirmation(ctx context.Context) bool {
	from := t.confirmedFrom
	if t.risk.Has(RiskReadsSecret) && t.engine.hides(ctx) {
		from = firstPolicy(t.risk &^ RiskReadsSecret)
	}
	if from == never {
		return false
	}
	return from <= max(t.engine.confirmation.Policy, requiredConfirmation(ctx))
}

// MayConfirm reports whether a call in this context may have to be confirmed before it is sent. It is true for the
// tools of [Adapter.DynamicTools], because that depends on the operation that they call.
func (t Tool) MayConfirm(ctx context.Context) bool {
	return t.dynamic != nil || t.needsConfirmation(ctx)
}

// confirmations applies the defaults of the settings and makes the sealer.
func (e *engine) confirmations() error {
	settings := &e.confirmation
	if settings.Key == nil {
		settings.Key = make([]byte, confirm.MinKeyBytes)
		_, _ = rand.Read(settings.Key) // never fails
	}
	if settings.Lifetime == 0 {
		settings.Lifetime = DefaultConfirmationLifetime
	}
	if settings.Caller == nil {
		settings.Caller = func(context.Context) string { return "" }
	}
	if settings.Used == nil {
		settings.Used = &ConfirmationMemory{}
	}
	var err error
	e.sealer, err = confirm.NewSealer(settings.Key)
	settings.Key = nil // no longer needed
	return err
}

// confirmationArgument is the argument for a token. Underscores are prefixed until it collides with no argument of the
// operation.
const confirmationArgument = "confirmation"

// nameConfirmation chooses the name of the argument for the token. It is published if the policy confirms the calls of
// the tool, and accepted if a context may require that.
func (t *tool) nameConfirmation(in *input) {
	if t.confirmedFrom == never {
		return
	}
	t.confirmationName = confirmationArgument
	for in.root.Property(t.confirmationName) != nil {
		t.confirmationName = "_" + t.confirmationName
	}
}

func (t *tool) confirmationProperty() value.Property {
	return value.Property{Name: t.confirmationName, Schema: &value.Schema{
		Types: optable.String,
		Description: "Token from a first call without it, which sends nothing. Give it with the same arguments, " +
			"only after the person has agreed.",
	}}
}

// ConfirmationStore remembers which confirmations were used. Processes that share a key and a store accept each of them
// once among them all. It must be safe for concurrent use.
type ConfirmationStore interface {
	// Use remembers an ID until it expires, and reports whether it was new. Of concurrent calls with the same ID exactly
	// one gets true, such as by a unique key in a database, or SET with NX and EXAT in Redis. If it fails, the call is
	// not sent.
	Use(ctx context.Context, id string, expires time.Time) (first bool, err error)
}

// ConfirmationMemory is a [ConfirmationStore] in memory, for one or more adapters of a process. It remembers at most
// 100,000 IDs, in about 10 MB, and rejects more until some expire. The zero value is ready for use and must not be
// copied after that. It is safe for concurrent use.
type ConfirmationMemory struct{ memory confirm.Memory }

// Use implements [ConfirmationStore]. It fails if too many IDs are remembered.
func (m *ConfirmationMemory) Use(_ context.Context, id string, expires time.Time) (bool, error) {
	return m.memory.Use(id, expires)
}

// ConfirmationField is the one field of [ConfirmationForm].
const ConfirmationField = "confirm"

// ConfirmationForm returns the JSON Schema of the form by which an MCP client asks its user for a confirmation (MCP
// revision 2025-11-25, client/elicitation): a box that must be ticked. The map is the caller's.
func ConfirmationForm() map[string]any {
	return map[string]any{
		"type": "object",
		"properties": map[string]any{
			ConfirmationField: map[string]any{
				"type": "boolean", "title": "Do it", "description": "True sends it, anything else does not.",
			},
		},
		"required": []string{ConfirmationField},
	}
}

// Confirmed reports whether a response to [ConfirmationForm] means yes: the action is accept, and the field is true. A
// client that accepts forms unseen, or without their content, confirms nothing.
func Confirmed(action string, content map[string]any) bool {
	return action == "accept" && content[ConfirmationField] == true
}

// declines is a client that declines questions by itself when nobody attends it.
type declines struct {
	part string // of its name in clientInfo, in lower case
	run  string // how it is run unattended
}

// unattended lists such clients: they declare elicitation and decline at once in these runs. .ci/agents runs each.
func unattended() []declines {
	return []declines{
		{"codex", "codex exec"},
		{"copilot", "copilot -p"},
		{"claude-code", "claude -p"},
	}
}

// Declined returns the result of a call whose confirmation the client was asked for, as it gets it. If the call was not
// confirmed and the client, by its name in clientInfo or its User-Agent, is known to decline by itself when nobody
// attends it, the advice says so. Every other result is returned as it is.
func (r Result) Declined(client string) Result {
	if r.Failure == nil || r.Failure.Code != CodeNotConfirmed {
		return r
	}
	for _, d := range unattended() {
		if !strings.Contains(strings.ToLower(client), d.part) {
			continue
		}
		f := *r.Failure
		f.Advice = strings.TrimSpace(f.Advice + " If this is " + d.run + ", the client declined by itself, because nobody " +
			"attends it: tell the person which call is left for them. The server's documentation has how to run it unattended.")
		told := f.Result()
		told.Repaired, told.Renamed = r.Repaired, r.Renamed
		return told
	}
	return r
}
