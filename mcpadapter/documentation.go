package mcpadapter

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Documentation describes an operation in Markdown, for people and models: what it does, its risks in this context and
// its limits, its signature, every argument, and an example of valid arguments. Names are in the style. For the tools
// of [Adapter.DynamicTools] it has the description alone.
func (t Tool) Documentation(ctx context.Context, style NameStyle) string {
	var b strings.Builder
	name := style.Name(t.name)
	b.WriteString("# " + name + "\n\n" + sentence(t.title) + "\n")
	if text := strings.TrimSpace(strings.TrimPrefix(t.description, sentence(t.title))); text != "" {
		b.WriteString("\n" + text + "\n")
	}
	if t.input == nil {
		return b.String()
	}
	b.WriteString("\n- Risk: " + strings.Join(t.risk.Names(), ", ") + ".")
	if t.needsConfirmation(ctx) {
		b.WriteString(" A person confirms a call before it is sent.")
	}
	b.WriteString("\n")
	if t.toolset != "" {
		b.WriteString("- Toolset: " + t.toolset + ".\n")
	}
	for _, limit := range t.limits() {
		b.WriteString("- Not possible: " + limit + "\n")
	}
	signature := strings.Replace(strings.TrimSuffix(t.signature(), " // "+t.title), t.name, name, 1)
	b.WriteString("\n```ts\n" + signature + "\n```\n")
	t.writeArguments(&b)
	if example := t.Example(); example != nil {
		b.WriteString("\n## Example\n\n```json\n" + string(example) + "\n```\n")
	}
	return b.String()
}

// sentence returns a title with a full stop.
func sentence(title string) string { return strings.TrimSuffix(title, ".") + "." }

// writeArguments writes a table of the arguments, the required ones first.
func (t *tool) writeArguments(b *strings.Builder) {
	arguments := Tool{t}.Arguments()
	if len(arguments) == 0 {
		b.WriteString("\nIt has no arguments.\n")
		return
	}
	b.WriteString("\n## Arguments\n\n| argument | type | meaning |\n|---|---|---|\n")
	for _, a := range arguments {
		kind := "`" + a.Type + "`"
		if a.Required {
			kind += ", required"
		}
		b.WriteString("| `" + a.Name + "` | " + tableCell(kind) + " | " + tableCell(a.Meaning) + " |\n")
	}
}

// ArgumentDescription describes an argument for people.
type ArgumentDescription struct {
	Name     string
	Type     string // in the manner of TypeScript
	Meaning  string // sentences; may be ""
	Required bool
}

// Arguments describes the arguments of an operation, the required ones first. It is nil for the tools of
// [Adapter.DynamicTools].
func (t Tool) Arguments() []ArgumentDescription {
	if t.input == nil {
		return nil
	}
	var list []ArgumentDescription
	for _, required := range []bool{true, false} {
		for _, p := range t.input.published().Properties {
			if p.Required == required {
				list = append(list, ArgumentDescription{p.Name, argumentType(p.Schema), meaning(p.Schema), required})
			}
		}
	}
	return list
}

// Example returns valid arguments of an operation, made of its schema: those that it requires. It is nil if none can be
// made, and for the tools of [Adapter.DynamicTools].
func (t Tool) Example() json.RawMessage {
	if t.input == nil {
		return nil
	}
	return t.example(nil, nil)
}

// argumentType returns the type of an argument with all members of an enum.
func argumentType(s *value.Schema) string {
	if len(s.Enum) > 0 {
		return strings.Join(s.Enum, " | ")
	}
	return typeOf(s, true)
}

// meaning describes an argument: its description, format and default.
func meaning(s *value.Schema) string {
	parts := []string{s.Described()}
	if s.Format != "" && s.Types.Has(optable.String) {
		parts = append(parts, "Format: "+s.Format+".")
	}
	if s.Default != "" {
		parts = append(parts, "Default: `"+s.Default+"`.")
	}
	return strings.TrimSpace(strings.Join(parts, " "))
}

// tableCell returns a text for a cell of a table in Markdown.
func tableCell(text string) string { return strings.ReplaceAll(jsontext.OneLine(text), "|", `\|`) }

// ArgumentValues returns the values that an argument accepts, or what they begin with, for completion: the strings of
// an enum, true and false, or the prefixes of IDs. nil: anything, or there is no such argument.
func (t Tool) ArgumentValues(argument string) []string {
	if t.input == nil {
		return nil
	}
	p := t.input.published().Property(argument)
	if p == nil {
		return nil
	}
	s := p.Schema
	if len(s.Enum) == 0 && s.Items != nil {
		s = s.Items
	}
	switch {
	case len(s.Enum) > 0:
		var values []string
		for _, member := range s.Enum {
			var text string
			if json.Unmarshal([]byte(member), &text) == nil && text != "" {
				values = append(values, text)
			}
		}
		return values
	case s.Types&^optable.Null == optable.Boolean:
		return []string{"true", "false"}
	}
	return append([]string(nil), s.IDPrefixes...)
}
