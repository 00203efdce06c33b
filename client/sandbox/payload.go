package sandbox

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

const (
	stateLinked = "linked" // of a directory that works

	fieldPrevious = "previous_attributes"
)

// payload shows a thing without what lets a reader act.
func (c *call) payload(r *record) object { return c.without(r, r.kind.views[0]) }

// shownIn is a thing as an event of that type shows it.
func (c *call) shownIn(typ string, r *record) object {
	s := c.ix.payloads[typ]
	if s == nil {
		s = r.kind.views[0]
	}
	shown := c.without(r, s)
	deleted := strings.HasSuffix(typ, ".deleted")
	switch r.kind.name {
	case kindDirectory:
		shown = withState(shown, directoryState(r.text(fieldState), deleted))
	case kindConnection:
	default:
		return shown
	}
	if deleted { // what the description has as absent then
		shown = slices.DeleteFunc(shown, func(m member) bool {
			return slices.Contains([]string{"external_key", "status", "domains"}, m.name)
		})
	}
	return shown
}

// directoryState is the state of a directory as events name it.
func directoryState(state string, deleted bool) string {
	switch {
	case deleted:
		return "deleting"
	case state == stateLinked:
		return stateActive
	case state == "unlinked":
		return "inactive"
	default:
		return state
	}
}

func withState(shown object, state string) object {
	for i := range shown {
		if shown[i].name == fieldState {
			shown[i].value = state
		}
	}
	return shown
}

// without is a view of a thing without what lets a reader act.
func (c *call) without(r *record, s *value.Schema) object {
	shown := c.view(r, s)
	for i := range shown {
		if owner, ok := r.fields[shown[i].name].(map[string]any); ok && shown[i].name == "owner" {
			shown[i].value = owner // a key's, whose views differ by its type
		}
	}
	return slices.DeleteFunc(shown, func(m member) bool { return c.ix.secret[[2]string{s.Name, m.name}] })
}
