package sandbox

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// create makes a thing of the body and of what the path says.
func (c *call) create() (any, error) {
	r, err := c.keep(c.plan.kind, c.given(c.plan.kind))
	if err != nil {
		return nil, err
	}
	return c.view(r, c.plan.answer), nil
}

// upsert changes the thing that the path or the body names, and makes it if there is none.
func (c *call) upsert() (any, error) {
	fields := c.given(c.plan.kind)
	for _, r := range c.store.records[c.plan.kind] {
		if c.twin(r, fields) {
			return c.change(r)
		}
	}
	r, err := c.keep(c.plan.kind, fields)
	if err != nil {
		return nil, err
	}
	return c.view(r, c.plan.answer), nil
}

// createWrapped makes the things that the answer holds, each in a property of its own.
func (c *call) createWrapped() (any, error) {
	o := object{}
	for _, p := range c.plan.answer.Properties {
		k := c.ix.kindOf(p.Schema)
		if k == nil || !k.kept() {
			continue
		}
		fields := c.given(k)
		for _, m := range o { // what was made before, the next may belong to
			made := c.ix.kindOf(c.plan.answer.Property(m.name).Schema)
			shown, _ := m.value.(object)
			fields[made.pointers[0]] = shown.get("id")
		}
		r, err := c.keep(k, fields)
		if err != nil {
			return nil, err
		}
		o = append(o, member{p.Name, c.view(r, p.Schema)})
	}
	return o, nil
}

// given gathers the fields of a new thing: those of the body that its kind has, and what the path says.
func (c *call) given(k *kind) map[string]any {
	fields := c.accepted(k)
	for _, parent := range c.named {
		if parent.kind != k {
			fields[c.pointer(k, parent.kind)] = parent.id
		}
	}
	if a := c.plan.item; a != nil {
		for i, f := range a.fields {
			fields[f] = c.params[a.params[i]]
		}
	}
	for i := range c.plan.op.Parameters { // a scope may stand in the query
		p := &c.plan.op.Parameters[i]
		if p.In == optable.InQuery && c.query.Has(p.Name) && k.property(p.Name) != nil {
			fields[p.Name] = c.query.Get(p.Name)
		}
	}
	c.scope(k, fields)
	return fields
}

// accepted gathers the fields of the body that a kind can hold.
func (c *call) accepted(k *kind) map[string]any {
	fields := map[string]any{}
	for name, v := range c.body {
		p := k.property(name)
		switch {
		case p != nil && c.compatible(p.Schema, v):
			fields[name] = v
		case p == nil && c.ix.pointed(name) != nil:
			fields[name] = v
		}
		c.acceptSlug(k, fields, name, v)
	}
	return fields
}

// acceptSlug turns role_slug into role, and role_slugs into roles, where a kind shows them so.
func (c *call) acceptSlug(k *kind, fields map[string]any, name string, v any) {
	one, isOne := strings.CutSuffix(name, "_slug")
	p := k.property(one)
	if !isOne || p == nil || p.Schema.Property(fieldSlug) == nil {
		return
	}
	fields[one] = map[string]any{fieldSlug: v}
}

// compatible tells whether a value can stand where the schema says, as far as its JSON type goes.
func (c *call) compatible(s *value.Schema, v any) bool {
	if v == nil {
		return nullable(s)
	}
	if !value.Accepts(s.Types, value.TypeOf(v)) {
		return false
	}
	list, ok := v.([]any)
	return !ok || s.Items == nil || !slices.ContainsFunc(list, func(item any) bool { return !c.compatible(s.Items, item) })
}

// pointer is the field by which a kind names its parent: one that it shows, else the usual one.
func (c *call) pointer(k, parent *kind) string {
	for _, p := range parent.pointers {
		if k.property(p) != nil {
			return p
		}
	}
	return parent.pointers[0]
}

// keep keeps a new thing with those fields and all that is required of its kind.
func (c *call) keep(k *kind, fields map[string]any) (*record, error) {
	r := &record{kind: k, fields: fields}
	r.id = c.store.newID(k.idPrefix(), c.now)
	fields["id"] = r.id
	for _, parent := range c.named {
		r.hidden = r.hidden || parent.kind != k && k.property(c.pointer(k, parent.kind)) == nil
	}
	if err := c.complete(r); err != nil {
		return nil, err
	}
	c.fill(r)
	if err := c.unique(r, fields); err != nil {
		return nil, err
	}
	c.store.add(r)
	return r, c.follow(r)
}

// fill makes up what the kind's views require and what nobody gave.
func (c *call) fill(r *record) {
	for _, v := range r.kind.views {
		for i := range v.Properties {
			p := &v.Properties[i]
			_, done := r.fields[snake(p.Name)]
			if !p.Required || done {
				continue
			}
			if _, shown := c.related(r, p); !shown {
				r.fields[p.Name] = c.sampler(true).sample(p.Name, p.Schema)
			}
		}
	}
}

// unique refuses fields that would lead a path to two things, and an email address for two users.
func (c *call) unique(r *record, fields map[string]any) error {
	for _, other := range c.store.records[r.kind] {
		if other == r {
			continue
		}
		for _, k := range r.kind.keys {
			if !same(k, other, r, fields) {
				continue
			}
			name := k.fields[len(k.fields)-1]
			return conflict(name+"_already_in_use", r.kind.title()+" with the "+strings.ReplaceAll(name, "_", " ")+" '"+
				text(fields[name])+"' exists already.")
		}
		if email := text(fields[fieldEmail]); r.kind.name == kindUser && strings.EqualFold(other.text(fieldEmail), email) {
			return &problem{
				status: http.StatusUnprocessableEntity, code: "user_creation_error",
				message: "A user with this email address exists already.",
				fields:  []fieldProblem{{fieldEmail, "email_not_available"}},
			}
		}
	}
	return nil
}

// same tells whether the key leads to both things. A key without parents does not lead to what belongs to something
// unseen, such as the roles of one organization.
func same(k key, other, r *record, fields map[string]any) bool {
	if len(k.parents) == 0 && (other.hidden || r.hidden) {
		return false
	}
	equal := func(field string) bool { return other.text(field) == text(fields[field]) }
	for _, field := range k.fields {
		if text(fields[field]) == "" || !equal(field) {
			return false
		}
	}
	for _, parent := range k.parents {
		i := slices.IndexFunc(parent.pointers, func(p string) bool { return fields[p] != nil })
		if i < 0 || !equal(parent.pointers[i]) {
			return false
		}
	}
	return true
}

// twin tells whether a key of the kind leads to both a thing and one with those fields.
func (c *call) twin(r *record, fields map[string]any) bool {
	probe := &record{kind: r.kind, hidden: r.hidden}
	return slices.ContainsFunc(r.kind.keys, func(k key) bool { return same(k, r, probe, fields) })
}
