package gen_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/internal/optest"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// operationCount is how many operations the API has.
const operationCount = 263

func TestTableHasEveryOperation(t *testing.T) {
	t.Parallel()
	if got := len(gen.Operations.Operations); got != operationCount {
		t.Errorf("operations: got %d, want %d", got, operationCount)
	}
}

func TestNamesFollowFromMethodAndPath(t *testing.T) {
	t.Parallel()
	want := namesByRule(gen.Operations.Operations)
	for i, op := range gen.Operations.Operations {
		if op.ID != want[i] {
			t.Errorf("%s %s: got the name %s, want %s", op.Method, op.Path, op.ID, want[i])
		}
	}
}

func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, op := range gen.Operations.Operations {
		at := op.Method + " " + op.Path
		if other, taken := seen[optest.Fold(op.ID)]; taken {
			t.Errorf("%s: got the name %s, which in Go is that of %s", at, op.ID, other)
		}
		seen[optest.Fold(op.ID)] = at
	}
}

func TestNamesAreValidToolNames(t *testing.T) {
	t.Parallel()
	// MCP revision 2025-11-25, server/tools, "Tool Names"; lower case and no hyphens is our own rule.
	valid := regexp.MustCompile(`^[a-z0-9_]+(\.[a-z0-9_]+)+$`)
	for _, op := range gen.Operations.Operations {
		if len(op.ID) > 128 || !valid.MatchString(op.ID) {
			t.Errorf("name %q of %d characters: want at most 128 that match %s", op.ID, len(op.ID), valid)
		}
	}
}

// namesByRule works out the name of each operation anew: the static segments of the path joined by dots, hyphens as
// underscores, version segments dropped, and a verb. Of two operations that would get one name, the one with fewer
// path parameters carries by_<its last path parameter> before the verb.
func namesByRule(operations []optable.Operation) []string {
	most := map[string]int{}
	for i := range operations {
		name := strings.Join(append(segments(&operations[i]), verb(&operations[i])), ".")
		most[name] = max(most[name], len(optest.PathNames(operations[i].Path)))
	}
	names := make([]string, len(operations))
	for i := range operations {
		op := &operations[i]
		parts, params := segments(op), optest.PathNames(op.Path)
		if len(params) > 0 && len(params) < most[strings.Join(append(parts, verb(op)), ".")] {
			parts = append(parts, "by_"+params[len(params)-1])
		}
		names[i] = strings.Join(append(parts, verb(op)), ".")
	}
	return names
}

// segments are the static segments of the path as they stand in a name.
func segments(op *optable.Operation) []string {
	version := regexp.MustCompile(`^v[0-9]+$`)
	var list []string
	for segment := range strings.SplitSeq(strings.TrimPrefix(op.Path, "/"), "/") {
		if !strings.HasPrefix(segment, "{") && !version.MatchString(segment) {
			list = append(list, strings.ReplaceAll(segment, "-", "_"))
		}
	}
	return slices.Clip(list)
}

func verb(op *optable.Operation) string {
	switch op.Method {
	case http.MethodGet:
		for _, a := range op.Responses {
			if a.Status == http.StatusOK && a.Schema != nil && optest.IsCollection(a.Schema) {
				return "list"
			}
		}
		return "get"
	case http.MethodPost:
		return "create"
	case http.MethodPut, http.MethodPatch:
		return "update"
	case http.MethodDelete:
		return "delete"
	}
	return "no verb for " + op.Method
}
