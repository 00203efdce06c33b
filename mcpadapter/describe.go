package mcpadapter

import (
	"cmp"
	"slices"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
)

// sharedBy is how many tools must have an argument with the same name and description for the description to move to
// CommonArguments.
const sharedBy = 10

// Argument is an argument of many tools.
type Argument struct {
	Name        string
	Description string
}

// WithTerseSchemas omits from published schemas every description that adds nothing to the names around it, those that
// [Adapter.CommonArguments] lists, with their defaults, and the prefixes of IDs. In [ProfileStandard] it also omits
// "additionalProperties": false from objects with properties, writes true for those that accept others, and writes a
// long enum as a pattern;
// [Adapter.Guide] says so once. A model reads the whole list of tools with every request. Without this option all of
// that stays in the schemas.
func WithTerseSchemas() Option {
	return func(o *options) error {
		o.terse = true
		return nil
	}
}

// CommonArguments returns the arguments that at least ten tools have with the same description, most frequent first. A
// server with terse schemas describes them once, in its instructions. Without [WithTerseSchemas] there are none.
func (a *Adapter) CommonArguments() []Argument {
	list := slices.Grow([]Argument(nil), len(a.common))
	for _, argument := range a.common {
		list = append(list, Argument{argument.Name, argument.Described()})
	}
	return list
}

// commonArguments returns the common arguments of the tools, and those of them whose description adds to the name.
func commonArguments(tools []*tool) (common, telling []schema.Argument) {
	counts, tells := map[schema.Argument]int{}, map[schema.Argument]bool{}
	for _, t := range tools {
		for _, p := range t.input.published().Properties {
			if text := p.Schema.Described(); text != "" {
				common := schema.Argument{Name: p.Name, Description: text, Default: p.Schema.Default}
				counts[common]++
				tells[common] = (schema.Style{Terse: true}).Under(p.Name).Adds(p.Schema.Description) && !t.guided(p.Name)
			}
		}
	}
	for candidate, n := range counts {
		if n >= sharedBy {
			common = append(common, candidate)
		}
	}
	slices.SortFunc(common, func(x, y schema.Argument) int {
		return cmp.Or(cmp.Compare(counts[y], counts[x]), cmp.Compare(x.Name, y.Name),
			cmp.Compare(x.Description, y.Description))
	})
	telling = slices.DeleteFunc(slices.Clone(common), func(a schema.Argument) bool { return !tells[a] })
	return common, telling
}
