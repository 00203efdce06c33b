package mcpadapter

import (
	"context"
	"encoding/json"
	"strings"
	"unicode/utf8"

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

// Limits of a signature.
const (
	maxSignature = 160 // characters of the arguments; required ones are never left out
	maxEnum      = 48  // characters of the members of an enum
)

// Signature returns the operation as one line in the manner of TypeScript, with its arguments, the required ones first,
// and its title:
//
//	organizations.update({id, name?, metadata?: {…}, …}) // Update an organization
//
// A type that is not given is string. It is short: optional arguments that do not fit are left out, and arguments of
// the adapter itself always are. It returns the name and the title for the tools of [Adapter.DynamicTools].
func (t Tool) Signature() string { return t.signature() }

func (t *tool) signature() string {
	var b strings.Builder
	b.WriteString(t.name)
	if t.input != nil {
		b.WriteString("(" + objectType(t.input.root, maxSignature) + ")")
	}
	if t.title != "" {
		b.WriteString(" // " + t.title)
	}
	return b.String()
}

// objectType writes the properties of an object into at most so many characters, as far as they are optional. It
// returns "" for an object that has none.
func objectType(s *value.Schema, limit int) string {
	var b strings.Builder
	for i, p := range s.Properties {
		text := p.Name
		if !p.Required {
			text += "?"
		}
		if typ := typeOf(p.Schema, p.Required && limit == maxSignature); typ != "string" {
			text += ": " + typ
		}
		if i > 0 {
			text = ", " + text
		}
		if !p.Required && utf8.RuneCountInString(b.String()+text) > limit {
			b.WriteString(", …")
			break
		}
		b.WriteString(text)
	}
	if b.Len() == 0 {
		return ""
	}
	return "{" + strings.TrimPrefix(b.String(), ", ") + "}"
}

// typeOf returns the type of an argument; open: with the properties of an object.
func typeOf(s *value.Schema, open bool) string {
	if s == nil || s.Types&^optable.Null == 0 {
		return "any"
	}
	if members := enumType(s.Enum); members != "" {
		return members
	}
	var types []string
	for _, t := range []struct {
		has  optable.Types
		name string
	}{
		{optable.String, "string"}, {optable.Integer, "int"}, {optable.Number, "number"}, {optable.Boolean, "boolean"},
	} {
		if s.Types.Has(t.has) {
			types = append(types, t.name)
		}
	}
	if s.Types.Has(optable.Array) {
		types = append(types, itemType(s.Items, open)+"[]")
	}
	if s.Types.Has(optable.Object) {
		text := "{…}"
		if open && len(s.Properties) > 0 {
			text = objectType(s, maxSignature/2)
		}
		types = append(types, text)
	}
	if s.Types.Has(optable.Null) {
		types = append(types, "null")
	}
	return strings.Join(types, "|")
}

// itemType returns the type of the items of an array, in parentheses if it is a union.
func itemType(items *value.Schema, open bool) string {
	text := typeOf(items, open)
	if strings.Contains(text, "|") && !strings.HasPrefix(text, "{") {
		text = "(" + text + ")"
	}
	return text
}

// enumType returns the members of an enum as alternatives; "" if there are none or too many.
func enumType(members []string) string {
	if text := strings.ReplaceAll(strings.Join(members, "|"), `"`, "'"); len(text) <= maxEnum {
		return text
	}
	return ""
}
