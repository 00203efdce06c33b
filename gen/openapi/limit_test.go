package openapi_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/openapi"
)

func TestHostileDocumentsAreBounded(t *testing.T) {
	t.Parallel()
	// multiplied has aliases that stand for ten of the one before each.
	multiplied := func(first, format string) string {
		var b strings.Builder
		fmt.Fprintf(&b, "    X0: &x0 %s\n", first)
		for i := range 9 {
			fmt.Fprintf(&b, "    X%d: &x%d "+format+"\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*x%d, ", i), 10))
		}
		return b.String()
	}
	var chain strings.Builder
	chain.WriteString("    X0: &x0 {}\n")
	for i := range 1000 {
		fmt.Fprintf(&chain, "    X%d: &x%d {items: *x%d}\n", i+1, i+1, i)
	}
	for name, text := range map[string]string{
		"schemas":     document(multiplied("{}", "{allOf: [%s]}")),
		"nested YAML": document("    T: " + strings.Repeat("{items: ", 600) + "{}" + strings.Repeat("}", 600) + "\n"),
		"nested JSON": `{"openapi": ` + strings.Repeat("[", 600) + strings.Repeat("]", 600) + "}",
		"chain":       document(chain.String()),
		"size":        "openapi: 3.1.0\n#" + strings.Repeat("a", openapi.MaxBytes),
	} {
		if _, _, err := openapi.Convert([]byte(text), openapi.Options{}); !errors.Is(err, openapi.ErrTooLarge) {
			t.Errorf("%s: got %v, want ErrTooLarge", name, err)
		}
	}
	table, found := problems(t, document(multiplied("[a]", "[%s]")+"    T: {example: *x9}\n"))
	if s := table.Schema("T"); s.Example != "" || !strings.Contains(strings.Join(found, "\n"), "too long") {
		t.Errorf("got %d bytes and %q, want no example and a problem", len(s.Example), found)
	}
	var twice strings.Builder // each is made of the next one, twice
	for i := range 60 {
		fmt.Fprintf(&twice, "    X%d: {allOf: [{$ref: '#/components/schemas/X%d'}, {$ref: '#/components/schemas/X%d'}]}\n", i, i+1, i+1)
	}
	table, found = problems(t, document(twice.String()+"    X60: {type: object}\n"))
	if len(table.Schemas) != 62 || !strings.Contains(strings.Join(found, "\n"), "is made of too many others") {
		t.Errorf("got %d schemas and %q, want all and a problem", len(table.Schemas), found)
	}
	var many strings.Builder
	for range 1200 {
		many.WriteString("    - {}\n")
	}
	_, found = problems(t, "openapi: 3.1.0\ntags:\n"+many.String())
	if len(found) != 1001 || found[1000] != "200 more problems" {
		t.Errorf("got %d problems, the last %q, want a thousand and a count", len(found), found[len(found)-1])
	}
}
