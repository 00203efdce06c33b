package mcpadapter

import (
	"context"
	"regexp"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Limits of a declaration.
const (
	maxDeclared      = 6    // objects and arrays from the outermost to the innermost
	maxDeclaredTypes = 2000 // types; one with more is declared less deep
)

// Declarations returns the operations that the filters of the context permit and whose names begin with a prefix as
// declarations of TypeScript, for programs of [Adapter.ProgramTools]: "" if there are none. The types describe what the
// table says; programs are not checked against them.
func (a *Adapter) Declarations(ctx context.Context, prefix string) string {
	root := &namespace{}
	compiler := a.engine.responseCompiler()
	for _, t := range a.permitted(a.engine.filtersIn(ctx)) {
		if strings.HasPrefix(t.name, prefix) {
			root.add(strings.Split(t.name, "."), t)
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
			b.WriteString(comment(m.tool.title, m.tool.description, indent))
		}
		b.WriteString(indent + propertyName(m.name))
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
	return comment(t.title, t.description, "") + "api." + t.name + t.parameters() + ": " + t.resultType(r)
}

// parameters returns the parameters of an operation, in parentheses.
func (t *tool) parameters() string {
	optional := "?"
	for _, p := range t.input.root.Properties {
		if p.Required {
			optional = ""
		}
	}
	if len(t.input.root.Properties) == 0 {
		return "(args?: {})"
	}
	return "(args" + optional + ": " + declared(t.input.root, declaredDepth(t.input.root)) + ")"
}

func (t *tool) resultType(r responses) string {
	if s := r.of(t.operation); s != nil {
		return "Call<" + declared(s, declaredDepth(s)) + ">"
	}
	return "Call<any>"
}

// declaredDepth returns how deep the declaration of a schema goes.
func declaredDepth(s *value.Schema) int {
	depth := maxDeclared
	for depth > 1 && declaredTypes(s, depth, maxDeclaredTypes) <= 0 {
		depth--
	}
	return depth
}

// declaredTypes returns how many types are left of a number after those of a declaration.
func declaredTypes(s *value.Schema, depth, left int) int {
	if left--; s == nil || depth == 0 || s.Within != nil || left <= 0 {
		return left
	}
	for _, alternative := range s.AnyOf {
		left = declaredTypes(alternative, depth-1, left)
	}
	if s.Union != nil {
		for _, v := range s.Union.Variants {
			left = declaredTypes(v.Schema, depth-1, left)
		}
	}
	if !s.HasAlternatives() {
		left = declaredTypes(s.Items, depth-1, left)
		for _, p := range s.Properties {
			left = declaredTypes(p.Schema, depth-1, left)
		}
	}
	return left
}

// declared returns a schema as a type of TypeScript, so many levels deep.
func declared(s *value.Schema, depth int) string {
	switch {
	case s == nil || depth == 0 || s.Within != nil:
		return "any"
	case s.Const != "":
		return s.Const
	case len(s.Enum) > 0:
		return strings.Join(s.Enum, " | ")
	}
	var types []string
	for _, alternative := range s.AnyOf {
		types = append(types, declared(alternative, depth-1))
	}
	if s.Union != nil {
		for _, v := range s.Union.Variants {
			types = append(types, declared(v.Schema, depth-1))
		}
	}
	if len(types) > 0 {
		return strings.Join(types, " | ")
	}
	for _, t := range []struct {
		has  optable.Types
		name string
	}{{optable.String, "string"}, {optable.Integer | optable.Number, "number"}, {optable.Boolean, "boolean"}} {
		if s.Types.Has(t.has) {
			types = append(types, t.name)
		}
	}
	if s.Types.Has(optable.Array) {
		items := declared(s.Items, depth-1)
		if strings.Contains(items, " | ") && !strings.HasPrefix(items, "{") {
			items = "(" + items + ")"
		}
		types = append(types, items+"[]")
	}
	if s.Types.Has(optable.Object) {
		types = append(types, declaredObject(s, depth))
	}
	if s.Types.Has(optable.Null) {
		types = append(types, null)
	}
	if types == nil {
		return "any"
	}
	return strings.Join(types, " | ")
}

func declaredObject(s *value.Schema, depth int) string {
	list := make([]string, 0, len(s.Properties)+1)
	for _, p := range s.Properties {
		text := propertyName(p.Name)
		if !p.Required {
			text += "?"
		}
		list = append(list, text+": "+declared(p.Schema, depth-1))
	}
	if len(list) == 0 || s.Additional != nil {
		list = append(list, "[name: string]: any")
	}
	return "{ " + strings.Join(list, "; ") + " }"
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

func propertyName(name string) string {
	if identifier.MatchString(name) {
		return name
	}
	return string(jsontext.AppendString(nil, name))
}

// comment returns a comment that nothing in the text can end.
func comment(title, description, indent string) string {
	text := strings.TrimSpace(strings.TrimSuffix(title, ".") + ". " + phrase.Shorten(description, maxQuestionText))
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "*/", "* /")
	return indent + "/** " + text + " */\n"
}
