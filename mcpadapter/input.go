package mcpadapter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// wholeBody is the argument that takes a body which cannot be flattened.
const wholeBody = "body"

// input is how the flat arguments of a tool are put together and taken apart again.
type input struct {
	root      *schema    // of the operation's arguments
	own       []property // arguments of the adapter itself, which never reach the operation
	params    map[string]optable.Location
	body      *schema // nil: none
	flat      bool    // the body's properties stand side by side with the parameters
	required  bool    // the body must be given
	exclusive []optable.Exclusive
	known     map[string]string // values for arguments that are left out
}

// input derives the input of a tool whose method is bound.
func (d *deriver) input(t *tool) (*input, error) {
	in := &input{
		root:      &schema{types: optable.Object, closed: true},
		params:    map[string]optable.Location{},
		exclusive: t.operation.Exclusive,
	}
	if err := d.pathInput(in, t); err != nil {
		return nil, err
	}
	if err := d.paramsInput(in, t); err != nil {
		return nil, err
	}
	if err := d.bodyInput(in, t); err != nil {
		return nil, err
	}
	if d.missing != "" {
		return nil, fmt.Errorf("the table has no schema %q", d.missing)
	}
	if err := in.checkExclusive(); err != nil {
		return nil, err
	}
	slices.SortStableFunc(in.root.properties, func(a, b property) int {
		switch {
		case a.required == b.required:
			return 0
		case a.required:
			return -1
		}
		return 1
	})
	return in, nil
}

func (d *deriver) pathInput(in *input, t *tool) error {
	for _, p := range t.paths {
		facts := parameterOf(t.operation, p.name)
		if facts == nil || facts.In != optable.InPath {
			return fmt.Errorf("the table does not describe the path parameter %q", p.name)
		}
		s, err := d.parameter(p.typ, facts)
		if err != nil {
			return err
		}
		s.types &^= optable.Null
		switch { // an empty segment addresses another resource
		case s.types.Has(optable.String):
			s.nonEmpty = true
		case s.types.Has(optable.Array):
			s.minItems = max(s.minItems, 1)
		}
		if err := in.add(property{name: p.name, required: true, schema: s}, optable.InPath); err != nil {
			return err
		}
	}
	return nil
}

func (d *deriver) paramsInput(in *input, t *tool) error {
	if t.params == nil {
		return nil
	}
	fields := map[string]reflect.StructField{}
	for i := range t.params.NumField() {
		if name, _ := jsonName(t.params.Field(i)); name != "" {
			fields[name] = t.params.Field(i)
		}
	}
	for i := range t.operation.Parameters {
		p := &t.operation.Parameters[i]
		if p.In == optable.InPath {
			continue
		}
		field, ok := fields[p.Name]
		if !ok {
			return fmt.Errorf("%s has no field for the parameter %q", t.params, p.Name)
		}
		delete(fields, p.Name)
		if !p.Required && !leavesOut(field.Type) {
			return fmt.Errorf("parameter %q: optional in the table, but the Go type cannot leave it out", p.Name)
		}
		s, err := d.parameter(field.Type, p)
		if err != nil {
			return err
		}
		s = notNull(s, field.Type)
		// Sent, an empty list or map is the same as none.
		switch {
		case s.types.Has(optable.Array):
			s.minItems = max(s.minItems, 1)
		case s.types.Has(optable.Object):
			s.minProperties = max(s.minProperties, 1)
		}
		if err := in.add(property{name: p.Name, required: p.Required, schema: s}, p.In); err != nil {
			return err
		}
	}
	for name := range fields {
		return fmt.Errorf("the table does not describe the parameter %q of %s", name, t.params)
	}
	return nil
}

func (d *deriver) parameter(t reflect.Type, p *optable.Parameter) (*schema, error) {
	s, err := d.schema(t, &p.Schema)
	if err != nil {
		return nil, fmt.Errorf("parameter %q: %w", p.Name, err)
	}
	c := *s
	c.deprecated = c.deprecated || p.Deprecated
	if p.Description != "" {
		c.description = p.Description
	}
	return &c, nil
}

// leavesOut tells whether a parameter of that type can stay unsent. Others are sent always, with their zero value.
func leavesOut(t reflect.Type) bool { return holdsNil(t) || t.Kind() == reflect.Interface }

func (in *input) add(p property, where optable.Location) error {
	if in.root.property(p.name) != nil {
		return fmt.Errorf("two parameters are called %q", p.name)
	}
	in.root.properties = append(in.root.properties, p)
	if where != "" {
		in.params[p.name] = where
	}
	return nil
}

func (d *deriver) bodyInput(in *input, t *tool) error {
	if t.body == nil {
		return nil
	}
	s, err := d.schema(t.body, &t.operation.Body.Schema)
	if err != nil {
		return fmt.Errorf("body: %w", err)
	}
	in.body, in.required = s, t.operation.Body.Required
	properties := s.properties
	if s.union != nil {
		properties = s.union.flatten()
	}
	in.flat = s.isClosedObject() && len(properties) > 0
	for _, p := range properties {
		if _, taken := in.params[p.name]; taken || p.name == wholeBody && len(properties) > 1 {
			in.flat = false
		}
	}
	if _, taken := in.params[wholeBody]; taken && !in.flat {
		return fmt.Errorf("a parameter is called %q, which the body needs", wholeBody)
	}
	if !in.flat {
		return in.add(property{name: wholeBody, required: in.required, schema: s}, "")
	}
	for _, p := range properties {
		p.required = p.required && in.required
		if err := in.add(p, ""); err != nil {
			return err
		}
	}
	return nil
}

// checkExclusive checks that exclusive fields are arguments, as a call could never satisfy others.
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
				if in.root.property(name) == nil && (in.body == nil || in.body.property(name) == nil) {
					return fmt.Errorf("exclusive group %q: there is no argument %q", e.Name, name)
				}
			}
		}
	}
	return nil
}

// published returns the arguments as clients are told of them.
func (in *input) published() *schema {
	if len(in.own) == 0 {
		return in.root
	}
	s := *in.root
	s.properties = slices.Concat(in.root.properties, in.own)
	return &s
}

func parameterOf(op *optable.Operation, name string) *optable.Parameter {
	for i := range op.Parameters {
		if op.Parameters[i].Name == name {
			return &op.Parameters[i]
		}
	}
	return nil
}

// fill makes optional what the program knows.
func (in *input) fill(op *optable.Operation, known func(*optable.Operation, string) (string, bool)) error {
	if known == nil {
		return nil
	}
	for i, p := range in.root.properties {
		value, ok := known(op, p.name)
		if !ok || !p.schema.types.Has(optable.String) {
			continue
		}
		var c checker
		if c.value(p.schema, value, p.name); len(c.problems) > 0 {
			return fmt.Errorf("the value known of %s", c.problems[0])
		}
		if in.known == nil {
			in.known = map[string]string{}
		}
		in.known[p.name] = value
		s := *p.schema
		s.description = strings.TrimSpace(s.description + " Filled in if left out.")
		in.root.properties[i] = property{name: p.name, schema: &s}
	}
	return nil
}

// takes tells whether a known value goes with the arguments: in a union, whether the variant that they choose has it.
func (in *input) takes(name string, args map[string]any) bool {
	if in.params[name] != "" || !in.flat || in.body.union == nil {
		return true
	}
	chosen := in.body.union.variant(args[in.body.union.property])
	return chosen != nil && chosen.property(name) != nil
}

// flatten lists the properties of all variants: the discriminator with all its values first, then the others in the
// order of their first variant, required if every variant requires them. One that not every variant has says in its
// description which it goes with.
func (u *union) flatten() []property {
	var (
		names  []string
		found  = map[string]*property{}
		owners = map[string][]string{}
		always = map[string]int{}
	)
	for _, v := range u.variants {
		for _, p := range v.schema.properties {
			if found[p.name] == nil {
				names = append(names, p.name)
				found[p.name] = &property{name: p.name, schema: p.schema}
			} else {
				found[p.name].schema = common(found[p.name].schema, p.schema)
			}
			owners[p.name] = append(owners[p.name], v.value)
			if p.required {
				always[p.name]++
			}
		}
	}
	list := make([]property, 0, len(names))
	for _, name := range names {
		p := *found[name]
		p.required = always[name] == len(u.variants)
		s := *p.schema
		switch {
		case name == u.property:
			s.constant, s.enum = "", u.values()
			s.description = "Selects the form."
		case len(owners[name]) < len(u.variants):
			s.description = strings.TrimSpace(s.description + " " + u.goesWith(owners[name]))
		}
		p.schema = &s
		list = append(list, p)
	}
	slices.SortStableFunc(list, func(a, b property) int {
		if a.name == u.property {
			return -1
		} else if b.name == u.property {
			return 1
		}
		return 0
	})
	return list
}

// goesWith says which variants have a property, by whichever is shorter: those that have it or those that lack it.
func (u *union) goesWith(owners []string) string {
	if len(owners) <= len(u.variants)/2 {
		return "Only with " + u.short(owners) + "."
	}
	var lacking []string
	for _, v := range u.variants {
		if !slices.Contains(owners, v.value) {
			lacking = append(lacking, v.value)
		}
	}
	return "Not with " + u.short(lacking) + "."
}

// short joins values of variants, of URNs only the end that tells them from the other variants' values.
func (u *union) short(values []string) string {
	list := make([]string, len(values))
	for i, value := range values {
		list[i] = value
		for at := strings.LastIndexByte(value, ':'); at >= 0; at = strings.LastIndexByte(value[:at], ':') {
			end := value[at:]
			if !slices.ContainsFunc(u.variants, func(v variant) bool {
				return v.value != value && strings.HasSuffix(v.value, end)
			}) {
				list[i] = "…" + end
				break
			}
		}
	}
	return strings.Join(list, ", ")
}

// common returns what a property accepts that two variants describe: what both say, or else the type alone.
func common(a, b *schema) *schema {
	x, y := *a, *b
	x.description, y.description, x.idPrefixes, y.idPrefixes = "", "", nil, nil
	switch {
	case bytes.Equal(appendSchema(nil, &x, words{}), appendSchema(nil, &y, words{})):
		return a
	case a.types == 0 || b.types == 0: // anything
		return &schema{description: a.description}
	}
	return &schema{types: a.types | b.types, description: a.description}
}

func (u *union) values() []string {
	values := make([]string, len(u.variants))
	for i, v := range u.variants {
		text, _ := json.Marshal(v.value) //nolint:errchkjson // a string
		values[i] = string(text)
	}
	return values
}
