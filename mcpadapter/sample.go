package mcpadapter

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// example returns valid arguments for a call like the one that was refused: what the tool requires, and what the
// problems are about, in the variant that was chosen or else the first. It is made of the schema alone, as what the
// caller sent may be secret. It is nil if nothing that is made so passes the check.
func (t *tool) example(args map[string]any, problems []Problem) json.RawMessage {
	for _, shown := range []map[string]bool{places(problems), {}} {
		e := sampler{shown: shown, hidden: map[string]bool{}}
		text := e.arguments(t.input, args)
		parsed, err := parseArguments(text, value.Parse)
		if err != nil {
			continue
		}
		split, problems := t.input.split(parsed)
		if len(problems) > 0 {
			continue
		}
		if _, err := t.arguments(split); err == nil {
			return text
		}
	}
	return nil
}

// sampler writes JSON values that schemas accept. Places are the paths of arguments without the indexes of items.
type sampler struct {
	shown  map[string]bool // places that are not required
	hidden map[string]bool // places to leave out nevertheless
}

// places lists the arguments that problems are about and those that their names may be misspelt for, with all that
// leads there.
func places(problems []Problem) map[string]bool {
	found := map[string]bool{}
	for _, p := range problems {
		at := withoutIndexes(strings.TrimPrefix(p.Argument, "the name "))
		parent := at[:max(0, strings.LastIndexByte(at, '.'))]
		for _, name := range p.Nearest {
			found[join(parent, name)] = true
		}
		for at := range strings.SplitSeq(at, ", ") {
			for ; at != ""; at = at[:max(0, strings.LastIndexByte(at, '.'))] {
				found[at] = true
			}
		}
	}
	return found
}

// withoutIndexes takes [0] and the like out of an argument's path.
func withoutIndexes(path string) string {
	var kept strings.Builder
	for i, part := range strings.Split(path, "[") {
		if index, rest, ok := strings.Cut(part, "]"); i > 0 && ok && value.IsDigits(index) {
			part = rest
		} else if i > 0 {
			part = "[" + part
		}
		kept.WriteString(part)
	}
	return kept.String()
}

// arguments writes flat arguments in the order in which they are published.
func (e *sampler) arguments(in *input, args map[string]any) json.RawMessage {
	for _, group := range in.exclusive {
		e.choose(in, group, args)
	}
	for name := range in.known {
		e.hidden[name] = !e.shown[name]
	}
	values := map[string]string{}
	for _, p := range in.root.Properties {
		if (in.params[p.Name] != "" || !in.flat) && e.needs(p, "") {
			values[p.Name] = e.value(p.Schema, args[p.Name], p.Name, 0)
		}
	}
	if in.flat {
		body := e.variant(in.body, args)
		if in.required || slices.ContainsFunc(body.Properties, func(p value.Property) bool { return e.shown[p.Name] }) {
			for _, p := range body.Properties {
				if e.needs(p, "") {
					values[p.Name] = e.value(p.Schema, args[p.Name], p.Name, 0)
				}
			}
		}
	}
	b := []byte{'{'}
	for _, p := range in.root.Properties {
		if text, ok := values[p.Name]; ok {
			b = jsontext.AppendMember(b, p.Name, text)
		}
	}
	return append(b, '}')
}

// choose shows the fields of one variant of an exclusive group and hides the others.
func (e *sampler) choose(in *input, group optable.Exclusive, args map[string]any) {
	prefix, fields := "", args
	if in.root.Property(group.Variants[0].Fields[0]) == nil {
		prefix = wholeBody
		fields, _ = args[wholeBody].(map[string]any)
	}
	chosen := slices.IndexFunc(group.Variants, func(v optable.Variant) bool {
		return slices.ContainsFunc(v.Fields, func(name string) bool {
			_, given := fields[name]
			return given || e.shown[join(prefix, name)]
		})
	})
	for _, v := range group.Variants {
		for _, name := range v.Fields {
			e.hidden[join(prefix, name)] = true
		}
	}
	if chosen < 0 && group.Optional {
		return
	}
	v := group.Variants[max(chosen, 0)]
	for _, name := range v.Fields {
		at := join(prefix, name)
		delete(e.hidden, at)
		if _, given := fields[name]; given || !slices.Contains(v.Optional, name) {
			e.shown[at], e.shown[prefix] = true, true
		}
	}
}

func (e *sampler) needs(p value.Property, at string) bool {
	at = join(at, p.Name)
	return (p.Required || e.shown[at]) && !e.hidden[at]
}

// variant returns the object that the given one chooses in a union, or the first. Others are as they are.
func (e *sampler) variant(s *value.Schema, given any) *value.Schema {
	if s.Union == nil || len(s.Union.Variants) == 0 {
		return s
	}
	chosen := s.Union.Variants[0]
	if object, ok := given.(map[string]any); ok {
		for _, v := range s.Union.Variants {
			if v.Value == object[s.Union.Property] {
				chosen = v
			}
		}
	}
	return chosen.Schema.WithConst(s.Union.Property, chosen.Value)
}

const (
	sampleItemDepth = 8  // from here on arrays and maps are as short as may be, as they may hold themselves
	sampleDepth     = 32 // from here on nothing is valid, as schemas require themselves without end
)

// value writes a value of the schema, or nothing if there is none but null. What is given there chooses the variants of
// unions.
func (e *sampler) value(s *value.Schema, given any, at string, depth int) string {
	if s.Within != nil && depth < sampleDepth {
		return e.value(s.Within, given, at, depth+1)
	}
	if len(s.Properties) == 0 && s.Union == nil {
		for _, text := range slices.Concat([]string{s.Example, s.Const}, s.Enum, []string{s.Default}) {
			if takes(s, text) {
				return text
			}
		}
	}
	if depth < sampleDepth {
		for _, a := range s.AnyOf {
			if text := e.value(a, given, at, depth+1); takes(s, text) {
				return text
			}
		}
	}
	switch types := s.AllTypes(); {
	case depth >= sampleDepth:
	case types.Has(optable.String):
		return sampleText(s, sampleOfName(at))
	case types.Has(optable.Object):
		return e.object(s, given, at, depth)
	case types.Has(optable.Array):
		return e.array(s, given, at, depth)
	case types.Has(optable.Integer | optable.Number):
		return sampleNumber(s)
	case types.Has(optable.Boolean):
		return strconv.FormatBool(true)
	}
	return ""
}

func (e *sampler) object(s *value.Schema, given any, at string, depth int) string {
	s = e.variant(s, given)
	object, _ := given.(map[string]any)
	b := []byte{'{'}
	n := 0
	for _, wanted := range []bool{true, false} { // what is needed, then whatever else makes up the number
		for _, p := range s.Properties {
			if e.needs(p, at) == wanted && (wanted || n < s.MinProperties && !e.hidden[join(at, p.Name)]) {
				b = jsontext.AppendMember(b, p.Name, e.value(p.Schema, object[p.Name], join(at, p.Name), depth+1))
				n++
			}
		}
	}
	least := s.MinProperties
	if s.Additional != nil && depth < sampleItemDepth {
		least = max(least, n+1)
	}
	for i := 0; n < least && !s.Closed; i, n = i+1, n+1 {
		value := `"example"`
		if s.Additional != nil {
			value = e.value(s.Additional, nil, at, depth+1)
		}
		b = jsontext.AppendMember(b, sampleName(s.PropertyNames, i), value)
	}
	return string(append(b, '}'))
}

// sampleName returns the i-th name of a map.
func sampleName(s *value.Schema, i int) string {
	name := "key"
	if i > 0 {
		name += strconv.Itoa(i + 1)
	}
	if s == nil {
		return name
	}
	text := sampleText(s, name)
	if len(s.Enum) > 0 {
		text = s.Enum[i%len(s.Enum)]
	}
	if json.Unmarshal([]byte(text), &name) != nil {
		return ""
	}
	return name
}

func (e *sampler) array(s *value.Schema, given any, at string, depth int) string {
	n := s.MinItems
	if depth < sampleItemDepth {
		n = max(n, 1)
	}
	var first any
	if list, ok := given.([]any); ok && len(list) > 0 {
		first = list[0]
	}
	items := make([]string, n)
	for i := range items {
		items[i] = `"example"`
		if s.Items != nil {
			items[i] = e.value(s.Items, first, at, depth+1)
		}
	}
	return "[" + strings.Join(items, ",") + "]"
}

// takes tells whether the schema accepts a JSON text that is more than null.
func takes(s *value.Schema, text string) bool {
	v, err := value.Parse([]byte(text))
	return err == nil && v != nil && value.Valid(s, v)
}

func join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}
