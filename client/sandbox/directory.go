package sandbox

import "slices"

const kindDirectoryUser = "directory_user"

// listDirectoryGroups lists the groups of a directory, or those that a user of one is in.
func (c *call) listDirectoryGroups() (any, error) {
	c.seed(c.plan.kind, nil)
	id := c.query.Get("user")
	var ids []string
	if user := c.store.get(c.ix.kinds[kindDirectoryUser], id); user != nil {
		ids = lookup(user.fields["groups"], "id")
	}
	return c.listOf(c.candidates(c.plan.kind), func(r *record) bool {
		return (id == "" || slices.Contains(ids, r.id)) && !r.hidden && c.filtered(r)
	})
}
