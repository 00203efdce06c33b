package sandbox_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

var update = flag.Bool("update", false, "write the golden files")

const golden = "testdata/operations"

// A change of what an operation returns or stores shows in review, as a change of the file of its toolset. After one
// that is meant, run
//
//	go test ./client/sandbox -run Golden -update
func TestGoldenOperations(t *testing.T) {
	t.Parallel()
	files := map[string][]string{}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		file := filepath.Join(golden, op.Toolset+".txt")
		files[file] = append(files[file], transcript(t, op))
	}
	if *update {
		writeGolden(t, files)
	}
	found, err := filepath.Glob(golden + "/*")
	if err != nil {
		t.Fatal(err)
	}
	if names := slices.Sorted(maps.Keys(files)); !slices.Equal(found, names) {
		t.Errorf("golden files: got %v, want %v; run this test with -update", found, names)
	}
	for file, want := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		stored := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n\n")
		for i := range max(len(stored), len(want)) {
			if i >= len(stored) || i >= len(want) || stored[i] != want[i] {
				t.Errorf("%s, entry %d:\ngot  %s\nwant %s", file, i, at(want, i), at(stored, i))
			}
		}
	}
}

func at(list []string, i int) string {
	if i < len(list) {
		return list[i]
	}
	return "nothing"
}

func writeGolden(t *testing.T, files map[string][]string) {
	t.Helper()
	if err := os.RemoveAll(golden); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(golden, 0o755); err != nil {
		t.Fatal(err)
	}
	for file, entries := range files {
		if err := os.WriteFile(file, []byte(strings.Join(entries, "\n\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// transcript sends a valid request of the operation to a sandbox that has one of each thing, and returns the request,
// the response and what has changed in the store.
func transcript(t *testing.T, op *optable.Operation) string {
	t.Helper()
	sb, w := furnished(t)
	target, body := w.target(op), w.body(op)
	before := sandbox.Content(sb)
	a := send(t, sb, op.Method, target, body)
	after := sandbox.Content(sb)

	lines := []string{op.ID, op.Method + " " + target}
	if body != nil {
		lines = append(lines, jsonText(t, body))
	}
	lines = append(lines, strings.TrimSpace(fmt.Sprintf("%d %s", a.status, a.header.Get("Location"))))
	if a.text != "" {
		lines = append(lines, a.text)
	}
	return strings.Join(append(lines, changes(before, after)...), "\n")
}

// newReproducible returns a sandbox whose responses are always the same: each request comes a second after the last.
func newReproducible() *sandbox.Sandbox {
	return sandbox.New(sandbox.WithExamples(), sandbox.WithSeed(1), sandbox.WithClock(newTicker().next))
}

// ticker is a clock that moves a second each time that it is read.
type ticker struct{ now time.Time }

func newTicker() *ticker { return &ticker{time.Date(2026, 1, 2, 3, 4, 5, 678_900_000, time.UTC)} }

func (c *ticker) next() time.Time {
	c.now = c.now.Add(time.Second)
	return c.now
}

// changes lists what is gone, new and different.
func changes(before, after map[string]string) []string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if after[name] == "" {
			lines = append(lines, "- "+name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(after)) {
		switch before[name] {
		case after[name]:
		case "":
			lines = append(lines, "+ "+name+" "+after[name])
		default:
			lines = append(lines, "~ "+name+" "+after[name])
		}
	}
	return lines
}
