package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable/value"
)

const (
	kindEvent = "event"

	fieldOrganization = "organization_id"
	fieldUser         = "user_id"
)

// emitAll appends the events that the operation's description names, about the thing that it changed.
func (c *call) emitAll() {
	if c.emitted || c.about == nil && !c.plan.facts.ofVault() {
		return
	}
	c.emitted = true
	if c.plan.facts.ofVault() {
		c.emitVault(c.plan.facts.emits[0])
		return
	}
	for _, typ := range c.plan.facts.emits {
		c.emit(typ, c.about)
	}
}

// emit appends an event about a thing: its data shows the thing without what lets a reader act.
func (c *call) emit(typ string, r *record) {
	c.emitData(typ, c.shownIn(typ, r), r.text(fieldOrganization))
}

// emitData appends an event with that data.
func (c *call) emitData(typ string, data any, organization string) {
	k := c.ix.kinds[kindEvent]
	if k == nil {
		return
	}
	fields := map[string]any{
		"object": kindEvent, kindEvent: typ, "data": raw(encode(data)), "created_at": timestamp(c.now),
	}
	if organization != "" {
		fields[fieldOrganization] = organization
	}
	r := &record{kind: k, id: c.store.newID(k.idPrefix(), c.now), fields: fields}
	fields["id"] = r.id
	c.store.add(r)
	c.enqueue(r)
}

// listEvents returns a page of the events of the types asked for.
func (c *call) listEvents() (any, error) {
	k := c.ix.kinds[kindEvent]
	types := c.values("events", &value.Schema{Types: arrayType})
	all := c.store.all(k)
	if c.query.Has(fieldOrganization) {
		all = c.store.having(k, fieldOrganization, c.query.Get(fieldOrganization))
	}
	if after := c.query.Get(paramAfter); after != "" && c.store.get(k, after) == nil {
		return nil, refusal(http.StatusBadRequest, "invalid_cursor", "No event has the ID '"+after+"'.")
	}
	for _, bound := range []string{"range_start", "range_end"} {
		if text := c.query.Get(bound); text != "" && !isDate(text) {
			return nil, c.invalid([]fieldProblem{{bound, codeFormat}})
		}
	}
	start, end := normalDateTime(c.query.Get("range_start")), normalDateTime(c.query.Get("range_end"))
	return c.listOf(all, func(r *record) bool {
		at := r.text("created_at")
		return (len(types) == 0 || slices.Contains(types, r.text(kindEvent))) &&
			(start == "" || at >= start) && (end == "" || at < end)
	})
}

// authenticated appends the event of an attempt to authenticate, which failed for a problem or succeeded.
func (c *call) authenticated(method string, user *record, email string, failure *problem) {
	data := object{
		{"type", method}, {"status", "succeeded"}, {"ip_address", c.body["ip_address"]},
		{"user_agent", c.body["user_agent"]}, {fieldUser, nil}, {fieldEmail, email},
	}
	if user != nil {
		data[4].value = user.id
	}
	typ := "authentication." + strings.ReplaceAll(method, "-", "_") + "_succeeded"
	if failure != nil {
		typ = strings.TrimSuffix(typ, "succeeded") + "failed"
		data[1].value = "failed"
		data = append(data, member{"error", object{{fieldCode, failure.code}, {"message", failure.message}}})
	}
	if method == "sso" {
		data = append(data, member{"sso", object{
			{fieldOrganization, nil}, {"connection_id", nil}, {"session_id", nil},
		}})
	}
	c.emitData(typ, data, "")
}

// isDate reports whether a text is a date or a date-time of ISO 8601, as JavaScript and Go write them.
func isDate(text string) bool {
	return slices.ContainsFunc([]string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly}, func(layout string) bool {
		_, err := time.Parse(layout, text)
		return err == nil
	})
}
