package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

// The cursors, as parameters and as fields of list_metadata.
const (
	paramBefore = "before"
	paramAfter  = "after"
)

// list answers with a page of a collection.
func (c *call) list() (any, error) {
	k := c.plan.kind
	c.seed(k, c.named)
	var found []*record
	for _, r := range c.entries(k) {
		if c.filtered(r) {
			found = append(found, r)
		}
	}
	if c.descending() {
		slices.Reverse(found)
	}
	page, before, after, err := c.page(found)
	if err != nil {
		return nil, err
	}
	data := make([]any, len(page))
	for i, r := range page {
		data[i] = c.view(r, c.plan.entry)
	}
	return c.envelope(data, before, after), nil
}

// descending tells whether the newest come first, as they do unless asked otherwise. What has no order to choose
// keeps that of its creation.
func (c *call) descending() bool { return c.hasParam("order") && c.query.Get("order") != "asc" }

// envelope puts entries into the form that the operation's answer has.
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

// page cuts what the cursors and the limit ask for from things in the order asked for. The cursors returned are those
// of the pages before and after; null where there is none.
func (c *call) page(all []*record) (page []*record, before, after any, err error) {
	var low, high int
	limit := len(all)
	if c.hasParam("limit") {
		limit = c.limit()
	}
	switch {
	case c.query.Has(paramAfter):
		if low, err = c.position(all, paramAfter); err != nil {
			return nil, nil, nil, err
		}
		high = min(len(all), low+limit)
	case c.query.Has(paramBefore):
		if high, err = c.position(all, paramBefore); err != nil {
			return nil, nil, nil, err
		}
		low = max(0, high-limit)
	default:
		high = min(len(all), limit)
	}
	page = all[low:high]
	if low > 0 && len(page) > 0 {
		before = page[0].id
	}
	if high < len(all) && len(page) > 0 {
		after = page[len(page)-1].id
	}
	return page, before, after, nil
}

// limit is how many entries a page may have. The query was checked before.
func (c *call) limit() int {
	const standard = 10
	if n, err := strconv.ParseFloat(c.query.Get("limit"), 64); err == nil {
		return int(n)
	}
	return standard
}

// position is where the page after a cursor begins, or the one before it ends. The thing itself may be gone.
func (c *call) position(all []*record, cursor string) (int, error) {
	seq, ok := c.store.seqs[c.plan.kind][c.query.Get(cursor)]
	if !ok {
		return 0, unprocessable([]fieldProblem{{cursor, codeValue}})
	}
	for i, r := range all {
		past := r.seq > seq
		if c.descending() {
			past = r.seq < seq
		}
		if past || cursor == paramBefore && r.seq == seq {
			return i, nil
		}
	}
	return len(all), nil
}

// entries are the things of a kind that belong to all that the path names, in the order of their creation.
func (c *call) entries(k *kind) []*record {
	last := len(c.named) - 1
	var joined map[string]bool
	if last >= 0 {
		joined = c.store.joined(c.named[last], k)
	}
	var found []*record
	for _, r := range c.store.records[k] {
		belongs := last >= 0 || !r.hidden
		for i, parent := range c.named {
			belongs = belongs && c.listedUnder(r, parent, i == last, joined)
		}
		if belongs {
			found = append(found, r)
		}
	}
	return found
}

// listedUnder tells whether a collection below a parent shows a thing. It has to belong to the nearest one only, as
// that one belongs to those before.
func (c *call) listedUnder(r, parent *record, nearest bool, joined map[string]bool) bool {
	if show, ruled := c.lists(r, parent); ruled {
		return show
	}
	switch pointsTo(r, parent) {
	case yes:
		return true
	case no:
		return c.store.linked(r.id, parent.id)
	default:
		return !nearest || c.store.linked(r.id, parent.id) || joined[r.id]
	}
}

// seed makes an example of a kind that no operation makes, or only where WorkOS enables it (connections), once a
// collection: at the top level under the ID that the description gives as an example, below a parent under a new one.
func (c *call) seed(k *kind, parents []*record) {
	if k.made && k.name != "connection" || !k.listed || k.top != (len(parents) == 0) {
		return
	}
	ids := []string{k.name}
	for _, p := range parents {
		ids = append(ids, p.id)
	}
	where := strings.Join(ids, " ")
	if c.store.seeded[where] {
		return
	}
	c.store.seeded[where] = true
	r := &record{kind: k, id: k.exampleID(), fields: exampleFields(k)}
	if !k.top {
		r.id = c.store.newID(k.idPrefix(), c.now)
	}
	r.fields["id"] = r.id
	for _, p := range parents {
		name := c.pointer(k, p.kind)
		r.fields[name] = p.id
		r.hidden = r.hidden || k.property(name) == nil
	}
	c.fill(r)
	c.store.add(r)
}

func (c *call) hasParam(name string) bool {
	for i := range c.plan.op.Parameters {
		if c.plan.op.Parameters[i].Name == name {
			return true
		}
	}
	return false
}
