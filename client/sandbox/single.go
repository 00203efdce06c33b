package sandbox

import "strings"

func (c *call) singleKey() string {
	ids := make([]string, 0, 1+len(c.named))
	ids = append(ids, c.plan.op.Path)
	for _, r := range c.named {
		ids = append(ids, r.id)
	}
	return strings.Join(ids, " ")
}

func (c *call) getSingle() (any, error) {
	r := c.store.get(c.store.own.single, c.singleKey())
	if r == nil {
		return c.wrap(map[string]any{"created_at": timestamp(c.now), "updated_at": timestamp(c.now)}), nil
	}
	return c.wrap(r.fields), nil
}

func (c *call) putSingle() (any, error) { return c.wrap(c.keepSingle().fields), nil }

// keepSingle keeps the fields of the body as those of the thing that the path names.
func (c *call) keepSingle() *record {
	key := c.singleKey()
	r := c.store.get(c.store.own.single, key)
	if r == nil {
		r = &record{kind: c.store.own.single, id: key, fields: map[string]any{"created_at": timestamp(c.now)}}
		c.store.add(r)
	}
	for _, name := range sortedKeys(c.body) {
		c.store.set(r, name, c.body[name])
	}
	c.store.set(r, "updated_at", timestamp(c.now))
	return r
}
