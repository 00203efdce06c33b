package optest

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Example makes responses of a schema. The zero value makes every property that the schema names.
type Example struct {
	Sparse  bool // without optional properties, and null where that may be
	Foreign bool // with properties and enum members that the schema does not know
	open    []string
}

// Value makes one value; text contains the name. It panics at a keyword that no response has used so far.
func (e Example) Value(s *optable.Schema, name string) any {
	nullable := s.Types.Has(optable.Null)
	if s.Ref != "" {
		if slices.Contains(e.open, s.Ref) {
			return map[string]any{} // a component that holds itself
		}
		e.open = append(slices.Clip(e.open), s.Ref)
		s = Component(s)
		nullable = nullable || s.Types.Has(optable.Null)
	}
	if len(s.Composed().OneOf)+len(s.Composed().AnyOf)+len(s.Composed().AllOf) > 0 {
		panic("example: no value for a union or an intersection in " + name)
	}
	switch {
	case e.Sparse && nullable:
		return nil
	case e.Foreign && len(s.Enum) > 0:
		return "member_of_tomorrow"
	case s.Const != "":
		return fromText(s.Const)
	case len(s.Enum) > 0:
		return fromText(s.Enum[len(s.Enum)-1])
	}
	switch s.Types &^ optable.Null {
	case optable.Object:
		return e.object(s, name)
	case optable.Array:
		return e.array(s, name)
	case optable.Integer:
		return json.Number("9007199254740993")
	case optable.Number:
		return json.Number("0.25")
	case optable.Boolean:
		return true
	case optable.String:
		return exampleText(s, name)
	case 0:
		return map[string]any{"anything": []any{"goes", json.Number("1"), nil}}
	default:
		panic(fmt.Sprintf("example: no value for the types %v of %s", s.Types.Names(), name))
	}
}

func (e Example) object(s *optable.Schema, name string) map[string]any {
	object := map[string]any{}
	for i := range s.Properties {
		if p := &s.Properties[i]; p.Required || !e.Sparse {
			object[p.Name] = e.Value(p.Schema, p.Name)
		}
	}
	switch {
	case s.Additional != nil && !e.Sparse:
		object["key_"+name] = e.Value(s.Additional, "value of "+name)
	case s.Additional == nil && e.Foreign:
		object["property_of_tomorrow"] = map[string]any{"nested": []any{}}
	}
	return object
}

func (e Example) array(s *optable.Schema, name string) []any {
	if e.Sparse {
		return []any{}
	}
	return []any{e.Value(s.Items, name), e.Value(s.Items, name+" again")}
}

func exampleText(s *optable.Schema, name string) string {
	switch s.Format {
	case "date-time":
		return "2026-01-31T12:00:00.123Z"
	case "email":
		return "ada@example.com"
	case "uri":
		return "https://example.com/?a=b&c=d"
	}
	return "The " + name + ` <"é&\✓">`
}

func fromText(text string) any {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		panic(err)
	}
	return v
}
