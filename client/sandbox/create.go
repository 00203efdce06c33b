package sandbox

import (
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
	for _, r := range c.store.all(c.plan.kind) {
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

// given gathers the fields of a new thing: those of the body that its kind has, and what the path says.
func (c *call) given(k *kind) map[string]any {
	fields := c.accepted(k)
	c.addDefaults(k, fields)
	for _, parent := range c.named {
		if field := k.link(parent.kind); field != "" && parent.kind != k {
			fields[field] = parent.id
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

// addDefaults adds what the description says of fields that the body leaves out.
func (c *call) addDefaults(k *kind, fields map[string]any) {
	if c.plan.body == nil {
		return
	}
	for i := range c.plan.body.Properties {
		p := &c.plan.body.Properties[i]
		to := k.property(p.Name)
		if _, given := c.body[p.Name]; given || p.Schema.Default == "" || to == nil {
			continue
		}
		if v := literal(p.Schema.Default); c.compatible(to.Schema, v) {
			fields[p.Name] = v
		}
	}
}

// accepted gathers the fields of the body that a kind can hold.
func (c *call) accepted(k *kind) map[string]any {
	fields := map[string]any{}
	for name, v := range c.body {
		p := k.property(name)
		switch {
		case p != nil && c.compatible(p.Schema, v):
			fields[name] = v
		case p == nil && c.bodyNames(name) != nil:
			fields[name] = v
		}
	}
	return fields
}

// compatible reports whether a value can stand where the schema says, as far as its JSON type goes.
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

// keepApart keeps a new thing that does not belong to what the path names.
func (c *call) keepApart(k *kind, fields map[string]any) (*record, error) {
	named := c.named
	c.named = nil
	r, err := c.keep(k, fields)
	c.named = named
	return r, err
}

// keep keeps a new thing with those fields and all that is required of its kind.
func (c *call) keep(k *kind, fields map[string]any) (*record, error) {
	r := &record{kind: k, fields: fields}
	r.id = c.store.newID(k.idPrefix(), c.now)
	fields["id"] = r.id
	for _, parent := range c.named {
		r.hidden = r.hidden || parent.kind != k && k.property(k.link(parent.kind)) == nil
	}
	if err := c.complete(r); err != nil {
		return nil, err
	}
	c.fill(r)
	if err := c.unique(r, fields); err != nil {
		return nil, err
	}
	c.store.add(r)
	if k == c.plan.kind {
		c.about = r
	}
	return r, c.follow(r)
}

// fill makes up what the kind's views require and what nobody gave.
func (c *call) fill(r *record) {
	for _, field := range []string{"created_at", "updated_at"} {
		if _, given := r.fields[field]; !given && r.kind.property(field) != nil {
			r.fields[field] = timestamp(c.now)
		}
	}
	for _, v := range r.kind.views {
		facets := c.ix.facetsOf(r.kind, v)
		for i := range facets {
			f := &facets[i]
			_, done := r.fields[f.field]
			if !f.Required || done {
				continue
			}
			if _, shown := c.related(r, f); !shown {
				r.fields[f.Name] = c.sampler(true).sample(f.Name, f.Schema)
			}
		}
	}
}

// unique refuses fields that two things may not share.
func (c *call) unique(r *record, fields map[string]any) error {
	if r.kind != c.plan.kind {
		return nil
	}
	for _, u := range c.plan.facts.unique {
		if c.holder(r, fields, u.Fields, nil) == nil {
			continue
		}
		last := u.Fields[len(u.Fields)-1]
		p := refusal(u.Status, u.Code, r.kind.title()+" with the "+strings.ReplaceAll(last, "_", " ")+" '"+
			text(fields[last])+"' already exists.")
		if u.Code == "user_creation_error" {
			p.more = object{{"errors", []any{object{{fieldCode, takenCode(last)}, {"message", p.message}}}}}
		}
		return p
	}
	return nil
}

// holder returns another thing of the kind that has the same values in all of those fields and that except does not
// report, or nil. What belongs to something unseen, such as the roles of one organization, shares the values of one
// field with others.
func (c *call) holder(r *record, fields map[string]any, names []string, except func(*record) bool) *record {
	last := names[len(names)-1]
	for _, other := range c.store.having(r.kind, last, text(fields[last])) {
		if other == r || !shares(other, fields, names) || len(names) == 1 && (other.hidden || r.hidden) ||
			except != nil && except(other) {
			continue
		}
		return other
	}
	return nil
}

// takenCode is the code of a field's taken value within the refusal of a new user.
func takenCode(field string) string {
	switch field {
	case fieldEmail:
		return "email_not_available"
	case "external_id":
		return "external_id_already_used"
	default:
		return ""
	}
}

// shares reports whether a thing has all of those values but the last, which it was found by.
func shares(r *record, fields map[string]any, names []string) bool {
	return !slices.ContainsFunc(names[:len(names)-1], func(name string) bool {
		return r.text(name) != text(fields[name])
	})
}

// same reports whether the key leads to both things. A key without parents does not lead to what belongs to something
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
		if field := r.kind.link(parent); fields[field] == nil || !equal(field) {
			return false
		}
	}
	return true
}

// twin reports whether a key of the kind leads to both a thing and one with those fields.
func (c *call) twin(r *record, fields map[string]any) bool {
	probe := &record{kind: r.kind, hidden: r.hidden}
	return slices.ContainsFunc(r.kind.keys, func(k key) bool { return same(k, r, probe, fields) })
}
