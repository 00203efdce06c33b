package sandbox

import (
	"net/http"
	"strings"
)

// flagFor reports whether a flag is on for a user in an organization: it is enabled, and on for all or for one of them.
func (c *call) flagFor(flag *record, ids ...string) bool {
	if flag.fields["enabled"] != true {
		return false
	}
	if flag.fields["default_value"] == true {
		return true
	}
	for _, id := range ids {
		if id != "" && c.store.linked(flag.id, id) {
			return true
		}
	}
	return false
}

// flagTarget is the organization or user that the path names as a flag's target.
func (c *call) flagTarget() (string, error) {
	id := c.params[paramName(c.plan.segs[len(c.plan.segs)-1])]
	if !strings.HasPrefix(id, "org_") && !strings.HasPrefix(id, "user_") {
		return "", refusal(http.StatusBadRequest, "invalid_resource_id_format", "Invalid resource ID format: '"+id+"'.")
	}
	if c.store.get(c.ix.kinds[kindOrganization], id) == nil && c.store.get(c.ix.kinds[kindUser], id) == nil {
		return "", notFound("Target", id)
	}
	return id, nil
}

func (c *call) addFlagTarget() (any, error) {
	id, err := c.flagTarget()
	if err != nil {
		return nil, err
	}
	if c.store.link(c.of(kindFlag).id, id) {
		c.about = c.of(kindFlag)
	}
	return object{}, nil
}

func (c *call) removeFlagTarget() (any, error) {
	id, err := c.flagTarget()
	if err != nil {
		return nil, err
	}
	if c.store.unlink(c.of(kindFlag).id, id) {
		c.about = c.of(kindFlag)
	}
	return object{}, nil
}

// polledFlags are all flags with their targets by slug, as the runtime clients of feature flags poll them.
func (c *call) polledFlags() (any, error) {
	flags := map[string]any{}
	targets := func(flag *record, kind string) []any {
		list := []any{}
		for _, r := range c.store.all(c.ix.kinds[kind]) {
			if c.store.linked(flag.id, r.id) {
				list = append(list, object{{"id", r.id}, {"enabled", true}})
			}
		}
		return list
	}
	for _, flag := range c.store.all(c.ix.kinds[kindFlag]) {
		flags[flag.text(fieldSlug)] = object{
			{fieldSlug, flag.fields[fieldSlug]}, {"enabled", flag.fields["enabled"]},
			{"default_value", flag.fields["default_value"]},
			{"targets", object{{"users", targets(flag, kindUser)}, {"organizations", targets(flag, kindOrganization)}}},
		}
	}
	return flags, nil
}

// listFlags lists the flags that are on for an organization or a user; a user's include those of the organizations that
// they are an active member of.
func (c *call) listFlags() (any, error) {
	c.seed(c.plan.kind, nil)
	owner := c.named[0]
	ids := []string{owner.id}
	if owner.kind.name == kindUser {
		for _, m := range c.activeMemberships(owner) {
			ids = append(ids, m.text(fieldOrganization))
		}
	}
	return c.listOf(c.store.all(c.plan.kind), func(r *record) bool { return c.flagFor(r, ids...) })
}
