package sandbox

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// get answers with the thing that the path names, seen as the operation says.
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

// act does what the end of the path says to the thing before it: changes a list that it holds, relates it to another
// thing, or brings it into a state.
func (c *call) act() (any, error) {
	r := c.subject(c.plan.kind)
	if r == nil {
		return c.example()
	}
	name := lastStatic(c.plan.op.Path)
	if p := r.kind.property(name); p != nil && p.Schema.Items != nil {
		if err := c.changeList(r, name); err != nil {
			return nil, err
		}
	} else if member := c.memberOf(name); member != nil {
		c.store.link(r.id, member.id)
	} else {
		c.transition(r, name)
	}
	c.touch(r)
	if err := c.react(); err != nil {
		return nil, err
	}
	return c.view(r, c.plan.answer), nil
}

// changeList adds the body's entry to a list of texts, takes the path's out, or puts the body's list in its place.
func (c *call) changeList(r *record, name string) error {
	old, _ := r.fields[name].([]any)
	list, replaces := c.body[name].([]any)
	switch {
	case replaces:
	case c.plan.item != nil:
		gone := c.params[c.plan.item.params[0]]
		if !slices.Contains(old, any(gone)) {
			return notFound(c.plan.item.kind.title(), gone)
		}
		list = slices.DeleteFunc(slices.Clone(old), func(v any) bool { return v == gone })
	default:
		list = slices.Clone(old)
		if slug := c.body[fieldSlug]; !slices.Contains(list, slug) {
			list = append(list, slug)
		}
	}
	if k := c.ix.byName[name]; k != nil && len(k.keys) > 0 {
		for _, v := range list {
			if c.findBy(k, fieldSlug, text(v)) == nil {
				return notFound(k.title(), text(v))
			}
		}
	}
	r.fields[name] = list
	return nil
}

// memberOf is the thing that the body names and that the path's collection holds, or nil.
func (c *call) memberOf(collection string) *record {
	k := c.ix.byName[collection]
	if k == nil {
		return nil
	}
	for _, p := range k.pointers {
		if r := c.store.get(k, text(c.body[p])); r != nil {
			return r
		}
	}
	return nil
}

// unlink ends the relation between the things that the path ends in.
func (c *call) unlink() (any, error) {
	owner, member := c.named[len(c.named)-2], c.item()
	if !c.store.linked(owner.id, member.id) {
		return nil, notFound(member.kind.title(), member.id)
	}
	c.store.unlink(owner.id, member.id)
	return object{}, nil
}

// linkTarget relates the thing that the path names to that of whatever kind whose ID ends the path.
func (c *call) linkTarget() (any, error) {
	target, err := c.target()
	if err == nil {
		c.store.link(c.item().id, target)
	}
	return object{}, err
}

func (c *call) unlinkTarget() (any, error) {
	target, err := c.target()
	if err == nil {
		c.store.unlink(c.item().id, target)
	}
	return object{}, err
}

func (c *call) target() (string, error) {
	id := c.params[paramName(c.plan.segs[len(c.plan.segs)-1])]
	if c.store.find(id) == nil {
		return "", notFound("Target", id)
	}
	return id, nil
}

// transition brings a thing into the state that a verb leads to, if it has such a state: revoke to revoked, with
// revoked_at; enable and disable to enabled; expire to an end now or at the time given.
func (c *call) transition(r *record, verb string) {
	state := stateAfter(verb)
	for _, v := range r.kind.views {
		for i := range v.Properties {
			p := &v.Properties[i]
			s := p.Schema
			switch {
			case slices.Contains(s.Enum, `"`+state+`"`):
				r.fields[p.Name] = state
			case p.Name == state+"_at":
				r.fields[p.Name] = timestamp(c.now)
			case p.Name == "enabled" && s.Types.Has(optable.Boolean) && (verb == "enable" || verb == "disable"):
				r.fields[p.Name] = verb == "enable"
			case p.Name == "expires_at" && verb == "expire":
				r.fields[p.Name] = c.expiry(s)
			}
		}
	}
}

// expiry is when a thing is to expire: as the body says, null for never, now if it says nothing.
func (c *call) expiry(s *value.Schema) any {
	at, given := c.body["expires_at"]
	if !given {
		return timestamp(c.now)
	}
	if t, ok := at.(string); ok {
		return max(normalTime(s, t), timestamp(c.now))
	}
	return nil
}

func stateAfter(verb string) string {
	switch {
	case verb == "deactivate":
		return "inactive"
	case verb == "reactivate":
		return stateActive
	case strings.HasSuffix(verb, "y"):
		return strings.TrimSuffix(verb, "y") + "ied"
	case strings.HasSuffix(verb, "e"):
		return verb + "d"
	default:
		return verb + "ed"
	}
}

// example answers with something valid that is about what the request names.
func (c *call) example() (any, error) {
	if err := c.react(); err != nil {
		return nil, err
	}
	if c.plan.entry != nil {
		return c.envelope([]any{c.conform("", c.plan.entry, map[string]any{})}, nil, nil), nil
	}
	return c.wrap(c.body), nil
}

// wrap makes up the answer's required fields from the things that the request names, from those fields and from
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

// known is the value that the request gives for a field of the answer.
func (c *call) known(p *value.Property, fields map[string]any) (any, bool) {
	if k := c.ix.kindOf(p.Schema); k != nil && k.kept() {
		if r := c.subject(k); r != nil {
			return c.view(r, p.Schema), true
		}
	}
	if k := c.ix.pointed(p.Name); k != nil {
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

// number writes a count as a JSON value.
func number(n int) json.Number { return json.Number(text(n)) }
