package main

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
)

var update = flag.Bool("update", false, "write generated parts into the README")

const readme = "../../README.md"

// The README's table of toolsets is made of the operations table.
func TestReadmeNamesTheToolsets(t *testing.T) {
	file, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	begin := []byte("-update -->\n")
	head, rest, ok := bytes.Cut(file, begin)
	_, tail, ok2 := bytes.Cut(rest, []byte("<!-- end -->"))
	if !ok || !ok2 {
		t.Fatal("the README has no place for the toolsets")
	}
	want := slices.Concat(head, begin, []byte(toolsets()), []byte("<!-- end -->"), tail)
	if *update {
		if err := os.WriteFile(readme, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(file, want) {
		t.Error("the README's toolsets are not those of api.yaml; run the command that stands above them")
	}
}

func toolsets() string {
	var names []string
	examples, counts := map[string]string{}, map[string]int{}
	for _, o := range gen.Operations.Operations {
		if counts[o.Toolset] == 0 {
			names = append(names, o.Toolset)
			examples[o.Toolset] = o.ID
		}
		counts[o.Toolset]++
	}
	var b strings.Builder
	b.WriteString("| toolset | tools | such as |\n|---|---|---|\n")
	for _, name := range names {
		fmt.Fprintf(&b, "| `%s` | %d | `%s` |\n", name, counts[name], examples[name])
	}
	return b.String()
}
