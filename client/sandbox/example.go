package sandbox

import "strings"

// seed makes an example of a kind, if the sandbox was asked for examples: of one that no operation makes, or only where
// WorkOS enables it (connections), once a collection: at the top level under the ID that the description gives as an
// example, below a parent under a new one.
func (c *call) seed(k *kind, parents []*record) {
	if !c.examples || k.name == kindEvent || k.made && k.name != "connection" || !k.listed ||
		k.top != (len(parents) == 0) {
		return
	}
	ids := []string{k.name}
	for _, p := range parents {
		ids = append(ids, p.id)
	}
	where := strings.Join(ids, " ")
	if c.store.get(c.store.own.example, where) != nil {
		return
	}
	c.store.add(&record{kind: c.store.own.example, id: where, fields: map[string]any{}})
	r := &record{kind: k, id: k.exampleID(), fields: c.exampleFields(k)}
	if !k.top {
		r.id = c.store.newID(k.idPrefix(), c.now)
	}
	r.fields["id"] = r.id
	for _, p := range parents {
		name := k.link(p.kind)
		if name != "" {
			r.fields[name] = p.id
		}
		r.hidden = r.hidden || k.property(name) == nil
	}
	c.fill(r)
	c.store.add(r)
}

// exampleFields are fields of the example of a kind that no operation makes.
func (c *call) exampleFields(k *kind) map[string]any {
	switch k.name {
	case "connection":
		return map[string]any{"connection_type": "OktaSAML"}
	case kindSession:
		return map[string]any{"expires_at": c.in(sessionLifetime)}
	case kindFlag:
		return map[string]any{"enabled": true}
	default:
		return map[string]any{}
	}
}
