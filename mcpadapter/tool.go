package mcpadapter

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Tool is one operation, or one of the tools of [Adapter.DynamicTools], ready to be offered by any MCP library.
type Tool struct {
	Name        string // the operationId
	Title       string // a few words for people
	Description string // sentences for models
	Toolset     string // group that the operation belongs to
	Annotations Annotations
	// InputSchema is a JSON Schema in the adapter's profile, whose root is an object without oneOf, anyOf and allOf.
	InputSchema json.RawMessage
	// OutputSchema is a JSON Schema of what Invoke answers, failures too; nil without WithOutputSchemas.
	OutputSchema json.RawMessage

	operation *optable.Operation
	config    *config
	method    reflect.Value // bound to the client
	paths     []pathArgument
	params    reflect.Type // struct of query and header parameters; nil: none
	body      reflect.Type // nil: none
	editor    reflect.Type // of request editors; nil: the method takes none
	input     *input
	shapers   shapers    // arguments about the answer
	common    []Argument // whose descriptions the schema leaves out

	confirmedFrom ConfirmationPolicy
	confirmation  string // argument that takes a token; "": none

	dynamic *dynamicTool // nil: the tool is an operation
}

type pathArgument struct {
	name string
	typ  reflect.Type
}

func newTool(op *optable.Operation, methods methodSet, derive *deriver, c *config) (*Tool, error) {
	if !validName(op.ID) {
		return nil, errors.New("the name must be 1 to 128 characters of A-Z, a-z, 0-9, '_', '-' and '.'")
	}
	t := &Tool{
		Name: op.ID, Title: op.Summary, Description: description(op), Toolset: op.Toolset, Annotations: annotationsOf(op),
		operation: op, config: c,
	}
	if err := t.bindMethod(methods); err != nil {
		return nil, err
	}
	input, err := derive.input(t)
	if err != nil {
		return nil, err
	}
	if err := input.fill(op, c.known); err != nil {
		return nil, err
	}
	t.input = input
	t.nameShapers()
	t.confirmedFrom = confirmedFrom(op, t.Annotations)
	t.takeConfirmation()
	if c.outputs {
		if t.OutputSchema, err = derive.output(t, methods); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// publish writes the schema for clients.
func (t *Tool) publish(common []Argument) {
	t.common = common
	t.InputSchema = t.Schema(t.config.profile)
}

// description tells what the name does not. The summary, which says the same as the name in prose, is the title.
func description(op *optable.Operation) string {
	text := op.Description
	if text == "" {
		text = strings.TrimSuffix(op.Summary, ".") + "."
	}
	if op.Deprecated {
		text += " Deprecated."
	}
	return text
}
