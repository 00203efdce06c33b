package mcpadapter

import (
	"fmt"
	"reflect"
	"slices"
	"sort"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// wholeBody is the argument for a body that cannot be flattened.
const wholeBody = "body"

// sortOrder is the usual name of a parameter for the order of a list.
const sortOrder = "order"

// inMediaType is the location of the argument that chooses the media type of the body.
const inMediaType optable.Location = "media type"

// deriver derives the input and the output of tools. It is not safe for concurrent use.
type deriver struct {
	*schema.Deriver

	closed     *value.Compiler // for what no Go type describes; made when it is needed
	parameters map[plainParameter]*value.Schema
}

func newDeriver(e *engine) *deriver {
	d := &deriver{Deriver: schema.NewDeriver(e.table), parameters: map[plainParameter]*value.Schema{}}
	d.KeepPatterns, d.KeepNull, d.Requests = !e.strict, !e.strict, true
	return d
}

// factsAlone returns a schema that the table alone describes: as strict about unknown properties as one of a Go type.
func (d *deriver) factsAlone(facts *optable.Schema) (*value.Schema, error) {
	if d.closed == nil {
		d.closed = value.NewClosedCompiler(d.Table())
		d.closed.KeepPatterns, d.closed.Requests = d.KeepPatterns, true
	}
	s, err := d.closed.Compile(facts)
	if err == nil {
		err = d.closed.Err()
	}
	return s, err
}

// input describes the flat arguments of a tool and where they go.
type input struct {
	root        *value.Schema    // of the operation's arguments
	own         []value.Property // arguments of the adapter itself, which are never sent
	locations   map[string]optable.Location
	styled      map[string]*optable.Parameter // in a header, in a cookie, or in the path in another style than simple
	params      []paramField                  // fields of the struct of parameters
	leftOut     []error                       // why optional parameters are no arguments
	spaced      bool                          // a query parameter separates the items of a list by spaces
	body        *value.Schema                 // in the default media type; nil: none
	contents    []media.Body                  // media types of the body, the default first
	chooser     string                        // argument that chooses the media type; "": there is only one
	flat        bool                          // the properties of the body are arguments beside the parameters
	required    bool                          // the body must be given
	exclusive   []optable.Exclusive
	knownValues map[string]string // for arguments that are omitted
	paging      []string          // query parameters for the pages of a list
	wireNames   map[string]string // properties of a flat body, by arguments with other names
}

// paramField is a field of the struct of parameters.
type paramField struct {
	name     string // of the parameter
	argument string // of the tool
	in       optable.Location
	index    []int
	typ      reflect.Type
	always   bool               // whether the client sends its zero value although the parameter is optional
	written  *optable.Parameter // added to the request, as the client cannot write every value; nil: it does
}

// newInput returns an input without arguments.
func newInput(op *optable.Operation) *input {
	return &input{
		root:      &value.Schema{Types: optable.Object, Closed: true},
		locations: map[string]optable.Location{},
		exclusive: op.Exclusive,
	}
}

// input derives the input of a tool whose method is bound.
func (d *deriver) input(t *tool) (*input, error) {
	in := newInput(t.operation)
	in.root.Properties = make([]value.Property, 0, len(t.operation.Parameters)+1)
	in.paging = []string{t.engine.cursors.After, t.engine.cursors.Before, t.engine.cursors.Limit, sortOrder}
	if err := d.pathInput(in, t); err != nil {
		return nil, err
	}
	if err := d.paramsInput(in, t); err != nil {
		return nil, err
	}
	if err := d.bodyInput(in, t); err != nil {
		return nil, err
	}
	if err := d.Err(); err != nil {
		return nil, err
	}
	if err := in.checkExclusive(); err != nil {
		return nil, err
	}
	list := in.root.Properties
	sort.SliceStable(list, func(i, j int) bool { return list[i].Required && !list[j].Required })
	return in, nil
}

func (in *input) add(p value.Property, where optable.Location) error {
	if in.root.Property(p.Name) != nil {
		return fmt.Errorf("two parameters are called %q", p.Name)
	}
	in.root.Properties = append(in.root.Properties, p)
	if where != "" {
		in.locations[p.Name] = where
	}
	return nil
}

// checkExclusive checks that exclusive fields are arguments; otherwise no call could satisfy them.
func (in *input) checkExclusive() error {
	for _, e := range in.exclusive {
		if len(e.Variants) == 0 {
			return fmt.Errorf("exclusive group %q has no variants", e.Name)
		}
		for _, v := range e.Variants {
			if len(v.Fields) == 0 {
				return fmt.Errorf("exclusive group %q: variant %q has no fields", e.Name, v.Name)
			}
			for _, name := range v.Fields {
				if in.root.Property(name) == nil && (in.body == nil || in.body.Property(name) == nil) {
					return fmt.Errorf("exclusive group %q: unknown argument %q", e.Name, name)
				}
			}
		}
	}
	return nil
}

// published returns the schema of the arguments for clients.
func (in *input) published() *value.Schema {
	if len(in.own) == 0 {
		return in.root
	}
	s := *in.root
	s.Properties = slices.Concat(in.root.Properties, in.own)
	return &s
}

// knownValueError is a value of [WithKnown] that an argument does not accept: a fault of the program.
type knownValueError struct{ error }

func (e knownValueError) Unwrap() error { return e.error }

// fill makes the arguments optional whose values the program knows.
func (in *input) fill(op *optable.Operation, known func(*optable.Operation, string) (string, bool)) error {
	if known == nil {
		return nil
	}
	for i, p := range in.root.Properties {
		text, ok := known(op, p.Name)
		if !ok || !p.Schema.Types.Has(optable.String) {
			continue
		}
		var c checker
		if c.value(p.Schema, text, p.Name); len(c.problems) > 0 {
			return fmt.Errorf("known value: %s", c.problems[0])
		}
		if in.knownValues == nil {
			in.knownValues = map[string]string{}
		}
		in.knownValues[p.Name] = text
		s := *p.Schema
		s.Description = strings.TrimSpace(s.Description + " Filled in if left out.")
		in.root.Properties[i] = value.Property{Name: p.Name, Schema: &s}
	}
	return nil
}

// takes reports whether a known value goes with the arguments: in a union, whether the chosen variant has it.
func (in *input) takes(name string, args map[string]any) bool {
	if in.locations[name] != "" || !in.flat || in.body.Union == nil {
		return true
	}
	chosen := in.body.Union.Variant(args[in.body.Union.Property])
	return chosen != nil && chosen.Property(name) != nil
}
