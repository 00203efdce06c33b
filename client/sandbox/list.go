package sandbox

import (
	"slices"
	"sort"
	"strconv"
)

// The cursors, as parameters and as fields of list_metadata.
const (
	paramBefore = "before"
	paramAfter  = "after"
)

// list returns a page of a collection.
func (c *call) list() (any, error) {
	k := c.plan.kind
	c.seed(k, c.named)
	c.memo = map[string]map[string]bool{}
	return c.listOf(c.candidates(k), func(r *record) bool { return c.shows(r) && c.filtered(r) })
}

// listOf returns the page of those of the records, which are in the order of their creation, that pass.
func (c *call) listOf(all []*record, passes func(*record) bool) (any, error) {
	page, before, after, err := c.page(all, passes)
	if err != nil {
		return nil, err
	}
	data := make([]any, len(page))
	for i, r := range page {
		data[i] = c.view(r, c.plan.entry)
	}
	return c.envelope(data, before, after), nil
}

// descending reports whether the newest come first, as they do unless asked otherwise. What has no order to choose
// keeps that of its creation.
func (c *call) descending() bool { return c.hasParam("order") && c.query.Get("order") != "asc" }

// envelope puts entries into the form that the operation's response has.
func (c *call) envelope(data []any, before, after any) any {
	if len(c.plan.answer.Properties) == 0 {
		return data
	}
	o := object{}
	for i := range c.plan.answer.Properties {
		switch p := &c.plan.answer.Properties[i]; p.Name {
		case "data":
			o = append(o, member{p.Name, data})
		case "list_metadata":
			meta := map[string]any{paramBefore: before, paramAfter: after}
			o = append(o, member{p.Name, c.conform(p.Name, p.Schema, meta)})
		default:
			o = append(o, member{p.Name, c.sampler(false).sample(p.Name, p.Schema)})
		}
	}
	return o
}

// page walks from the cursor and takes as many of the records that pass as the limit asks for. The cursors returned
// are those of the pages before and after; null where there is none.
func (c *call) page(all []*record, passes func(*record) bool) (page []*record, before, after any, err error) {
	limit := len(all)
	if c.hasParam("limit") {
		limit = c.limit()
	}
	backward := c.query.Has(paramBefore)
	cursor := paramAfter
	if backward {
		cursor = paramBefore
	}
	step, at := 1, 0
	if c.descending() != backward {
		step, at = -1, len(all)-1
	}
	more := false
	if c.query.Has(cursor) {
		seq, err := c.seqOf(c.query.Get(cursor), cursor)
		if err != nil {
			return nil, nil, nil, err
		}
		at = sort.Search(len(all), func(i int) bool { return all[i].seq >= seq })
		more = c.anyOn(all, at, -step, seq, passes)
		switch {
		case step < 0:
			at--
		case at < len(all) && all[at].seq == seq:
			at++
		}
	}
	rest := false
	for ; at >= 0 && at < len(all); at += step {
		if all[at].removed || !passes(all[at]) {
			continue
		}
		if len(page) == limit {
			rest = true
			break
		}
		page = append(page, all[at])
	}
	if backward {
		slices.Reverse(page)
		more, rest = rest, more
	}
	if more && len(page) > 0 {
		before = page[0].id
	}
	if rest && len(page) > 0 {
		after = page[len(page)-1].id
	}
	return page, before, after, nil
}

// anyOn reports whether a record passes in that direction from a cursor, that of the cursor included.
func (c *call) anyOn(all []*record, at, step, seq int, passes func(*record) bool) bool {
	if step < 0 && (at >= len(all) || all[at].seq != seq) {
		at--
	}
	for ; at >= 0 && at < len(all); at += step {
		if !all[at].removed && passes(all[at]) {
			return true
		}
	}
	return false
}

// limit is how many entries a page may have. The query was checked before.
func (c *call) limit() int {
	const standard = 10
	if n, err := strconv.ParseFloat(c.query.Get("limit"), 64); err == nil {
		return int(n)
	}
	return standard
}

// seqOf is the place of the thing that a cursor names. The thing itself may be gone.
func (c *call) seqOf(id, cursor string) (int, error) {
	if r := c.store.get(c.plan.kind, id); r != nil {
		return r.seq, nil
	}
	if t := c.store.tables[c.plan.kind]; t != nil {
		if seq, ok := t.gone[id]; ok {
			return seq, nil
		}
	}
	return 0, c.invalid([]fieldProblem{{cursor, codeValue}})
}

// candidates are the things of a kind among which those are that the path's last thing owns, in the order of their
// creation.
func (c *call) candidates(k *kind) []*record {
	if k == nil || c.store.tables[k] == nil {
		return nil
	}
	for i := range c.plan.op.Parameters { // a filter by an indexed field leaves few
		p := &c.plan.op.Parameters[i]
		v := c.query.Get(p.Name)
		if len(c.named) == 0 && v != "" && c.store.indexed[p.Name] && k.property(p.Name) != nil &&
			len(c.query[p.Name]) == 1 && c.plan.params[i].Items == nil {
			return c.store.having(k, p.Name, v)
		}
	}
	return c.store.tables[k].order
}

// entries are the things of a kind that belong to all that the path names, in the order of their creation.
func (c *call) entries(k *kind) []*record {
	c.memo = map[string]map[string]bool{}
	var found []*record
	for _, r := range c.candidates(k) {
		if !r.removed && c.shows(r) {
			found = append(found, r)
		}
	}
	return found
}

// shows reports whether a collection below what the path names shows a thing.
func (c *call) shows(r *record) bool {
	last := len(c.named) - 1
	if last < 0 {
		return !r.hidden
	}
	for i, parent := range c.named {
		if !c.listedUnder(r, parent, i == last) {
			return false
		}
	}
	return true
}

// listedUnder reports whether a collection below a parent shows a thing. It has to belong to the nearest one only, as
// that one belongs to those before.
func (c *call) listedUnder(r, parent *record, nearest bool) bool {
	if show, ruled := c.lists(r, parent); ruled {
		return show
	}
	switch pointsTo(r, parent) {
	case yes:
		return true
	case no:
		return c.store.linked(r.id, parent.id)
	default:
		return !nearest || c.store.linked(r.id, parent.id) || c.joined(parent, r.kind)[r.id]
	}
}

// joined is what the store joins, once a request.
func (c *call) joined(parent *record, k *kind) map[string]bool {
	key := parent.id + " " + k.name
	ids, ok := c.memo[key]
	if !ok {
		ids = c.store.joined(parent, k)
		if c.memo != nil {
			c.memo[key] = ids
		}
	}
	return ids
}

func (c *call) hasParam(name string) bool {
	for i := range c.plan.op.Parameters {
		if c.plan.op.Parameters[i].Name == name {
			return true
		}
	}
	return false
}
