package sandbox

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// checkSeed refuses what a thing of a kind does not have.
func (c *call) checkSeed(k *kind, fields map[string]any) error {
	for _, name := range sortedKeys(fields) {
		p := k.property(name)
		switch {
		case name == fieldImpersonator && k.name == kindUser:
			by, _ := fields[name].(map[string]any)
			if _, ok := by[fieldEmail].(string); !ok {
				return fmt.Errorf("%s: want an object with email and reason", name)
			}
		case k.name == kindOrganization && name == fieldEntitlements:
			if list, ok := fields[name].([]any); !ok || len(texts(list)) != len(list) {
				return fmt.Errorf("%s: want a list of strings", name)
			}
		case k.name == kindUser && name == "password", k.name == kindConnected && name == fieldSlug,
			p == nil && k.links(name):
			if _, ok := fields[name].(string); !ok && fields[name] != nil {
				return fmt.Errorf("%s: want a string", name)
			}
		case p == nil:
			return fmt.Errorf("unknown field %q%s", name, nearest(name, k.propertyNames()))
		case !c.compatible(p.Schema, fields[name]):
			return fmt.Errorf("%s: want %s", name, strings.Join(p.Schema.Types.Names(), " or "))
		}
	}
	return nil
}

// checkPlanted refuses what belongs to something that is not there, and a second thing with what only one may have.
func (c *call) checkPlanted() error {
	unique := map[*kind][][]string{}
	for _, r := range sortedBySeq(c.store.changed) {
		if _, known := unique[r.kind]; !known {
			unique[r.kind] = c.ix.uniqueOf(r.kind)
		}
		for _, names := range unique[r.kind] {
			other := func(r *record) bool { return r.belongsOtherwise(names, unique[r.kind]) }
			if holder := c.holder(r, r.fields, names, other); holder != nil && holder.seq < r.seq && !other(r) {
				last := names[len(names)-1]
				return fmt.Errorf("workos/sandbox: seed: %s %q: %s: %s %q has %q already",
					r.kind.name, r.id, last, r.kind.name, holder.id, r.text(last))
			}
		}
		for _, p := range r.kind.parents {
			id, of := r.text(p.field), c.ix.kinds[p.kind]
			if id == "" || !of.made || r.kind.internal || c.store.get(of, id) != nil || c.rootResource(of, id) {
				continue
			}
			return fmt.Errorf("workos/sandbox: seed: %s %q: %s: there is no %s %q", r.kind.name, r.id, p.field, p.kind, id)
		}
	}
	return nil
}

// uniqueOf returns the fields that no two things of a kind may share: those for which an operation refuses a second
// one, and those by which a path finds one.
func (ix *index) uniqueOf(k *kind) [][]string {
	var unique [][]string
	add := func(names []string) {
		if !slices.ContainsFunc(unique, func(known []string) bool { return slices.Equal(known, names) }) {
			unique = append(unique, names)
		}
	}
	for _, op := range slices.Sorted(maps.Keys(ix.plans)) {
		if p := ix.plans[op]; p.kind == k {
			for _, u := range p.facts.unique {
				add(u.Fields)
			}
		}
	}
	for _, key := range k.keys {
		if len(key.parents) == 0 {
			add(key.fields)
		}
	}
	return unique
}

// belongsOtherwise reports whether a thing belongs to something by which it is one of others, as an organization has
// one account at a provider, and each of its users another.
func (r *record) belongsOtherwise(names []string, unique [][]string) bool {
	return slices.ContainsFunc(r.kind.parents, func(p parent) bool {
		return r.text(p.field) != "" && !slices.Contains(names, p.field) &&
			slices.ContainsFunc(unique, func(names []string) bool { return slices.Contains(names, p.field) })
	})
}

// propertyNames lists what the views of a kind have.
func (k *kind) propertyNames() []string {
	var names []string
	for _, v := range k.views {
		for _, p := range v.Properties {
			names = append(names, p.Name)
		}
	}
	return names
}

// nearest suggests a name for an unknown one; "" if none is near.
func nearest(name string, names []string) string {
	if near := phrase.Nearest(name, names, 1); len(near) > 0 {
		return fmt.Sprintf(": do you mean %q?", near[0])
	}
	return ""
}
