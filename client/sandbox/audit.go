package sandbox

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
)

const (
	kindExport = "audit_log_export"

	fieldAction   = "audit_log_action_id"
	fieldMetadata = "metadata"
	fieldTargets  = "targets"
)

// createAuditEvent keeps an event that the latest schema of its action permits.
func (c *call) createAuditEvent() (any, error) {
	event, _ := c.body["event"].(map[string]any)
	action := c.findBy(c.ix.kinds[kindAuditAction], fieldName, text(event["action"]))
	if action == nil {
		return nil, c.invalidAudit("Action '" + text(event["action"]) + "' has no schema.")
	}
	schema, _ := action.fields["schema"].(map[string]any)
	if wrong := auditProblem(schema, event); wrong != "" {
		return nil, c.invalidAudit(wrong)
	}
	c.store.add(&record{kind: c.store.own.auditEvent, id: c.store.newID("audit_log_event_", c.now), fields: map[string]any{
		fieldOrganization: c.body[fieldOrganization], "event": event,
		"occurred_at": normalDateTime(text(event["occurred_at"])),
	}})
	return c.respond(map[string]any{"success": true}), nil
}

func (c *call) invalidAudit(message string) error {
	p := refusal(http.StatusBadRequest, "invalid_audit_log_event", "Audit Log could not be processed.")
	p.more = object{{"errors", []any{message}}}
	return p
}

// auditProblem is what an event has that its schema does not permit, or "".
func auditProblem(schema, event map[string]any) string {
	permitted := map[string]map[string]any{}
	targets, _ := schema[fieldTargets].([]any)
	for _, v := range targets {
		if t, ok := v.(map[string]any); ok {
			permitted[text(t[fieldType])] = t
		}
	}
	given, _ := event[fieldTargets].([]any)
	for _, v := range given {
		t, _ := v.(map[string]any)
		s, ok := permitted[text(t[fieldType])]
		if !ok {
			return "Target type '" + text(t[fieldType]) + "' is not in the schema."
		}
		if wrong := metadataProblem(s[fieldMetadata], t[fieldMetadata]); wrong != "" {
			return "Target metadata: " + wrong
		}
	}
	if wrong := metadataProblem(schema[fieldMetadata], event[fieldMetadata]); wrong != "" {
		return "Metadata: " + wrong
	}
	if actor, ok := schema["actor"].(map[string]any); ok {
		given, _ := event["actor"].(map[string]any)
		if wrong := metadataProblem(actor[fieldMetadata], given[fieldMetadata]); wrong != "" {
			return "Actor metadata: " + wrong
		}
	}
	return ""
}

// metadataProblem compares metadata with a JSON Schema of one level, or with a map of names to types.
func metadataProblem(schema, given any) string {
	s, ok := schema.(map[string]any)
	if !ok {
		return ""
	}
	types := s
	if properties, nested := s["properties"].(map[string]any); nested {
		types = properties
	}
	required, _ := s["required"].([]any)
	values, _ := given.(map[string]any)
	for _, name := range required {
		if _, ok := values[text(name)]; !ok {
			return "'" + text(name) + "' is missing."
		}
	}
	for _, name := range sortedKeys(values) {
		want := text(types[name])
		if t, ok := types[name].(map[string]any); ok {
			want = text(t[fieldType])
		}
		if want != "" && want != jsonType(values[name]) {
			return "'" + name + "' is no " + want + "."
		}
	}
	return ""
}

func jsonType(v any) string {
	switch v.(type) {
	case string:
		return "string"
	case bool:
		return "boolean"
	case nil:
		return "null"
	case []any:
		return "array"
	case map[string]any:
		return "object"
	default:
		return "number"
	}
}

// getExport shows an export, which is ready the first time that somebody looks.
func (c *call) getExport() (any, error) {
	r := c.of(kindExport)
	if r.text(fieldState) == "pending" {
		c.store.set(r, fieldState, "ready")
		c.store.set(r, "url", c.request.host+"/_sandbox/exports/"+r.id+".csv")
		c.touch(r)
	}
	return c.view(r, c.plan.answer), nil
}

// completeExport keeps what an export selects, as it was asked. The range must not end before it starts.
func (c *call) completeExport(r *record) error {
	if normalDateTime(text(c.body["range_end"])) < normalDateTime(text(c.body["range_start"])) {
		return refusal(http.StatusBadRequest, "invalid_audit_log_export_range_date", "Invalid date range.")
	}
	for _, name := range []string{
		"range_start", "range_end", "actions", "actors", "actor_names", "actor_ids", fieldTargets,
	} {
		if v, ok := c.body[name]; ok {
			r.fields["asked_"+name] = v
		}
	}
	r.fields[fieldOrganization] = c.body[fieldOrganization]
	r.fields[fieldState], r.fields["url"] = "pending", nil
	return nil
}

// exportCSV is the file of an export.
func exportCSV(s *store, export *record) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	_ = w.Write([]string{
		"id", "action", "occurred_at", "actor_id", "actor_type", "actor_name", "targets", "location", "metadata",
	})
	start := normalDateTime(export.text("asked_range_start"))
	end := normalDateTime(export.text("asked_range_end"))
	for _, r := range s.having(s.own.auditEvent, fieldOrganization, export.text(fieldOrganization)) {
		event, _ := r.fields["event"].(map[string]any)
		actor, _ := event["actor"].(map[string]any)
		context, _ := event["context"].(map[string]any)
		at := r.text("occurred_at")
		if at < start || at >= end || !selected(export, "actions", event["action"]) ||
			!selected(export, "actors", actor[fieldName]) || !selected(export, "actor_names", actor[fieldName]) ||
			!selected(export, "actor_ids", actor["id"]) || !selectedTargets(export, event[fieldTargets]) {
			continue
		}
		_ = w.Write([]string{ // a Builder does not fail
			r.id, text(event["action"]), at, text(actor["id"]), text(actor[fieldType]), text(actor[fieldName]),
			text(event[fieldTargets]), text(context["location"]), text(event[fieldMetadata]),
		})
	}
	w.Flush()
	return b.String()
}

func selected(export *record, filter string, v any) bool {
	wanted, _ := export.fields["asked_"+filter].([]any)
	return len(wanted) == 0 || slices.Contains(wanted, v)
}

func selectedTargets(export *record, targets any) bool {
	list, _ := targets.([]any)
	return len(list) == 0 || slices.ContainsFunc(list, func(v any) bool {
		t, _ := v.(map[string]any)
		return selected(export, fieldTargets, t[fieldType])
	})
}
