package sandbox

import (
	"fmt"
	"slices"
)

const (
	kindDirectory      = "directory"
	kindDirectoryGroup = "directory_group"
	fieldGroups        = "groups"
	fieldDirectory     = "directory_id"
)

// Change sets fields of a thing that no operation of the API makes, as its provider or somebody at the Dashboard does,
// and appends the events: dsync.user.updated with the former values, and dsync.group.user_added for a group that
// groups names now and did not before. The types are connection, directory, directory_user, directory_group and
// feature_flag. The text is a JSON object of the fields to set. An error means that nothing changed.
func (s *Sandbox) Change(typ, id string, text []byte) error {
	v, err := decode(text)
	if err != nil {
		return fmt.Errorf("workos/sandbox: change: %w", err)
	}
	fields, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("workos/sandbox: change %s: want a JSON object", id)
	}
	defer s.notify()
	return s.act(func(c *call) error {
		r, err := c.synced(typ, id)
		if err != nil {
			return err
		}
		if _, renamed := fields["id"]; renamed {
			return fmt.Errorf("workos/sandbox: change %s: an ID does not change", id)
		}
		if err := c.checkSeed(r.kind, fields); err != nil {
			return fmt.Errorf("workos/sandbox: change %s: %w", id, err)
		}
		c.sync(r, fields)
		return c.checkPlanted()
	})
}

// Remove removes a thing of one of the types of [Sandbox.Change] with what belongs to it, and appends the event.
func (s *Sandbox) Remove(typ, id string) error {
	defer s.notify()
	return s.act(func(c *call) error {
		r, err := c.synced(typ, id)
		if err != nil {
			return err
		}
		c.leaveGroups(r)
		c.emit(syncEvent(r.kind.name, "deleted"), r)
		c.store.remove(r)
		return nil
	})
}

// synced finds a thing of a type that no operation makes.
func (c *call) synced(typ, id string) (*record, error) {
	if syncEvent(typ, "") == "" {
		return nil, fmt.Errorf("workos/sandbox: things of type %q change by operations of the API", typ)
	}
	r := c.store.get(c.ix.kinds[typ], id)
	if r == nil {
		return nil, notFound(c.ix.kinds[typ].title(), id)
	}
	return r, nil
}

// syncEvent is the type of the event of a change of a thing of a kind that no operation makes; "" for other kinds.
func syncEvent(kind, change string) string {
	switch kind {
	case kindConnection:
		return "connection." + change
	case kindDirectory:
		return "dsync." + change
	case kindDirectoryUser:
		return "dsync.user." + change
	case kindDirectoryGroup:
		return "dsync.group." + change
	case kindFlag:
		return "flag." + change
	default:
		return ""
	}
}

// sync sets fields of a thing and appends the events that follow.
func (c *call) sync(r *record, fields map[string]any) {
	groups := lookup(r.fields[fieldGroups], "id")
	shown, state := c.payload(r), r.text(fieldState)
	for _, name := range sortedKeys(fields) {
		c.store.set(r, name, fields[name])
	}
	previous := differences(shown, c.payload(r))
	if len(previous) == 0 {
		return
	}
	c.touch(r)
	switch r.kind.name {
	case kindConnection, kindDirectory:
		c.emitState(r, state)
		return
	case kindDirectoryUser:
		c.emitGroups(r, groups)
	}
	if !slices.ContainsFunc(previous, func(m member) bool { return m.name != fieldGroups }) {
		return
	}
	typ := syncEvent(r.kind.name, "updated")
	data := c.shownIn(typ, r)
	if s := c.ix.payloads[typ]; s.Property(fieldPrevious) != nil {
		data = append(data, member{fieldPrevious, previous})
	}
	c.emitData(typ, data, r.text(fieldOrganization))
}

// differences are the former values of what another view of a thing does not show so; null for what was not shown.
func differences(before, after object) object {
	value := func(o object, name string) any {
		if i := slices.IndexFunc(o, func(m member) bool { return m.name == name }); i >= 0 {
			return o[i].value
		}
		return nil
	}
	changed := object{}
	for _, m := range after {
		if old := value(before, m.name); string(encode(old)) != string(encode(m.value)) {
			changed = append(changed, member{m.name, old})
		}
	}
	return changed
}

// emitState emits an event if a connection or directory has become active, or a connection inactive.
func (c *call) emitState(r *record, before string) {
	works := func(state string) bool { return state == stateActive || state == stateLinked }
	switch now := r.text(fieldState); {
	case works(now) && !works(before):
		c.emit(syncEvent(r.kind.name, "activated"), r)
	case works(before) && !works(now) && r.kind.name == kindConnection:
		c.emit("connection.deactivated", r)
	}
}

// emitGroups emits an event for each group that a directory user has joined or left.
func (c *call) emitGroups(user *record, before []string) {
	now := lookup(user.fields[fieldGroups], "id")
	for _, id := range now {
		if !slices.Contains(before, id) {
			c.emitMembership("dsync.group.user_added", user, id)
		}
	}
	for _, id := range before {
		if !slices.Contains(now, id) {
			c.emitMembership("dsync.group.user_removed", user, id)
		}
	}
}

func (c *call) emitMembership(typ string, user *record, group string) {
	r := c.store.get(c.ix.kinds[kindDirectoryGroup], group)
	if r == nil {
		return
	}
	s := c.ix.payloads[typ]
	c.emitData(typ, object{
		{fieldDirectory, user.text(fieldDirectory)}, {"user", c.without(user, s.Property("user").Schema)},
		{"group", c.without(r, s.Property("group").Schema)},
	}, user.text(fieldOrganization))
}

// leaveGroups takes a group that goes out of the users that are in it.
func (c *call) leaveGroups(group *record) {
	if group.kind.name != kindDirectoryGroup {
		return
	}
	for _, user := range c.store.having(c.ix.kinds[kindDirectoryUser], fieldDirectory, group.text(fieldDirectory)) {
		list, _ := user.fields[fieldGroups].([]any)
		left := slices.DeleteFunc(slices.Clone(list), func(v any) bool { return slices.Contains(lookup(v, "id"), group.id) })
		if len(left) < len(list) {
			c.store.set(user, fieldGroups, left)
			c.emitMembership("dsync.group.user_removed", user, group.id)
		}
	}
}
