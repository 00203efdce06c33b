package mcpadapter

import (
	"encoding/json"
	"slices"
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
		e := exampler{args: args, shown: shown}
		text := e.arguments(t.input())
		parsed, err := parseArguments(text, value.Parse)
		if err != nil {
			continue
		}
		split, problems := t.input().split(parsed)
		if len(problems) > 0 {
			continue
		}
		if _, err := t.goArguments(split); err == nil {
			return text
		}
	}
	return nil
}

// exampler writes example arguments. Places are the paths of arguments without the indexes of items.
type exampler struct {
	args   map[string]any  // as given, to choose the variants of unions
	shown  map[string]bool // places that are not required
	hidden map[string]bool // places to leave out nevertheless

	everything bool // show all places
}

// places lists the arguments that problems are about and those that their names may be misspelt for, with all that
// leads there.
func places(problems []Problem) map[string]bool {
	found := map[string]bool{}
	for _, p := range problems {
		at := withoutIndexes(strings.TrimPrefix(p.Argument, "the name "))
		parent := at[:max(0, strings.LastIndexByte(at, '.'))]
		for _, name := range p.Nearest {
			found[jsontext.Join(parent, name)] = true
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

// arguments writes flat arguments in the order in which they are published. They are not valid where nothing valid is
// known of a required one.
func (e *exampler) arguments(in *input) json.RawMessage {
	e.hidden = map[string]bool{}
	for _, group := range in.exclusive {
		e.choose(in, group)
	}
	for name := range in.knownValues {
		e.hidden[name] = !e.shown[name]
	}
	m := &value.Sampler{Include: e.include, Variant: e.variant}
	values := map[string]json.RawMessage{}
	add := func(p value.Property) {
		at := value.Step{Name: p.Name}
		if e.include(value.Path{at}, &p) == value.Always {
			values[p.Name] = m.Sample(p.Schema, at)
		}
	}
	for _, p := range in.root.Properties {
		if in.locations[p.Name] != "" || !in.flat {
			add(p)
		}
	}
	if in.flat {
		body := m.Chosen(in.body)
		if in.required || e.everything ||
			slices.ContainsFunc(body.Properties, func(p value.Property) bool { return e.shown[p.Name] }) {
			for _, p := range body.Properties {
				add(p)
			}
		}
	}
	b := []byte{'{'}
	for _, p := range in.root.Properties {
		if text := values[p.Name]; text != nil {
			b = jsontext.AppendMember(b, p.Name, string(text))
		}
	}
	return append(b, '}')
}

// choose shows the fields of one variant of an exclusive group and hides the others.
func (e *exampler) choose(in *input, group optable.Exclusive) {
	if e.shown == nil {
		e.shown = map[string]bool{}
	}
	prefix, fields := "", e.args
	if in.root.Property(group.Variants[0].Fields[0]) == nil {
		prefix = wholeBody
		fields, _ = e.args[wholeBody].(map[string]any)
	}
	chosen := slices.IndexFunc(group.Variants, func(v optable.Variant) bool {
		return slices.ContainsFunc(v.Fields, func(name string) bool {
			_, given := fields[name]
			return given || e.shown[jsontext.Join(prefix, name)]
		})
	})
	for _, v := range group.Variants {
		for _, name := range v.Fields {
			e.hidden[jsontext.Join(prefix, name)] = true
		}
	}
	if chosen < 0 && group.Optional {
		return
	}
	v := group.Variants[max(chosen, 0)]
	for _, name := range v.Fields {
		at := jsontext.Join(prefix, name)
		delete(e.hidden, at)
		if _, given := fields[name]; given || !slices.Contains(v.Optional, name) {
			e.shown[at], e.shown[prefix] = true, true
		}
	}
}

// include shows what is required and what the problems are about, but for what is hidden.
func (e *exampler) include(at value.Path, p *value.Property) value.Inclusion {
	switch place := placeOf(at); {
	case e.hidden[place]:
		return value.Never
	case p.Required || e.everything || e.shown[place]:
		return value.Always
	}
	return value.IfNeeded
}

// variant chooses the variant of a union that the arguments chose, or the first.
func (e *exampler) variant(at value.Path, u *value.Union) *value.Variant {
	given := any(e.args)
	for _, step := range at {
		switch step.To {
		case value.ToItem: // the first item speaks for all
			list, _ := given.([]any)
			if len(list) == 0 {
				return nil
			}
			given = list[0]
		case value.ToProperty, value.ToName:
			object, _ := given.(map[string]any)
			given = object[step.Name]
		}
	}
	object, _ := given.(map[string]any)
	for i := range u.Variants {
		if u.Variants[i].Value == object[u.Property] {
			return &u.Variants[i]
		}
	}
	return nil
}

// placeOf returns a path without the indexes of items.
func placeOf(at value.Path) string {
	place := ""
	for _, step := range at {
		if step.To != value.ToItem {
			place = jsontext.Join(place, step.Name)
		}
	}
	return place
}
