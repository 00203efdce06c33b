package mcpadapter

import (
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter/optable"
)

// Tool is one operation, ready to be offered by any MCP library.
type Tool struct {
	Name        string // the operationId
	Title       string // a few words for people
	Description string // sentences for models
	Toolset     string // group that the operation belongs to
	Hints       Hints
	// InputSchema is a JSON Schema (2020-12) whose root is an object without oneOf, anyOf and allOf.
	InputSchema json.RawMessage

	operation *optable.Operation
	config    *config
	method    reflect.Value // bound to the client
	paths     []pathArgument
	params    reflect.Type // struct of query and header parameters; nil: none
	body      reflect.Type // nil: none
	editor    reflect.Type // of request editors; nil: the method takes none
	input     *input
}

// Hints are the tool annotations of MCP. They describe, they do not enforce.
type Hints struct {
	ReadOnly    bool // changes nothing
	Destructive bool // removes something
	Idempotent  bool // a repeated call has no further effect
	OpenWorld   bool // talks to something beyond the server
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
		Name: op.ID, Title: op.Summary, Description: description(op), Toolset: op.Toolset, Hints: hints(op.Method),
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
	return t, nil
}

// publish writes the schema for clients.
func (t *Tool) publish(common []Argument) {
	t.InputSchema = appendSchema(make([]byte, 0, 1024), t.input.root, words{common: common}.under(t.Name))
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

// hints follows the properties of methods in RFC 9110 section 9.2.
func hints(method string) Hints {
	h := Hints{OpenWorld: true}
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodTrace:
		h.ReadOnly, h.Idempotent = true, true
	case http.MethodPut:
		h.Idempotent = true
	case http.MethodDelete:
		h.Destructive, h.Idempotent = true, true
	}
	return h
}
