package main

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// What the API cannot do is found by the words of an administrator, and by nothing that it can do.
func TestSearchNotesWhatTheAPICannotDo(t *testing.T) {
	for request, want := range map[string]string{
		"rotate the secret of our webhook":        "register a new endpoint",
		"rotate the signing key of our webhook":   "register a new endpoint",
		"can I force SSO for acme":                "SSO cannot be enforced by API",
		"show me failed webhook deliveries":       "not listed by API",
		"replay a webhook":                        "events.list",
		"suspend a user":                          "deactivate each membership",
		"create a feature flag":                   "in the dashboard",
		"create a directory for acme":             "intent dsync",
		"list webhooks":                           "",
		"delete a user":                           "",
		"enable the feature flag beta for acme":   "",
		"list feature flags":                      "",
		"deactivate bob's membership":             "",
		"create a membership for bob at acme":     "",
		"export the audit log of acme as CSV":     "",
		"update the name of an organization":      "",
		"delete the redirect URI of the old host": "",
	} {
		o := execute(t, nil, "", "tool", "search", request)
		note, _, _ := strings.Cut(o.stdout, "\n")
		if got := strings.HasPrefix(note, "note: "); got != (want != "") || !strings.Contains(note, want) {
			t.Errorf("%q: got %q, want %q", request, note, want)
		}
	}
}

// A limit that names an operation names one that exists.
func TestLimitsNameOperations(t *testing.T) {
	known := map[string]bool{}
	var limits []optable.Limit
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		known[op.ID] = true
		limits = append(limits, op.Limits...)
	}
	for _, set := range gen.Operations.Toolsets {
		limits = append(limits, set.Limits...)
	}
	if len(limits) < 20 {
		t.Errorf("got %d limits, want at least 20", len(limits))
	}
	for _, l := range limits {
		for _, name := range regexp.MustCompile(`[a-z_]+(\.[a-z_]+)+`).FindAllString(l.Text, -1) {
			if !known[name] {
				t.Errorf("%q names the unknown operation %s", l.Text, name)
			}
		}
	}
}

// What goes with a resource is listed by an operation that takes its ID, and what names it is in the response.
func TestLookupsAreOfTheTable(t *testing.T) {
	operations := map[string]*optable.Operation{}
	for i := range gen.Operations.Operations {
		operations[gen.Operations.Operations[i].ID] = &gen.Operations.Operations[i]
	}
	has := func(op *optable.Operation, parameter string) bool {
		return op != nil && slices.ContainsFunc(op.Parameters, func(p optable.Parameter) bool { return p.Name == parameter })
	}
	lookups := 0
	for id, op := range operations {
		for _, r := range op.GoesWith {
			if list := operations[r.Operation]; !has(list, r.Argument) || !has(op, r.From) || list.Method != http.MethodGet {
				t.Errorf("%s: %+v is not a list of the table", id, r)
			}
		}
		if len(op.Lookup) == 0 {
			continue
		}
		lookups++
		response := op.Responses[0].Schema
		if response.Ref != "" {
			response = gen.Operations.Schema(response.Ref)
		}
		for _, field := range op.Lookup {
			if response.Property(field) == nil {
				t.Errorf("%s: the response has no %s", id, field)
			}
		}
	}
	if lookups < 8 {
		t.Errorf("got %d lookups, want at least 8", lookups)
	}
}
