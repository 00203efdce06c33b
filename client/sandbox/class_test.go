package sandbox_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	operationsPage  = "../../docs/sandbox-operations.md"
	differencesFile = "testdata/differences.txt"
)

// The page says of each operation what the code does with it. After a change of that, run
//
//	go test ./client/sandbox -run OperationsPage -update
func TestOperationsPage(t *testing.T) {
	t.Parallel()
	classes, counts := sandbox.Classes(), map[string]int{}
	different := differences(t)
	var rows strings.Builder
	for i := range gen.Operations.Operations {
		id := gen.Operations.Operations[i].ID
		counts[classes[id]]++
		fmt.Fprintf(&rows, "| `%s` | %s | %s |\n", id, classes[id], different[id])
		delete(different, id)
	}
	for id := range different {
		t.Errorf("%s: %s is no operation", differencesFile, id)
	}
	page := fmt.Sprintf(`# What the sandbox does with each operation

Generated from the rules of the code.

- behavior (%d): it has rules of its own, or the moves, refusals and unique values that the API documents
- generic (%d): it makes, gets, lists, changes or deletes things, as its method, path and schemas say
- placeholder (%d): it returns a valid example and stores nothing

The last column says what is known to differ from WorkOS, as far as public documentation tells.

| operation | class | difference |
|---|---|---|
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

// differences reads what is known to differ from WorkOS, by operation.
func differences(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(differencesFile)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for line := range strings.Lines(string(text)) {
		id, difference, ok := strings.Cut(strings.TrimSpace(line), "\t")
		switch {
		case strings.HasPrefix(line, "#"):
		case !ok || difference == "" || found[id] != "":
			t.Errorf("%s: %q: want an operation, once, a tab and what differs", differencesFile, line)
		default:
			found[id] = difference
		}
	}
	return found
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
