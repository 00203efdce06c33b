package sandbox_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
)

const operationsPage = "../../docs/sandbox-operations.md"

// The page says of each operation what the code does with it. After a change of that, run
//
//	go test ./client/sandbox -run OperationsPage -update
func TestOperationsPage(t *testing.T) {
	t.Parallel()
	classes, counts := sandbox.Classes(), map[string]int{}
	var rows strings.Builder
	for i := range gen.Operations.Operations {
		id := gen.Operations.Operations[i].ID
		counts[classes[id]]++
		fmt.Fprintf(&rows, "| `%s` | %s |\n", id, classes[id])
	}
	page := fmt.Sprintf(`# What the sandbox does with each operation

Generated from the rules of the code.

- behavior (%d): it has rules of its own, or the moves, refusals and unique values that the API documents
- generic (%d): it makes, gets, lists, changes or deletes things, as its method, path and schemas say
- placeholder (%d): it returns a valid example and stores nothing

| operation | class |
|---|---|
`, counts["behavior"], counts["generic"], counts["placeholder"]) + rows.String()
	if *update {
		if err := os.WriteFile(operationsPage, []byte(page), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(operationsPage)
	if err != nil || string(text) != page {
		t.Errorf("%s is not what the code does (%v); run this test with -update", operationsPage, err)
	}
}

// A placeholder stores nothing: what it is called cannot hide a rule.
func TestPlaceholdersStoreNothing(t *testing.T) {
	t.Parallel()
	classes := sandbox.Classes()
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		if classes[op.ID] != "placeholder" {
			continue
		}
		sb, w := furnished(t)
		target, body := w.target(op), w.body(op)
		before := sandbox.Content(sb)
		send(t, sb, op.Method, target, body)
		if changed := changes(before, sandbox.Content(sb)); len(changed) > 0 {
			t.Errorf("%s: got %q, want no change", op.ID, changed)
		}
	}
}
