package mcpadapter

import (
	"cmp"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
)

// sharedBy is how many tools must have an argument of the same name and description for the description to be told
// once, by CommonArguments, and not in each of them.
const sharedBy = 10

// Argument is an argument that many tools have.
type Argument struct {
	Name        string
	Description string
}

// WithTerseSchemas leaves out of the published schemas every description that says no more than the names around it,
// and those that [Adapter.CommonArguments] lists. A list of tools is read whole, again and again. Without this option
// every description stands where it belongs.
func WithTerseSchemas() Option {
	return func(o *options) error {
		o.terse = true
		return nil
	}
}

// CommonArguments lists the arguments that at least ten tools have with the same description, by how many have them.
// A server whose schemas are terse tells them once, in its instructions. Without [WithTerseSchemas] there are none.
func (a *Adapter) CommonArguments() []Argument {
	return slices.Clone(a.common)
}

// commonArguments counts the descriptions of the tools' arguments. It returns also those of the common ones that say
// more than the name of the argument.
func commonArguments(tools []*tool) (common, telling []Argument) {
	counts, tells := map[Argument]int{}, map[Argument]bool{}
	for _, t := range tools {
		for _, p := range t.input.published().Properties {
			if text := p.Schema.Described(); text != "" {
				argument := Argument{p.Name, text}
				counts[argument]++
				tells[argument] = (words{terse: true}).under(p.Name).adds(p.Schema.Description)
			}
		}
	}
	for argument, n := range counts {
		if n >= sharedBy {
			common = append(common, argument)
		}
	}
	slices.SortFunc(common, func(x, y Argument) int {
		return cmp.Or(cmp.Compare(counts[y], counts[x]), cmp.Compare(x.Name, y.Name),
			cmp.Compare(x.Description, y.Description))
	})
	telling = slices.DeleteFunc(slices.Clone(common), func(argument Argument) bool { return !tells[argument] })
	return common, telling
}

// words decides which descriptions a published schema carries: those that say more than the names around them. The zero
// value keeps them all.
type words struct {
	common []Argument
	name   string   // of the property that the description is of
	known  []string // words of the tool's name and of the properties that lead to the description
	terse  bool

	profile Profile // of the schema, in which descriptions say what has no keyword
}

// under is what is known at a property, or at the root of a tool's input.
func (w words) under(name string) words {
	if w.name = name; w.terse {
		w.known = append(slices.Clip(w.known), phrase.Singulars(name)...)
	}
	return w
}

// worth returns the description of a schema, or "" if it stands elsewhere or adds nothing to the names around it. The
// prefix of an ID adds nothing either: it is the same everywhere.
func (w words) worth(s *value.Schema) string {
	text := s.Described()
	if w.terse && (slices.Contains(w.common, Argument{w.name, text}) || !w.adds(s.Description) && s.Replacement == "") {
		return ""
	}
	return text
}

// adds reports whether a description has a word that the names around it lack.
func (w words) adds(description string) bool {
	return slices.ContainsFunc(phrase.Singulars(strings.ReplaceAll(description, "'s ", " ")), func(word string) bool {
		return !slices.Contains(w.known, word) && !strings.Contains(idle, " "+word+" ")
	})
}

// idle words add nothing to the names beside them.
const idle = " a an and are as at be by for from get give ha id in is it its list new of on one only or own slug " +
	"that the their them these thi those to uri url use value whether whose which with you your "
