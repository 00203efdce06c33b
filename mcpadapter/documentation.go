package mcpadapter

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/typescript"
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
		for _, p := range t.input().published().Properties {
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
	return typescript.Type(s)
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
	p := t.input().published().Property(argument)
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
		b.WriteString("(" + typescript.Signature(t.input().root) + ")")
	}
	if t.title != "" {
		b.WriteString(" // " + t.title)
	}
	return b.String()
}

// Declarations returns the operations that the filters of the context permit and whose names begin with a prefix as
// declarations of TypeScript, for programs of [Adapter.ProgramTools]: "" if there are none. The types describe what the
// table says; programs are not checked against them.
func (a *Adapter) Declarations(ctx context.Context, prefix string) string {
	root := &namespace{}
	compiler := a.engine.responseCompiler()
	for _, t := range a.permitted(a.engine.filtersIn(ctx)) {
		if strings.HasPrefix(t.name, prefix) {
			root.add(typescript.Path(t.name), t)
		}
	}
	if len(root.members) == 0 {
		return ""
	}
	var b strings.Builder
	b.WriteString(declarationHeader + "\ndeclare const api: {\n")
	root.write(&b, compiler, "  ")
	b.WriteString("};\n")
	return b.String()
}

const declarationHeader = `/** The result of a call. A list can be iterated over, with all its pages. */
interface Call<T> extends Promise<T>, AsyncIterable<T extends { data: (infer Item)[] } ? Item : never> {}

/** A call that failed. */
declare class CallError extends Error {
  readonly operation: string;
  /** HTTP status; 0: nothing was sent, or there was no response. */
  readonly status: number;
  readonly code: string;
}

/** The arguments of the program. */
declare const args: any;
`

// namespace is a part of the names of operations.
type namespace struct {
	name    string
	tool    *tool // nil: there is no operation of that name
	members []*namespace
}

func (n *namespace) add(path []string, t *tool) {
	if len(path) == 0 {
		n.tool = t
		return
	}
	for _, m := range n.members {
		if m.name == path[0] {
			m.add(path[1:], t)
			return
		}
	}
	m := &namespace{name: path[0]}
	n.members = append(n.members, m)
	m.add(path[1:], t)
}

func (n *namespace) write(b *strings.Builder, r responses, indent string) {
	for _, m := range n.members {
		if m.tool != nil {
			b.WriteString(typescript.Comment(m.tool.title, m.tool.description, indent))
		}
		b.WriteString(indent + typescript.Property(m.name))
		switch {
		case m.tool != nil && len(m.members) == 0:
			b.WriteString(m.tool.parameters() + ": " + m.tool.resultType(r) + ";\n")
			continue
		case m.tool != nil: // an operation with others below its name
			b.WriteString(": {\n" + indent + "  " + m.tool.parameters() + ": " + m.tool.resultType(r) + ";\n")
		default:
			b.WriteString(": {\n")
		}
		m.write(b, r, indent+"  ")
		b.WriteString(indent + "};\n")
	}
}

// declaration returns the declaration of one operation.
func (t *tool) declaration(r responses) string {
	return typescript.Comment(t.title, t.description, "") + typescript.Callee(t.name) + t.parameters() + ": " +
		t.resultType(r)
}

// parameters returns the parameters of an operation, in parentheses.
func (t *tool) parameters() string {
	optional := "?"
	for _, p := range t.input().root.Properties {
		if p.Required {
			optional = ""
		}
	}
	if len(t.input().root.Properties) == 0 {
		return "(args?: {})"
	}
	return "(args" + optional + ": " + typescript.Declare(t.input().root) + ")"
}

func (t *tool) resultType(r responses) string {
	if s := r.of(t.operation); s != nil {
		return "Call<" + typescript.Declare(s) + ">"
	}
	return "Call<any>"
}
