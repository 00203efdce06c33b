package optest

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Instance is arguments of an operation with at most one defect.
type Instance struct {
	Class Class
	At    string // the argument that is wrong, or at a limit
	Text  json.RawMessage
}

// instances makes arguments for one operation, each of them once, the same in each run.
type instances struct {
	maker

	tb    testing.TB
	forms []form
	seen  map[string]bool
	list  []Instance
}

// leastInstances is how many an operation has, however few its arguments.
const leastInstances = 24

// Instances makes arguments for one operation: valid ones, and ones with each defect at each place. They are the same
// in each run.
func (d *Description) Instances(tb testing.TB, id string) []Instance {
	tb.Helper()
	hash := fnv.New64a()
	fmt.Fprint(hash, id)
	g := &instances{
		maker: maker{rand.New(rand.NewPCG(1, hash.Sum64())), d},
		tb:    tb, forms: d.formsOf(tb, id), seen: map[string]bool{},
	}
	for _, f := range g.forms {
		for choice := range max(1, mostVariants(f.groups)) {
			g.form(f, choice)
		}
	}
	for n := 0; len(g.list) < leastInstances; n++ {
		f := g.forms[n%len(g.forms)]
		arguments := g.some(f)
		g.add(Valid, "", arguments)
		name := "no_such_" + strconv.Itoa(n)
		arguments[name] = n
		g.add(unknownName, name, arguments)
	}
	return g.list
}

func mostVariants(groups []exclusiveGroup) int {
	most := 0
	for _, group := range groups {
		most = max(most, len(group.Variants))
	}
	return most
}

func (g *instances) add(c Class, at string, arguments map[string]any) {
	text := Encode(g.tb, arguments)
	if !g.seen[string(text)] {
		g.seen[string(text)] = true
		g.list = append(g.list, Instance{c, at, text})
	}
}

// full makes arguments with all that goes together; of the variants of each exclusive group, one.
func (g *instances) full(f form, choice int) map[string]any {
	arguments := g.object(f.schema)
	for _, group := range f.groups {
		names := slices.Sorted(maps.Keys(group.Variants))
		chosen := group.Variants[names[choice%len(names)]]
		for _, fields := range group.Variants {
			for _, name := range without(fields, chosen) {
				delete(arguments, name)
			}
		}
	}
	return arguments
}

// some makes valid arguments of which those that are optional may be missing.
func (g *instances) some(f form) map[string]any {
	arguments := g.full(f, g.IntN(2))
	for _, name := range slices.Sorted(maps.Keys(arguments)) {
		if !slices.Contains(textsOf(f.schema["required"]), name) && !f.grouped(name) && g.IntN(2) == 0 {
			delete(arguments, name)
		}
	}
	return arguments
}

func (f form) grouped(name string) bool {
	return slices.ContainsFunc(f.groups, func(group exclusiveGroup) bool {
		return slices.ContainsFunc(slices.Collect(maps.Values(group.Variants)), func(fields []string) bool {
			return slices.Contains(fields, name)
		})
	})
}

// form adds what can be made of one form: valid arguments, and each defect at each place.
func (g *instances) form(f form, choice int) {
	arguments := g.full(f, choice)
	add := func(c Class, at string) {
		switch {
		case c == missingName && g.d.propertiesOf(f.schema)[at] != nil && !g.always(at):
			c = variantMissing
		case c == nullValue && g.elsewhereNull(at):
			c = variantNull
		}
		g.add(c, at, arguments)
	}
	add(Valid, "")
	g.within(f.schema, arguments, "", f, add)
	for range 3 {
		g.add(Valid, "", g.some(f))
	}
	for _, other := range g.forms {
		properties := g.d.propertiesOf(other.schema)
		for _, name := range slices.Sorted(maps.Keys(properties)) {
			if g.d.propertiesOf(f.schema)[name] == nil {
				arguments[name] = g.value(properties[name])
				add(variantName, name)
				delete(arguments, name)
			}
		}
	}
	for _, name := range f.path {
		g.segments(name, arguments)
	}
	for _, group := range f.groups {
		g.group(f, group, arguments)
	}
}

// always reports whether every form requires an argument.
func (g *instances) always(name string) bool {
	return !slices.ContainsFunc(g.forms, func(f form) bool {
		return !slices.Contains(textsOf(f.schema["required"]), name)
	})
}

// elsewhereNull reports whether some form takes null for an argument.
func (g *instances) elsewhereNull(name string) bool {
	return slices.ContainsFunc(g.forms, func(f form) bool {
		return slices.Contains(typeList(g.d.propertiesOf(f.schema)[name]), "null")
	})
}

// within visits the names of an object and what is under them: puts something else there, adds the arguments, and puts
// back what was there.
func (g *instances) within(s Keywords, object map[string]any, at string, f form, add func(Class, string)) {
	properties := g.d.propertiesOf(s)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		place, value := strings.TrimPrefix(at+"."+name, "."), object[name]
		inner := properties[name]
		if inner == nil {
			inner = g.d.nested(s, "additionalProperties")
		}
		if inner == nil {
			continue
		}
		g.each(inner, value, place, func(v any) { object[name] = v }, add)
		if properties[name] == nil || at == "" && f.grouped(name) {
			continue
		}
		delete(object, name)
		if slices.Contains(textsOf(s["required"]), name) {
			add(missingName, place)
		} else {
			add(Valid, place)
		}
		g.misspell(s, object, name, value, func(c Class, ending string) {
			if at != "" {
				c = unknownName // only arguments may be spelt otherwise
			}
			add(c, place+ending)
		})
		object[name] = value
	}
	if len(properties) == 0 && s["additionalProperties"] != false {
		return // any name goes
	}
	for _, name := range []string{"no_such_argument", "", "x.y"} {
		object[name] = "x"
		add(unknownName, at+"."+name)
		delete(object, name)
	}
}

// misspell puts a value under names that are not its own: one with another letter, and one of the same words.
func (g *instances) misspell(s Keywords, object map[string]any, name string, value any, add func(Class, string)) {
	if slices.Contains(textsOf(s["required"]), name) {
		return // which would be missing as well
	}
	for _, c := range []Class{unknownName, otherSpelling} {
		ending := "x"
		if c == otherSpelling {
			ending = "_"
		}
		if g.d.propertiesOf(s)[name+ending] == nil {
			object[name+ending] = value
			add(c, ending)
			delete(object, name+ending)
		}
	}
}

// each visits one value.
func (g *instances) each(s Keywords, value any, at string, set func(any), add func(Class, string)) {
	for _, edge := range g.edges(s) {
		if g.isSegment(at) && edge == "" {
			continue
		}
		set(edge)
		add(Valid, at)
	}
	for _, wrong := range g.defects(s) {
		set(wrong.value)
		add(wrong.class, at)
	}
	set(value)
	switch value := value.(type) {
	case map[string]any:
		g.within(s, value, at, form{}, add)
	case []any:
		for i := range value[:min(1, len(value))] {
			g.each(g.d.nested(s, "items"), value[i], at+"["+strconv.Itoa(i)+"]", func(v any) { value[i] = v }, add)
		}
	}
}

func (g *instances) isSegment(name string) bool { return slices.Contains(g.forms[0].path, name) }

// segments adds path values that would lead elsewhere (RFC 3986 section 5.2.4).
func (g *instances) segments(name string, arguments map[string]any) {
	if g.d.propertiesOf(g.forms[0].schema)[name]["enum"] != nil { // which the schema refuses already
		return
	}
	value := arguments[name]
	defer func() { arguments[name] = value }()
	arguments[name] = ""
	g.add(emptySegment, name, arguments)
	for _, dots := range []string{".", "..", "../x", `a\..\b`} {
		arguments[name] = dots
		g.add(dotSegment, name, arguments)
	}
}

// group adds what can be given of an exclusive group.
func (g *instances) group(f form, group exclusiveGroup, arguments map[string]any) {
	arguments = maps.Clone(arguments)
	properties := g.d.propertiesOf(f.schema)
	variants := slices.Sorted(maps.Keys(group.Variants)) // the same order in each run
	var names []string
	for _, variant := range variants {
		names = append(names, group.Variants[variant]...)
	}
	put := func(fields []string) {
		for _, name := range names {
			delete(arguments, name)
		}
		for _, name := range fields {
			arguments[name] = g.value(properties[name])
		}
	}
	put(nil)
	if group.Optional {
		g.add(Valid, "", arguments)
	} else {
		g.add(groupMissing, "", arguments)
	}
	for _, variant := range variants {
		fields := group.Variants[variant]
		put(fields)
		g.add(Valid, "", arguments)
		for _, name := range fields {
			left := without(fields, []string{name})
			put(left)
			switch {
			case len(left) == 0:
			case slices.Contains(group.OptionalFields[variant], name):
				g.add(Valid, name, arguments)
			default:
				g.add(groupIncomplete, name, arguments)
			}
		}
		for _, other := range variants {
			if more := group.Variants[other]; other != variant {
				put(slices.Concat(fields, more))
				g.add(groupBoth, more[0], arguments)
			}
		}
	}
}
