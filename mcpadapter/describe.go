package mcpadapter

import (
	"cmp"
	"slices"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
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
	var list []Argument
	for _, argument := range a.common {
		list = append(list, Argument(argument))
	}
	return list
}

// commonArguments counts the descriptions of the tools' arguments. It returns also those of the common ones that say
// more than the name of the argument.
func commonArguments(tools []*tool) (common, telling []schema.Argument) {
	counts, tells := map[schema.Argument]int{}, map[schema.Argument]bool{}
	for _, t := range tools {
		for _, p := range t.input.published().Properties {
			if text := p.Schema.Described(); text != "" {
				common := schema.Argument{Name: p.Name, Description: text}
				counts[common]++
				tells[common] = (schema.Style{Terse: true}).Under(p.Name).Adds(p.Schema.Description)
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
