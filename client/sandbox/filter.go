package sandbox

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// filtered tells whether a thing passes the filters of the query. A parameter that has nothing to do with the entries
// lets all pass.
func (c *call) filtered(r *record) bool {
	var shown object
	for i := range c.plan.op.Parameters {
		p := &c.plan.op.Parameters[i]
		if p.In != optable.InQuery {
			continue
		}
		values := c.values(p.Name, c.plan.params[i])
		if !c.query.Has(p.Name) && p.Name == "statuses" { // "absent means active only"
			values = []string{stateActive}
		}
		if len(values) == 0 || isPaging(p.Name) {
			continue
		}
		if shown == nil {
			shown = c.view(r, c.plan.entry)
		}
		if !c.passes(r, shown, p.Name, values) {
			return false
		}
	}
	return true
}

func isPaging(param string) bool {
	return slices.Contains([]string{paramBefore, paramAfter, "limit", "order"}, param)
}

func (c *call) passes(r *record, shown object, name string, values []string) bool {
	switch name {
	case "search":
		return contains(shown, values[0])
	case "range_start", "updatedAfter":
		return compareTime(shown, name, values[0]) > 0
	case "range_end":
		return compareTime(shown, name, values[0]) < 0
	}
	have, found := lookup(shown, name)
	for _, p := range r.kind.pointers { // resource_external_id of a resource is its external_id
		if own, ok := strings.CutPrefix(name, strings.TrimSuffix(p, "id")); ok && !found {
			have, found = lookup(shown, own)
		}
	}
	if !found && c.plan.entry.Property(name) == nil {
		return c.connected(r, name, values)
	}
	return slices.ContainsFunc(have, func(v string) bool { return slices.Contains(values, v) })
}

// matches tells whether a thing has all those values where it has such fields.
func (c *call) matches(r *record, criteria map[string]any) bool {
	shown := c.view(r, r.kind.views[0])
	for name, v := range criteria {
		if have, found := lookup(shown, name); found && !slices.Contains(have, text(v)) {
			return false
		}
	}
	return true
}

// lookup finds the values that a filter's name means in an entry: of the field itself, of its singular (statuses,
// domains), of the ID (directory), or of a field of what it holds (role_slug, group, resource_type_slug).
func lookup(shown object, name string) ([]string, bool) {
	for _, field := range []string{name, singular(name), strings.TrimSuffix(name, "es"), name + "_id"} {
		for _, m := range shown {
			if m.name == field && isScalar(m.value) {
				return []string{text(m.value)}, true
			}
		}
	}
	for _, m := range shown {
		stem := singular(m.name)
		switch {
		case m.name == name || stem == name || stem == singular(name):
			return inner(m.value, []string{"id", stem})
		case strings.HasPrefix(name, stem+"_"):
			if have, ok := inner(m.value, []string{name, strings.TrimPrefix(name, stem+"_")}); ok {
				return have, true
			}
		}
	}
	return nil, false
}

// inner gathers fields of an object, or of the objects of an array.
func inner(v any, fields []string) ([]string, bool) {
	items, ok := v.([]any)
	if !ok {
		items = []any{v}
	}
	var have []string
	for _, item := range items {
		o, ok := item.(object)
		if !ok {
			return nil, false
		}
		for _, m := range o {
			if slices.Contains(fields, m.name) && isScalar(m.value) {
				have = append(have, text(m.value))
			}
		}
	}
	return have, ok || have != nil
}

func isScalar(v any) bool { return !value.TypeOf(v).Has(optable.Array | optable.Object) }

// connected tells whether a thing belongs with another by way of a third, as a user with an organization by way of a
// membership. Of what it cannot be connected with it says yes.
func (c *call) connected(r *record, name string, ids []string) bool {
	k := c.ix.pointed(strings.TrimSuffix(name, "_id") + "_id")
	if k == nil {
		return true
	}
	return slices.ContainsFunc(ids, func(id string) bool {
		other := c.store.get(k, id)
		return other != nil && (c.store.linked(r.id, id) || c.store.joined(other, r.kind)[r.id])
	})
}

// contains tells whether a name, slug or address has the words in it, in whatever case.
func contains(shown object, words string) bool {
	words = strings.ToLower(words)
	for _, name := range []string{fieldName, fieldSlug, fieldEmail, fieldDomain} {
		if strings.Contains(strings.ToLower(text(shown.get(name))), words) {
			return true
		}
	}
	domains, _ := lookup(shown, "domains")
	return slices.ContainsFunc(domains, func(d string) bool { return strings.Contains(strings.ToLower(d), words) })
}

func compareTime(shown object, param, limit string) int {
	field := "created_at"
	if param == "updatedAfter" {
		field = "updated_at"
	}
	return strings.Compare(text(shown.get(field)), normalTime(&value.Schema{Format: formatDateTime}, limit))
}
