package typescript

import (
	"regexp"
	"slices"
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

// Declare returns the type of the values that a schema accepts, as deep as the limits of a declaration allow.
func Declare(s *value.Schema) string { return declared(s, declaredDepth(s)) }

// declared returns a schema as a type, so many levels deep.
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
		types = append(types, list(declared(s.Items, depth-1)))
	}
	if s.Types.Has(optable.Object) {
		types = append(types, declaredObject(s, depth))
	}
	if s.Types.Has(optable.Null) {
		types = append(types, "null")
	}
	if types == nil {
		return "any"
	}
	return strings.Join(types, " | ")
}

func declaredObject(s *value.Schema, depth int) string {
	list := make([]string, 0, len(s.Properties)+1)
	for _, p := range s.Properties {
		text := Property(p.Name)
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

// list returns the type of an array of items, in parentheses if they are a union.
func list(items string) string {
	depth := 0
	for i := 0; i < len(items); i++ {
		switch c := items[i]; c {
		case '"', '\'':
			for i++; i < len(items) && items[i] != c; i++ {
				if items[i] == '\\' {
					i++
				}
			}
		case '{', '(':
			depth++
		case '}', ')':
			depth--
		case '|':
			if depth == 0 {
				return "(" + items + ")[]"
			}
		}
	}
	return items + "[]"
}

var identifier = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

// Property returns a name as one of a property, in quotes if it must have them.
func Property(name string) string {
	if identifier.MatchString(name) {
		return name
	}
	return string(jsontext.AppendString(nil, name))
}

// isReserved reports whether a program cannot use a name for a part of the name of an operation: JavaScript asks for it
// of any value.
func isReserved(name string) bool { return name == "then" || name == "toJSON" || name == "toString" }

// Path returns the members of api that lead to an operation.
func Path(operation string) []string {
	path := strings.Split(operation, ".")
	if slices.ContainsFunc(path, func(name string) bool { return isReserved(name) || name == "" }) {
		return []string{operation}
	}
	return path
}

// Callee returns what a program calls for an operation, such as api.users.get or api["get-user"].
func Callee(operation string) string {
	var callee strings.Builder
	callee.WriteString("api")
	for _, name := range Path(operation) {
		if text := Property(name); text == name {
			callee.WriteString("." + name)
		} else {
			callee.WriteString("[" + text + "]")
		}
	}
	return callee.String()
}

// Operation returns the operation of a callee, or a name of an operation as it is.
func Operation(callee string) string {
	rest, isCallee := strings.CutPrefix(callee, "api")
	if !isCallee || !strings.HasPrefix(rest, ".") && !strings.HasPrefix(rest, "[") {
		return callee
	}
	return strings.TrimPrefix(strings.NewReplacer(`["`, ".", `['`, ".", `"]`, "", `']`, "").Replace(rest), ".")
}

// maxDescription is how many characters of a description a comment has.
const maxDescription = 400

// Comment returns a line with a documentation comment, which nothing in the texts can end.
func Comment(title, description, indent string) string {
	text := strings.TrimSpace(strings.TrimSuffix(title, ".") + ". " + phrase.Shorten(description, maxDescription))
	text = strings.ReplaceAll(strings.Join(strings.Fields(text), " "), "*/", "* /")
	return indent + "/** " + text + " */\n"
}
