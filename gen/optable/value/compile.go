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
	// KeepPatterns keeps patterns that Go's regexp does not know: they are published, and not checked. Otherwise they
	// are errors.
	KeepPatterns bool
	// Requests makes schemas of requests: a property that is read-only need not be in one, even if it is required (OpenAPI
	// 3.0.3 section 4.7.24.2; 3.1 leaves it to the API whether it ignores or rejects such a value).
	Requests bool

	table    *optable.Table
	open     map[string]*Schema // components being compiled: one that holds itself ends there
	merges   []merge            // schemas without a name that merge others, being compiled: likewise
	patterns map[string]*regexp.Regexp
	absent   string // the first component that the table refers to and lacks
	closed   bool

	done    map[string]*Schema // components that do not hold themselves
	repeats int                // how often a component was met inside of itself
	parts   int                // of the schema that is being compiled
	failed  error              // likewise
}

// NewCompiler returns a compiler for one table, which must not change.
func NewCompiler(table *optable.Table) *Compiler {
	return &Compiler{
		table: table, open: map[string]*Schema{}, done: map[string]*Schema{}, patterns: map[string]*regexp.Regexp{},
	}
}

// NewClosedCompiler returns a compiler whose objects have no properties beside those that they name, unless the table
// has a schema for others.
func NewClosedCompiler(table *optable.Table) *Compiler {
	c := NewCompiler(table)
	c.closed = true
	return c
}

// Table returns the table of the compiler.
func (c *Compiler) Table() *optable.Table { return c.table }

// Err reports a component that the compiled schemas refer to and the table lacks.
func (c *Compiler) Err() error {
	if c.absent == "" {
		return nil
	}
	return fmt.Errorf("the table has no schema %q", c.absent)
}

// Resolve follows the reference of a schema and merges the parts of its allOf; keywords beside them take precedence.
// The result may be the table's own and is read-only. It is empty for nil.
func (c *Compiler) Resolve(facts *optable.Schema) *optable.Schema {
	switch {
	case facts == nil:
		return &optable.Schema{}
	case facts.Ref == "" && len(facts.Composed().AllOf) == 0:
		return facts
	}
	base := &optable.Schema{}
	if component := c.table.Schema(facts.Ref); component != nil {
		base = c.Resolve(component)
	} else if facts.Ref != "" {
		c.absent = cmp.Or(c.absent, facts.Ref)
	}
	own, parts := withoutAllOf(facts)
	own.Ref, own.Name = "", ""
	if len(parts) == 0 && reflect.ValueOf(&own).Elem().IsZero() {
		return base
	}
	own.Name = base.Name
	for i := range parts {
		base = overlay(base, c.Resolve(&parts[i]))
	}
	return overlay(base, &own)
}

// withoutAllOf returns a copy of the schema that lacks the parts of its allOf, and those.
func withoutAllOf(s *optable.Schema) (own optable.Schema, parts []optable.Schema) {
	own, parts = *s, s.Composed().AllOf
	if len(parts) == 0 {
		return own, nil
	}
	rest := *s.Composition
	rest.AllOf, own.Composition = nil, nil
	if len(rest.OneOf)+len(rest.AnyOf) > 0 || rest.Discriminator != nil {
		own.Composition = &rest
	}
	return own, parts
}

// overlay returns base with every keyword that top has in place of its own.
func overlay(base, top *optable.Schema) *optable.Schema {
	types := base.Types | top.Types
	properties, required := require(joined(base.Properties, top.Properties), base.Required, top.Required)
	if top.Types&^optable.Null != 0 {
		types = top.Types
	}
	both := overlaid(base, top)
	both.Types, both.Properties, both.Required = types, properties, required
	both.Constraints = overlaid(base.Constraints, top.Constraints)
	both.Composition = overlaid(base.Composition, top.Composition)
	both.Extensions = overlaid(base.Extensions, top.Extensions)
	return both
}

// overlaid returns a copy of base with every field that top has in place of its own; nil where both are.
func overlaid[T any](base, top *T) *T {
	if base == nil || top == nil {
		return cmp.Or(base, top)
	}
	both := *base
	b, t := reflect.ValueOf(&both).Elem(), reflect.ValueOf(top).Elem()
	for i := range t.NumField() {
		if f := t.Field(i); !f.IsZero() {
			b.Field(i).Set(f)
		}
	}
	return &both
}

// joined returns the properties of both; one that both have is all that either says.
func joined(base, top []optable.Property) []optable.Property {
	if len(base) == 0 || len(top) == 0 {
		return slices.Concat(base, top)
	}
	both := slices.Clone(base)
	at := make(map[string]int, len(base))
	for i := range base {
		at[base[i].Name] = i
	}
	for _, p := range top {
		i, twice := at[p.Name]
		if !twice {
			both = append(both, p)
			continue
		}
		both[i].Required = both[i].Required || p.Required
		both[i].Schema = allOf(both[i].Schema, p.Schema)
	}
	return both
}

// allOf returns a schema of two; nil accepts any value.
func allOf(a, b *optable.Schema) *optable.Schema {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	return &optable.Schema{Composition: &optable.Composition{AllOf: []optable.Schema{*a, *b}}}
}

// require marks properties as required by their names. It returns the names that are none.
func require(properties []optable.Property, names ...[]string) (marked []optable.Property, others []string) {
	marked = properties
	for _, name := range slices.Concat(names...) {
		i := slices.IndexFunc(marked, func(p optable.Property) bool { return p.Name == name })
		switch {
		case i < 0:
			others = append(others, name)
		case !marked[i].Required:
			marked = slices.Clone(marked)
			marked[i].Required = true
		}
	}
	return marked, others
}

// Keywords returns a schema with the keywords of a resolved one, but for its types and for what is nested. It fails for
// a pattern that Go's regexp does not know, unless such patterns are kept.
func (c *Compiler) Keywords(f *optable.Schema) (*Schema, error) {
	s := &Schema{
		Name: f.Name, Description: f.Description, IDPrefixes: f.IDPrefixes,
		Deprecated: f.Deprecated, Replacement: f.Extended().Replacement, ReadOnly: f.ReadOnly,
		Enum: f.Enum, Const: f.Const, Default: f.Default, Example: f.Example, Format: f.Format,
	}
	k := f.Constraints
	if k == nil {
		return s, nil
	}
	s.MinLength, s.MaxLength = k.MinLength, k.MaxLength
	s.Minimum, s.Maximum = k.Minimum, k.Maximum
	s.ExclusiveMinimum, s.ExclusiveMaximum, s.MultipleOf = k.ExclusiveMinimum, k.ExclusiveMaximum, k.MultipleOf
	s.MinItems, s.MaxItems, s.UniqueItems = k.MinItems, k.MaxItems, k.UniqueItems
	s.MinProperties, s.MaxProperties = k.MinProperties, k.MaxProperties
	if k.Pattern == "" {
		return s, nil
	}
	if c.patterns[k.Pattern] == nil {
		compiled, err := regexp.Compile(k.Pattern)
		if err != nil && c.KeepPatterns {
			s.Unchecked = k.Pattern
			return s, nil
		}
		if err != nil {
			return s, fmt.Errorf("pattern: %w", err)
		}
		c.patterns[k.Pattern] = compiled
	}
	s.Pattern = c.patterns[k.Pattern]
	return s, nil
}

// Compile resolves a schema and all that is nested in it. What is missing in the table accepts any value, and so does a
// pattern that Go's regexp does not know. Unless such patterns are kept, the first is the error, beside a schema
// without it.
func (c *Compiler) Compile(facts *optable.Schema) (*Schema, error) {
	c.failed, c.parts = nil, 0
	s := c.compile(facts)
	return s, c.failed
}

// maxParts is how many schemas one is made of before components that hold themselves are compiled only once, too, like
// all others. Among many that hold each other there are more ways than can be followed.
const maxParts = 100

// compile is Compile. A component that does not hold itself is compiled once.
func (c *Compiler) compile(facts *optable.Schema) *Schema {
	switch {
	case facts == nil || facts.Ref == "" && len(facts.Composed().AllOf) == 0:
		return c.nested(facts)
	case facts.Ref == "":
		return c.merged(facts)
	}
	bare := isReference(facts)
	if s := c.done[facts.Ref]; s != nil && bare {
		return s
	}
	if outer := c.open[facts.Ref]; outer != nil {
		c.repeats++
		f := c.Resolve(facts)
		return &Schema{Types: f.Types, Description: f.Description, Within: outer}
	}
	before := c.repeats
	s := c.nested(facts)
	if bare && (c.repeats == before || c.parts > maxParts) {
		c.done[facts.Ref] = s
	}
	return s
}

// nested compiles a schema and all that is nested in it.
func (c *Compiler) nested(facts *optable.Schema) *Schema {
	c.parts++
	f := c.Resolve(facts)
	s, err := c.Keywords(f)
	if err != nil && c.failed == nil {
		c.failed = err
	}
	switch {
	case facts != nil && facts.Ref != "":
		c.open[facts.Ref] = s
		defer delete(c.open, facts.Ref)
	case len(facts.Composed().AllOf) > 0:
		c.merges = append(c.merges, merge{facts, s})
		defer func() { c.merges = c.merges[:len(c.merges)-1] }()
	}
	s.Types = f.Types
	s.Closed = f.Closed || c.closed && len(f.Properties) > 0 && f.Additional == nil
	for _, inner := range []struct {
		from *optable.Schema
		to   **Schema
	}{{f.Items, &s.Items}, {f.Additional, &s.Additional}, {f.PropertyNames, &s.PropertyNames}} {
		if inner.from != nil {
			*inner.to = c.compile(inner.from)
		}
	}
	for i := range f.Properties {
		p := &f.Properties[i]
		s.Properties = append(s.Properties, Property{Name: p.Name, Required: c.Requires(p), Schema: c.compile(p.Schema)})
	}
	for _, name := range f.Required {
		s.Properties = append(s.Properties, Property{Name: name, Required: true, Schema: &Schema{}})
	}
	c.alternatives(s, f)
	if c.closed && !f.Closed && len(s.Properties) > 0 {
		joinAlternatives(s)
	}
	if len(facts.Composed().AllOf) > 0 && len(f.Properties) == 0 {
		own, parts := withoutAllOf(facts)
		own.Types &^= optable.Null // which is accepted beside all parts
		for i := range parts {
			s.AllOf = append(s.AllOf, c.compile(&parts[i]))
		}
		s.AllOf = append(s.AllOf, c.nested(&own))
	}
	return s
}

// Requires reports whether an object must have the property.
func (c *Compiler) Requires(p *optable.Property) bool {
	return p.Required && (!c.Requests || !c.Resolve(p.Schema).ReadOnly)
}

// alternatives compiles oneOf and anyOf.
func (c *Compiler) alternatives(s *Schema, f *optable.Schema) {
	if f.Composition == nil {
		return
	}
	if d := f.Composition.Discriminator; d != nil && len(d.Mapping) > 0 {
		s.Types = optable.Object | s.Types&optable.Null
		s.Union = &Union{Property: d.Property}
		for _, m := range d.Mapping {
			chosen := c.compile(&optable.Schema{Ref: m.Ref})
			s.Union.Variants = append(s.Union.Variants, Variant{Value: m.Value, Schema: chosen})
		}
		return
	}
	for _, alternatives := range [][]optable.Schema{f.Composition.OneOf, f.Composition.AnyOf} {
		for i := range alternatives {
			a := c.compile(&alternatives[i])
			if c.closed && a.Closed && len(f.Properties) > 0 && !c.Resolve(&alternatives[i]).Closed {
				open := *a // the properties of the whole go with it
				open.Closed, a = false, &open
			}
			s.AnyOf = append(s.AnyOf, a)
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
}
