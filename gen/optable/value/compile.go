package value

import (
	"cmp"
	"fmt"
	"reflect"
	"regexp"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Compiler makes schemas from what a table says. It is not safe for concurrent use.
type Compiler struct {
	table    *optable.Table
	open     map[string]*Schema // components being compiled: one that holds itself ends there
	patterns map[string]*regexp.Regexp
	missing  string // the first component that the table refers to and lacks
}

// NewCompiler returns a compiler for one table, which must not change.
func NewCompiler(table *optable.Table) *Compiler {
	return &Compiler{table: table, open: map[string]*Schema{}, patterns: map[string]*regexp.Regexp{}}
}

// Err reports a component that the compiled schemas refer to and the table lacks.
func (c *Compiler) Err() error {
	if c.missing == "" {
		return nil
	}
	return fmt.Errorf("the table has no schema %q", c.missing)
}

// Resolve follows the reference of a schema and merges the parts of its allOf; keywords beside them take precedence. The
// result may be the table's own and is read-only. It is empty for nil.
func (c *Compiler) Resolve(facts *optable.Schema) *optable.Schema {
	switch {
	case facts == nil:
		return &optable.Schema{}
	case facts.Ref == "" && len(facts.AllOf) == 0:
		return facts
	}
	base := &optable.Schema{}
	if component := c.table.Schema(facts.Ref); component != nil {
		base = c.Resolve(component)
	} else if facts.Ref != "" {
		c.missing = cmp.Or(c.missing, facts.Ref)
	}
	own := *facts
	own.Ref, own.AllOf, own.Name = "", nil, base.Name
	for i := range facts.AllOf {
		base = overlay(base, c.Resolve(&facts.AllOf[i]))
	}
	return overlay(base, &own)
}

// overlay returns base with every keyword that top has in place of its own.
func overlay(base, top *optable.Schema) *optable.Schema {
	types, properties := base.Types|top.Types, base.Properties
	if len(top.Properties) > 0 {
		properties = slices.Concat(base.Properties, top.Properties)
	}
	if top.Types&^optable.Null != 0 {
		types = top.Types
	}
	both := *base
	b, t := reflect.ValueOf(&both).Elem(), reflect.ValueOf(top).Elem()
	for i := range t.NumField() {
		if f := t.Field(i); !f.IsZero() {
			b.Field(i).Set(f)
		}
	}
	both.Types, both.Properties = types, properties
	return &both
}

// Keywords returns a schema with the keywords of a resolved one, but for its types and for what is nested.
func (c *Compiler) Keywords(f *optable.Schema) (*Schema, error) {
	s := &Schema{
		Description: f.Description, IDPrefixes: f.IDPrefixes, Deprecated: f.Deprecated, Replacement: f.Replacement,
		Enum: f.Enum, Const: f.Const, Default: f.Default, Example: f.Example,
		Format: f.Format, MinLength: f.MinLength, MaxLength: f.MaxLength,
		Minimum: f.Minimum, Maximum: f.Maximum,
		ExclusiveMinimum: f.ExclusiveMinimum, ExclusiveMaximum: f.ExclusiveMaximum, MultipleOf: f.MultipleOf,
		MinItems: f.MinItems, MaxItems: f.MaxItems, UniqueItems: f.UniqueItems,
		MinProperties: f.MinProperties, MaxProperties: f.MaxProperties,
	}
	if f.Pattern == "" {
		return s, nil
	}
	if c.patterns[f.Pattern] == nil {
		compiled, err := regexp.Compile(f.Pattern)
		if err != nil {
			return nil, fmt.Errorf("pattern: %w", err)
		}
		c.patterns[f.Pattern] = compiled
	}
	s.Pattern = c.patterns[f.Pattern]
	return s, nil
}

// Compile resolves a schema and all that is nested in it. It fails for a pattern that Go's regexp does not know.
func (c *Compiler) Compile(facts *optable.Schema) (*Schema, error) {
	f := c.Resolve(facts)
	s, err := c.Keywords(f)
	if err != nil {
		return nil, err
	}
	s.Types, s.Closed = f.Types, f.Closed
	if facts != nil && facts.Ref != "" {
		if outer := c.open[facts.Ref]; outer != nil {
			return &Schema{Types: f.Types, Description: f.Description, Within: outer}, nil
		}
		c.open[facts.Ref] = s
		defer delete(c.open, facts.Ref)
	}
	for _, nested := range []struct {
		from *optable.Schema
		to   **Schema
	}{{f.Items, &s.Items}, {f.Additional, &s.Additional}, {f.PropertyNames, &s.PropertyNames}} {
		if nested.from == nil {
			continue
		}
		if *nested.to, err = c.Compile(nested.from); err != nil {
			return nil, err
		}
	}
	for i := range f.Properties {
		p := &f.Properties[i]
		inner, err := c.Compile(&p.Schema)
		if err != nil {
			return nil, err
		}
		s.Properties = append(s.Properties, Property{Name: p.Name, Required: p.Required, Schema: inner})
	}
	for _, alternatives := range [][]optable.Schema{f.OneOf, f.AnyOf} {
		for i := range alternatives {
			alternative, err := c.Compile(&alternatives[i])
			if err != nil {
				return nil, err
			}
			s.AnyOf = append(s.AnyOf, alternative)
		}
	}
	if s.Types == optable.Null { // said beside the alternatives, it adds to them
		for _, a := range s.AnyOf {
			if s.Types |= a.Types; a.Types == 0 {
				s.Types = AnyType
				break
			}
		}
	}
	return s, nil
}
