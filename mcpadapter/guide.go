package mcpadapter

import (
	"context"
	"strings"
)

// Guide tells a model once what holds for many tools: what the filters of the context permit, what a person confirms,
// and what the arguments of [Adapter.CommonArguments] mean where their names do not tell; with dynamic, also how to go
// from a wish to a call with [Adapter.DynamicTools]. A server makes it part of its instructions. It is "" where there
// is nothing to tell, and ends in a line break.
func (a *Adapter) Guide(ctx context.Context, dynamic bool) string {
	var b strings.Builder
	if dynamic {
		b.WriteString("Find operations with " + searchTool + ", see their arguments with " + describeTool + ", call them " +
			"with the tool in their call_with. The resource " + CatalogueURI + " names them all.\n")
	}
	var rules []string
	for _, f := range a.engine.filtersIn(ctx) {
		rules = append(rules, f.rules()...)
	}
	if rules != nil {
		b.WriteString("Permitted here: " + strings.Join(rules, "; ") + ". No call can lift that.\n")
	}
	if confirmed := max(a.engine.confirmation.Policy, requiredConfirmation(ctx)); confirmed != ConfirmNone {
		what := "destructive operations and those that send email"
		if confirmed == ConfirmWrites {
			what = "every operation that changes something"
		}
		b.WriteString("A person confirms " + what + " before they are sent.\n")
	}
	heading := "Arguments of many tools:\n"
	for _, argument := range a.telling {
		b.WriteString(heading + "- " + argument.Name + ": " + argument.Description + "\n")
		heading = ""
	}
	return b.String()
}
