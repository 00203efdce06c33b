package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
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
	annotations Annotations
	// The schemas are strings because those are immutable.
	inputSchema  string
	outputSchema string // "": none

	operation  *optable.Operation
	engine     *engine
	method     reflect.Value // bound to the client
	paths      []pathArgument
	paramsType reflect.Type // struct of query and header parameters; nil: none
	bodyType   reflect.Type // nil: none
	editorType reflect.Type // of request editors; nil: the method takes none
	input      *input
	shapers    shapers           // arguments that shape the response
	common     []schema.Argument // arguments whose descriptions the schema omits

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
func (t Tool) InputSchema() json.RawMessage { return json.RawMessage(t.inputSchema) }

// InputSchemaIn returns the schema of the arguments for the calls of a context, if it differs from [Tool.InputSchema]:
// only if the context requires a confirmation that the adapter does not. Otherwise it returns nil and false.
func (t Tool) InputSchemaIn(ctx context.Context) (schema json.RawMessage, differs bool) {
	if t.confirmedFrom <= t.engine.confirmation.Policy || !t.needsConfirmation(ctx) {
		return nil, false
	}
	root := *t.input.published()
	root.Properties = append(slices.Clip(root.Properties), t.confirmationProperty())
	return t.write(&root, t.engine.profile), true
}

// OutputSchema returns the JSON Schema of what [Tool.Invoke] returns, failures included. It is nil without
// [WithOutputSchemas]. Each call makes a copy.
func (t Tool) OutputSchema() json.RawMessage {
	if t.outputSchema == "" {
		return nil
	}
	return json.RawMessage(t.outputSchema)
}

type pathArgument struct {
	name string
	typ  reflect.Type
}

func newTool(op *optable.Operation, methods methodSet, derive *deriver, e *engine) (*tool, error) {
	if !validName(op.ID) {
		return nil, errors.New("the name must be 1 to 128 characters of A-Z, a-z, 0-9, '_', '-' and '.'")
	}
	t := &tool{
		name: op.ID, title: op.Summary, description: descriptionForModels(op), toolset: op.Toolset,
		annotations: annotationsOf(op), operation: op, engine: e,
	}
	if err := t.bindMethod(methods); err != nil {
		return nil, err
	}
	input, err := derive.input(t)
	if err != nil {
		return nil, err
	}
	if err := input.fill(op, e.knownValue); err != nil {
		return nil, err
	}
	t.input = input
	t.nameShapers()
	t.confirmedFrom = firstPolicy(op, t.annotations)
	t.takeConfirmation()
	if e.outputs {
		output, err := derive.output(t, methods)
		if err != nil {
			return nil, err
		}
		t.outputSchema = string(output)
	}
	return t, nil
}

// publish writes the schema for clients.
func (t *tool) publish(common []schema.Argument) {
	t.common = common
	t.inputSchema = string(t.schemaIn(t.engine.profile))
}

// descriptionForModels returns the description of an operation. The summary, which repeats the name in prose, is the
// title.
func descriptionForModels(op *optable.Operation) string {
	text := op.Description
	if text == "" {
		text = strings.TrimSuffix(op.Summary, ".") + "."
	}
	if op.Deprecated {
		text += " Deprecated."
	}
	return text
}
