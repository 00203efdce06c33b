package gen_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// Programs and prompts call these names; they must not change.
func TestNamesInUseStay(t *testing.T) {
	t.Parallel()
	names, err := os.ReadFile("../examples/workos-mcp/testdata/established-names.txt")
	if err != nil {
		t.Fatal(err)
	}
	count := 0
	for name := range strings.FieldsSeq(string(names)) {
		count++
		if !slices.ContainsFunc(gen.Operations.Operations, func(op optable.Operation) bool { return op.ID == name }) {
			t.Errorf("no operation is called %s", name)
		}
	}
	if count != 60 {
		t.Errorf("the list has %d names, want 60", count)
	}
}
