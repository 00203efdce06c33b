package mcpgo

import (
	"context"
	"slices"
	"sort"
	"strconv"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// AppendList appends the list of tools for a client as JSON: byte for byte the result of tools/list that mcp-go writes
// to clients of revisions up to 2025-11-25, if its server has the hooks of [AddHooks] and these tools alone. It writes
// each schema once, where mcp-go writes it three times, and the tools need not be registered.
func AppendList(
	ctx context.Context, b []byte, d *mcpadapter.Directory, tools []mcpadapter.Tool, client string,
) []byte {
	names := make(map[string]bool, len(tools))
	for _, t := range tools {
		names[t.Name()] = true
	}
	taken := func(name string) bool { return names[name] }
	byName := slices.Clone(tools)
	sort.Slice(byName, func(i, j int) bool { return byName[i].Name() < byName[j].Name() })
	const room = 200 // for the names of the members of a definition, and some escapes
	entries, size := make([]mcpadapter.Entry, len(byName)), room
	for i, t := range byName {
		entry, permitted := d.Entry(ctx, client, t.Name(), taken)
		if !permitted {
			continue
		}
		if entry.InputSchema == nil {
			entry.InputSchema = t.InputSchema()
		}
		entries[i] = entry
		size += len(entry.Name) + len(entry.InputSchema) + len(t.Description()) + 2*len(t.Title()) + room
	}
	b = append(slices.Grow(b, size), `{"tools":[`...)
	first := len(b)
	for i, t := range byName {
		switch {
		case entries[i].InputSchema == nil: // not permitted
			continue
		case len(b) > first:
			b = append(b, ',')
		}
		b = appendDefinition(b, t, entries[i])
	}
	return append(b, `]}`...)
}

// appendDefinition appends the [Definition] of a tool with the name and the schema of an entry.
func appendDefinition(b []byte, t mcpadapter.Tool, entry mcpadapter.Entry) []byte {
	text := func(head, value, tail string) {
		if value != "" {
			b = append(appendEscaped(append(b, head...), value, true), tail...)
		}
	}
	b = append(b, `{"annotations":{`...)
	text(`"title":"`, t.Title(), `",`)
	h := t.Annotations()
	b = strconv.AppendBool(append(b, `"readOnlyHint":`...), h.ReadOnly)
	b = strconv.AppendBool(append(b, `,"destructiveHint":`...), h.Destructive)
	b = strconv.AppendBool(append(b, `,"idempotentHint":`...), h.Idempotent)
	b = strconv.AppendBool(append(b, `,"openWorldHint":`...), h.OpenWorld)
	b = append(b, '}')
	text(`,"description":"`, t.Description(), `"`)
	b = appendEscaped(append(b, `,"inputSchema":`...), entry.InputSchema, false)
	text(`,"name":"`, entry.Name, `"`)
	if output := t.OutputSchema(); output != nil {
		b = appendEscaped(append(b, `,"outputSchema":`...), output, false)
	}
	text(`,"title":"`, t.Title(), `"`)
	return append(b, '}')
}
