package sandbox

import (
	"maps"
	"strings"
)

// A single is a thing that a path is the only name of, such as the environment's JWT template.

func (c *call) singleKey() string {
	ids := make([]string, 0, 1+len(c.named))
	ids = append(ids, c.plan.op.Path)
	for _, r := range c.named {
		ids = append(ids, r.id)
	}
	return strings.Join(ids, " ")
}

func (c *call) getSingle() (any, error) {
	return c.wrap(c.store.singles[c.singleKey()]), nil
}

func (c *call) putSingle() (any, error) {
	key := c.singleKey()
	fields := maps.Clone(c.store.singles[key])
	if fields == nil {
		fields = map[string]any{"created_at": timestamp(c.now)}
	}
	fields["updated_at"] = timestamp(c.now)
	maps.Copy(fields, c.body)
	c.store.singles[key] = fields
	return c.wrap(fields), nil
}
