package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/naming"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// Tool is one operation, or one of the tools of [Adapter.DynamicTools], for any MCP library.
//
// It is immutable and safe for concurrent use if the client is; callers own what its methods return. Tools for the same
// operation of the same adapter are equal. The zero value is not a tool, and its methods panic.
type Tool struct{ *tool }

// wrapped returns tools as callers get them.
func wrapped(list []*tool) []Tool {
	tools := make([]Tool, len(list))
	for i, t := range list {
		tools[i] = Tool{t}
	}
	return tools
}

// tool is what a [Tool] refers to. It is not written to once it is made.
type tool struct {
	name        string
	title       string
	description string
	toolset     string
	risk        Risk
	annotations Annotations
	// The schemas are strings because those are immutable.
	inputSchema  func() string // is written when it is first asked for
	outputSchema string        // "": none

	operation *optable.Operation
	engine    *engine
	bound     boundMethod
	bodyType  reflect.Type      // of the method that takes a Go value as the body; nil: none
	derive    func() *input     // derives the input; nil: the tool has none
	input     func() *input     // derives it when it is first asked for; nil likewise
	shapers   shapers           // arguments that shape the response
	common    []schema.Argument // arguments whose descriptions the schema omits

	confirmedFrom    ConfirmationPolicy
	confirmationName string // argument that takes a token; "": none

	dynamic *dynamicTool // nil: the tool is an operation
}

// Name returns the operationId. [NameStyle.Name] returns it in other styles.
func (t Tool) Name() string { return t.name }

// Title returns a few words for people.
func (t Tool) Title() string { return t.title }

// Description returns sentences for models.
func (t Tool) Description() string { return t.description }

// Toolset returns the group that the operation belongs to; "" if the table has none for it.
func (t Tool) Toolset() string { return t.toolset }

// Annotations returns the tool annotations of MCP.
func (t Tool) Annotations() Annotations { return t.annotations }

// InputSchema returns the JSON Schema of the arguments in the profile of the adapter. Its root is an object without
// oneOf, anyOf and allOf. Each call makes a copy.
func (t Tool) InputSchema() json.RawMessage { return json.RawMessage(t.inputSchema()) }

// InputSchemaIn returns the schema of the arguments for the calls of a context, if it differs from [Tool.InputSchema]:
// only if the context requires a confirmation that the adapter does not. Otherwise it returns nil and false.
func (t Tool) InputSchemaIn(ctx context.Context) (schema json.RawMessage, differs bool) {
	if t.confirmedFrom <= t.engine.confirmation.Policy || !t.needsConfirmation(ctx) {
		return nil, false
	}
	root := *t.input().published()
	root.Properties = append(slices.Clip(root.Properties), t.confirmationProperty())
	return t.write(&root, t.engine.profile), true
}

// IDPrefixes returns what the IDs of an argument begin with (x-id-prefix), such as "org_"; nil: it is no ID, or its IDs
// have no prefix. Members of objects and items of lists have names such as "parent.child" and "list[].member".
func (t Tool) IDPrefixes(argument string) []string {
	if t.input == nil {
		return nil
	}
	s := t.input().root
	for part := range strings.SplitSeq(argument, ".") {
		name, isItem := strings.CutSuffix(part, "[]")
		p := s.Property(name)
		if p == nil {
			return nil
		}
		if s = p.Schema; isItem && s.Items != nil {
			s = s.Items
		}
	}
	if s.Items != nil {
		s = s.Items
	}
	return slices.Clone(s.IDPrefixes)
}

// OutputSchema returns the JSON Schema of what [Tool.Invoke] returns, failures included. It is nil without
// [WithOutputSchemas]. Each call makes a copy.
func (t Tool) OutputSchema() json.RawMessage {
	if t.outputSchema == "" {
		return nil
	}
	return json.RawMessage(t.outputSchema)
}

// newTool returns the tool of an operation without arguments: what a filter needs to know of it. It can be called once
// [binder.bind] has bound it; without that its input is nil.
func newTool(op *optable.Operation, e *engine) *tool {
	risk, _ := riskOf(op) // bind reports the error
	return &tool{
		name: toolName(op), title: titleOf(op), description: descriptionForModels(op), toolset: op.Toolset,
		risk: risk, annotations: annotationsOf(op, risk), operation: op, engine: e,
	}
}

// binder binds tools to the methods of a client. It serves one New and is not safe for concurrent use.
type binder struct {
	methods methodSet
	derive  *deriver
}

// bind finds the method of a tool and derives its arguments.
func (b binder) bind(t *tool) error {
	if _, err := riskOf(t.operation); err != nil {
		return err
	}
	if err := t.bindMethod(b.methods); err != nil {
		return err
	}
	in, err := b.derive.input(t)
	if err != nil {
		return err
	}
	for _, err := range in.leftOut {
		t.engine.leaveOut(t.operation, err)
	}
	if err := in.fill(t.operation, t.engine.knownValue); err != nil {
		return knownValueError{err}
	}
	known := in.knownValues
	t.derive, t.input = func() *input { return t.deriveAgain(known) }, func() *input { return in }
	if err := t.prove(); err != nil {
		return err
	}
	t.nameShapers(in)
	t.confirmedFrom = firstPolicy(t.risk)
	t.nameConfirmation(in)
	in.own = t.ownProperties()
	if !t.engine.outputs {
		return nil
	}
	output, err := b.derive.output(t, b.methods)
	if err != nil {
		return err
	}
	t.outputSchema = string(output)
	return nil
}

// publish makes the schema of the arguments available to clients.
func (t *tool) publish(root *value.Schema) {
	t.inputSchema = sync.OnceValue(func() string { return string(t.write(root, t.engine.profile)) })
}

// deriveAgain derives the input of a tool as bind did, with the same known values.
func (t *tool) deriveAgain(known map[string]string) *input {
	alike := *t // what is written to it is there already, for other goroutines to read
	alike.bound.paths = slices.Clone(t.bound.paths)
	in, err := newDeriver(t.engine).input(&alike)
	if err == nil {
		err = in.fill(t.operation, func(_ *optable.Operation, argument string) (string, bool) {
			text, ok := known[argument]
			return text, ok
		})
	}
	if err != nil { // not what bind has derived
		panic(err)
	}
	in.own = t.ownProperties()
	return in
}

// ownProperties returns the published arguments of the adapter itself.
func (t *tool) ownProperties() []value.Property {
	var list []value.Property
	if !t.engine.terse || t.engine.listOf(t.operation).Items != "" {
		list = t.shapingProperties()
	}
	if t.confirmationName != "" && t.confirmedFrom <= t.engine.confirmation.Policy {
		list = append(list, t.confirmationProperty())
	}
	return list
}

// titleOf returns the summary of an operation, or the words of its operationId, or else its method and path.
func titleOf(op *optable.Operation) string {
	if op.Summary != "" {
		return op.Summary
	}
	var words []string
	mark := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	for _, word := range strings.FieldsFunc(op.ID, mark) {
		start := 0
		runes := []rune(word)
		for i := 1; i < len(runes); i++ { // at each capital letter that follows another one
			if unicode.IsUpper(runes[i]) && !unicode.IsUpper(runes[i-1]) {
				words, start = append(words, strings.ToLower(string(runes[start:i]))), i
			}
		}
		words = append(words, strings.ToLower(string(runes[start:])))
	}
	if len(words) == 0 {
		return op.Method + " " + op.Path
	}
	title := []rune(strings.Join(words, " "))
	title[0] = unicode.ToUpper(title[0])
	return string(title)
}

// descriptionForModels returns the description of an operation. The summary, which repeats the name in prose, is the
// title. Where there is neither, the method and the path say what there is to know.
func descriptionForModels(op *optable.Operation) string {
	text := op.Description
	switch {
	case text != "":
	case op.Summary != "":
		text = strings.TrimSuffix(op.Summary, ".") + "."
	default:
		text = op.Method + " " + op.Path + "."
		if title := titleOf(op); title+"." != text {
			text = title + ": " + text
		}
	}
	if op.Deprecated {
		text += " Deprecated."
	}
	return text
}

// forMCP is the extension of an operation with what its tool should be: false, or an object of [mcpSettings].
const forMCP = "x-mcp"

// mcpSettings are the members of the extension. Absent ones are derived as for every operation.
type mcpSettings struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Skip        bool   `json:"skip"`
	Annotations struct {
		ReadOnly    *bool `json:"readOnlyHint"`
		Destructive *bool `json:"destructiveHint"`
		Idempotent  *bool `json:"idempotentHint"`
		OpenWorld   *bool `json:"openWorldHint"`
	} `json:"annotations"`
}

// mcpSettingsOf reads the extension of an operation. It fails if the extension is neither a boolean nor such an object,
// or if its name is not valid.
func mcpSettingsOf(op *optable.Operation) (mcpSettings, error) {
	var s mcpSettings
	switch text := op.Extension(forMCP); text {
	case "", "true", null:
	case "false":
		s.Skip = true
	default:
		if err := json.Unmarshal([]byte(text), &s); err != nil {
			return mcpSettings{}, unfit(fmt.Errorf("%s: want a boolean or an object: %w", forMCP, err), "correct the extension")
		}
	}
	if s.Name != "" && !naming.Valid(s.Name) {
		return mcpSettings{}, unfit(
			fmt.Errorf("%s: invalid name %q: want 1 to 128 characters of A-Z, a-z, 0-9, '_', '-' and '.'", forMCP, s.Name),
			"correct the extension")
	}
	return s, nil
}

// apply changes a tool as the settings say.
func (s *mcpSettings) apply(t *tool) {
	for _, text := range []struct {
		to   *string
		from string
	}{{&t.name, s.Name}, {&t.title, s.Title}, {&t.description, s.Description}} {
		if text.from != "" {
			*text.to = text.from
		}
	}
	for _, hint := range []struct {
		to   *bool
		from *bool
	}{
		{&t.annotations.ReadOnly, s.Annotations.ReadOnly}, {&t.annotations.Destructive, s.Annotations.Destructive},
		{&t.annotations.Idempotent, s.Annotations.Idempotent}, {&t.annotations.OpenWorld, s.Annotations.OpenWorld},
	} {
		if hint.from != nil {
			*hint.to = *hint.from
		}
	}
}
