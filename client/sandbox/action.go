package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// get returns the thing that the path names, seen as the operation says.
func (c *call) get() (any, error) {
	if r := c.subject(c.plan.kind); r != nil {
		return c.view(r, c.plan.answer), nil
	}
	fields := map[string]any{}
	if a := c.plan.item; a != nil { // an example of what only a path names
		for i, f := range a.fields {
			fields[f] = c.params[a.params[i]]
		}
	}
	return c.wrap(fields), nil
}

// act brings what the path names into the state that the operation leads to.
func (c *call) act() (any, error) {
	r := c.subject(c.plan.kind)
	if r == nil {
		return c.example()
	}
	if c.plan.facts.states != nil {
		if err := c.move(r); err != nil {
			return nil, err
		}
	}
	c.touch(r)
	c.about = r
	return c.view(r, c.plan.answer), nil
}

// example returns something valid that is about what the request names.
func (c *call) example() (any, error) {
	if c.plan.entry != nil {
		return c.envelope([]any{c.conform("", c.plan.entry, map[string]any{})}, nil, nil), nil
	}
	return c.wrap(c.body), nil
}

// wrap makes up the response's required fields from the things that the request names, from those fields and from
// examples.
func (c *call) wrap(fields map[string]any) any {
	s := c.plan.answer
	if s == nil || len(s.Properties) == 0 {
		return object{}
	}
	o := object{}
	for i := range s.Properties {
		p := &s.Properties[i]
		if v, ok := c.known(p, fields); ok {
			o = append(o, member{p.Name, v})
		} else if p.Required {
			v := c.sampler(false).sample(p.Name, p.Schema)
			o = append(o, member{p.Name, c.conform(p.Name, p.Schema, v)})
		}
	}
	return o
}

// known is the value that the request gives for a field of the response.
func (c *call) known(p *value.Property, fields map[string]any) (any, bool) {
	if k := c.ix.kindOf(p.Schema); k != nil && k.kept() {
		if r := c.subject(k); r != nil {
			return c.view(r, p.Schema), true
		}
	}
	if k := c.ix.namedBy(p.Schema.IDPrefixes); k != nil && p.Name != "id" {
		if r := c.subject(k); r != nil {
			return r.id, true
		}
	}
	if v, ok := fields[p.Name]; ok && c.compatible(p.Schema, v) {
		return c.conform(p.Name, p.Schema, v), true
	}
	if v, ok := c.ruled(p); ok {
		return v, true
	}
	if s := p.Schema; s.Types.Has(optable.Array) && s.Items != nil && p.Required {
		if items := s.Items; len(items.Properties) > 0 { // one entry says more than none
			return []any{c.conform("", items, map[string]any{})}, true
		}
	}
	return nil, false
}

// respond returns those fields; required ones that are not among them are made up.
func (c *call) respond(fields map[string]any) any {
	o := object{}
	for i := range c.plan.answer.Properties {
		p := &c.plan.answer.Properties[i]
		if v, ok := fields[p.Name]; ok {
			o = append(o, member{p.Name, c.conform(p.Name, p.Schema, v)})
		} else if p.Required {
			o = append(o, member{p.Name, c.sampler(false).sample(p.Name, p.Schema)})
		}
	}
	return o
}

// of is the thing of that kind that the path names last.
func (c *call) of(kind string) *record {
	for _, r := range slices.Backward(c.named) {
		if r.kind.name == kind {
			return r
		}
	}
	return c.item()
}

// intOf reads what number wrote, 0 for nothing.
func intOf(v any) int {
	n, _ := strconv.Atoi(text(v))
	return n
}

// number writes a count as a JSON value.
func number(n int) json.Number { return json.Number(text(n)) }
