package sandbox

import (
	"fmt"
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

// checkPlanted refuses what belongs to something that is not there.
func (c *call) checkPlanted() error {
	for _, r := range sortedBySeq(c.store.changed) {
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
