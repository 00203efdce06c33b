package serve

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// auditFlag names where the audit log goes.
const auditFlag = "audit-log"

// auditStderr is its value for standard error.
const auditStderr = "stderr"

// audit writes a line of JSON about each call that changes something or reads a secret, whether it was sent or not.
// Arguments are hashed, but for identifiers in the path, which say what the call is about. nil writes nothing. It is
// safe for concurrent use.
type audit struct {
	key    []byte // of the hashes
	caller func(ctx context.Context) string
	failed func(error)

	names sync.Map // of the properties of tools, by the name of the tool

	mu  sync.Mutex
	out io.Writer
}

// openAudit opens the audit log: "stderr", a file that is appended to until the process ends, or nothing for "".
func (p program) openAudit(name string, failed func(error)) (*audit, error) {
	a := &audit{out: p.stderr, failed: failed, caller: p.caller}
	if w, ok := a.out.(*logWriter); ok {
		a.out = w.out // a call waits rather than that its line gets lost
	}
	switch name {
	case "":
		return nil, nil //nolint:nilnil // a nil audit writes nothing
	case auditStderr:
	default:
		const ownerOnly = 0o600
		file, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, ownerOnly) //nolint:gosec // G304: the flag's
		if err != nil {
			return nil, usageError{fmt.Errorf("--%s: %w", auditFlag, err)}
		}
		a.out = file
	}
	// Servers that share a key for confirmations have the same hashes.
	if key := p.getenv(p.variable(confirmKey)); key != "" {
		sum := sha256.Sum256([]byte("audit " + key))
		a.key = sum[:]
	} else {
		a.key = []byte(rand.Text())
	}
	return a, nil
}

// auditLine is one line of the log.
type auditLine struct {
	Time      time.Time         `json:"time"`
	Event     string            `json:"event"`
	RequestID string            `json:"request_id,omitempty"`
	TraceID   string            `json:"trace_id,omitempty"`
	Caller    string            `json:"caller,omitempty"` // hashed
	Identity  map[string]string `json:"identity,omitempty"`
	Client    string            `json:"client,omitempty"`
	Address   string            `json:"client_address,omitempty"`
	Tool      string            `json:"tool"`
	Risks     []string          `json:"risks"`
	Target    map[string]string `json:"target,omitempty"`
	Arguments json.RawMessage   `json:"arguments,omitempty"` // hashed
	Confirmed bool              `json:"confirmed"`
	Sent      bool              `json:"sent"`
	Outcome   string            `json:"outcome"` // ok, or the code of the failure
	Status    int               `json:"status,omitempty"`
	Upstream  string            `json:"upstream_request_id,omitempty"`
}

// write writes the line about a call, if it deserves one.
func (a *audit) write(ctx context.Context, o mcpadapter.Observation) {
	if a == nil || o.Tool.Risk() == mcpadapter.RiskReads {
		return
	}
	line := auditLine{
		Time: time.Now().UTC(), Event: "call", Tool: o.Tool.Name(), Risks: o.Tool.Risk().Names(),
		Target: a.target(o.Path()), Arguments: a.redact(o.Tool, o.Arguments), Confirmed: o.Confirmed, Sent: o.Sent,
		Outcome: outcomeOK, Identity: identityOf(ctx),
	}
	if a.caller != nil {
		line.Caller = hashed(a.caller(ctx))
	}
	if l := requestLogOf(ctx); l != nil {
		line.RequestID, line.TraceID, line.Client = l.id, l.parent().trace(), shortened(l.scrub(l.client))
		line.Address = l.address
	}
	if f := o.Result.Failure; f != nil {
		line.Outcome, line.Status, line.Upstream = shortened(f.Code), f.Status, shortened(f.RequestID)
	}
	text, err := json.Marshal(line)
	if err == nil {
		a.mu.Lock()
		_, err = a.out.Write(append(text, '\n'))
		a.mu.Unlock()
	}
	if err != nil {
		a.failed(err)
	}
}

// target returns the parameters of the path: identifiers as they are, others hashed.
func (a *audit) target(path map[string]string) map[string]string {
	target := make(map[string]string, len(path))
	for name, value := range path {
		if lower := strings.ToLower(name); lower != "id" && !strings.HasSuffix(lower, "id") && lower != "slug" {
			value = a.hash(value)
		}
		target[name] = shortened(value)
	}
	return target
}

// redact returns arguments whose texts and numbers are hashed: the names of the schema, booleans and null stay. It is
// nil for what is no JSON.
func (a *audit) redact(tool mcpadapter.Tool, arguments json.RawMessage) json.RawMessage {
	decoder := json.NewDecoder(bytes.NewReader(arguments))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil {
		return nil
	}
	text, err := json.Marshal(a.hashedValue(value, a.namesOf(tool)))
	if err != nil {
		return nil
	}
	return text
}

// namesOf returns the names of properties that the schema of a tool has, at any depth.
func (a *audit) namesOf(tool mcpadapter.Tool) map[string]bool {
	if names, ok := a.names.Load(tool.Name()); ok {
		return names.(map[string]bool) //nolint:errcheck,forcetypeassert // it is below
	}
	var schema any
	_ = json.Unmarshal(tool.InputSchema(), &schema) // it is valid
	names := map[string]bool{}
	collectNames(schema, names)
	a.names.Store(tool.Name(), names)
	return names
}

func collectNames(schema any, names map[string]bool) {
	switch schema := schema.(type) {
	case []any:
		for _, s := range schema {
			collectNames(s, names)
		}
	case map[string]any:
		if properties, ok := schema["properties"].(map[string]any); ok {
			for name := range properties {
				names[name] = true
			}
		}
		for _, s := range schema {
			collectNames(s, names)
		}
	}
}

func (a *audit) hashedValue(value any, names map[string]bool) any {
	switch value := value.(type) {
	case string:
		return a.hash(value)
	case json.Number:
		return a.hash(value.String())
	case []any:
		for i := range value {
			value[i] = a.hashedValue(value[i], names)
		}
	case map[string]any:
		hashed := make(map[string]any, len(value))
		for name, v := range value {
			if !names[name] {
				name = a.hash(name)
			}
			hashed[name] = a.hashedValue(v, names)
		}
		return hashed
	}
	return value
}

// hash returns a keyed hash, from which nobody without the key can guess a short text.
func (a *audit) hash(text string) string {
	mac := hmac.New(sha256.New, a.key)
	_, _ = mac.Write([]byte(text)) // never fails
	const digits = 16
	return "hmac:" + hex.EncodeToString(mac.Sum(nil))[:digits]
}

// auditFailure logs that a line of the audit is missing, and counts it.
func auditFailure(logger *slog.Logger, m *Metrics) func(error) {
	return func(err error) {
		m.counter("mcp_audit_failures_total").Inc()
		logger.Error("write the audit log", "error", err)
	}
}

type identityKey struct{}

// WithIdentity returns a context whose calls are logged as those of a person or program, such as by
// {"user": "user_01…", "organization": "org_01…"}. The values are written as they are: give no secrets.
func WithIdentity(ctx context.Context, identity map[string]string) context.Context {
	return context.WithValue(ctx, identityKey{}, identity)
}

func identityOf(ctx context.Context) map[string]string {
	identity, _ := ctx.Value(identityKey{}).(map[string]string)
	return identity
}
