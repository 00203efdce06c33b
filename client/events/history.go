package events

// remembered is the number of IDs by which a run notices that the list goes back. A page has at most 100 events.
const remembered = 1000

// history is the last IDs of events and cursors of a run. The zero value is empty.
type history struct {
	known map[string]struct{}
	order []string // a ring
	next  int
}

func (h *history) has(id string) bool {
	_, found := h.known[id]
	return found
}

// add adds an ID and reports whether it is new.
func (h *history) add(id string) bool {
	switch {
	case id == "":
		return true
	case h.has(id):
		return false
	case h.known == nil:
		h.known = map[string]struct{}{}
	}
	if len(h.order) < remembered {
		h.order = append(h.order, id)
	} else {
		delete(h.known, h.order[h.next])
		h.order[h.next] = id
		h.next = (h.next + 1) % remembered
	}
	h.known[id] = struct{}{}
	return true
}
