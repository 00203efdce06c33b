package optest

import (
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// bodyNames returns the argument for each property of a body whose properties stand beside the parameters, or nothing
// if the body is one argument instead. A property has its own name, unless a parameter has that: then one that begins
// with the noun of the collection at the end of the path (permission_slug for …/permissions), or with new if the path
// ends with a parameter, or else with body. A property that excludes others has its own name or none.
func bodyNames(path string, parameters, properties []string, groups []exclusiveGroup) map[string]string {
	last := path[strings.LastIndexByte(path, '/')+1:]
	noun := strings.ReplaceAll(strings.TrimSuffix(last, "s"), "-", "_")
	if strings.HasPrefix(last, "{") {
		noun = "new"
	}
	taken := slices.Concat(parameters, properties)
	arguments := map[string]string{}
	for _, name := range properties {
		arguments[name] = name
		if !slices.Contains(parameters, name) {
			continue
		}
		free := without([]string{noun + "_" + name, "body_" + name}, taken)
		if len(free) == 0 || (form{groups: groups}).grouped(name) {
			return nil
		}
		arguments[name] = free[0]
	}
	return arguments
}

// bodyArguments is bodyNames for the body of an operation of the table.
func bodyArguments(op *optable.Operation) map[string]string {
	var parameters []string
	for _, p := range op.Parameters {
		parameters = append(parameters, p.Name)
	}
	var groups []exclusiveGroup
	for _, e := range op.Exclusive {
		group := exclusiveGroup{Variants: map[string][]string{}}
		for _, v := range e.Variants {
			group.Variants[v.Name] = v.Fields
		}
		groups = append(groups, group)
	}
	return bodyNames(op.Path, parameters, propertyNames(Component(op.Body.Schema)), groups)
}

// Argument returns the argument for a property of a flat body.
func Argument(op *optable.Operation, property string) string {
	if argument := bodyArguments(op)[property]; argument != "" {
		return argument
	}
	return property // of a variant
}

// Property returns the property of a flat body that an argument is for.
func Property(op *optable.Operation, argument string) string {
	for property, name := range bodyArguments(op) {
		if name == argument {
			return property
		}
	}
	return argument
}

// WholeBody reports whether the body of an operation stands under the one argument "body": it takes arbitrary
// properties, or shares the name of one with a parameter and has no other name for it.
func WholeBody(op *optable.Operation) bool {
	return op.Body != nil && len(Component(op.Body.Schema).Composed().OneOf) == 0 && len(bodyArguments(op)) == 0
}

// MayBeEmpty reports whether {} is a body of an operation. It is sent in place of one that is left out.
func MayBeEmpty(op *optable.Operation) bool {
	body := Component(op.Body.Schema)
	return body.Types == optable.Object && len(body.Composed().OneOf) == 0 && body.Constrained().MinProperties == 0 &&
		!slices.ContainsFunc(body.Properties, func(p optable.Property) bool { return p.Required })
}
