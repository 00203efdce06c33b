package main

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// searchFile is a file of search requests.
type searchFile struct {
	name     string
	requests int
	tuned    bool    // search may be tuned on it, and never on the others
	least    float64 // of recall@5
	unsafe   int     // the most safe requests whose first result destroys
}

// The requests of each pair were written together, before search was tuned on its first half, by somebody who had not
// read the search. Those of the second pair avoid the words of the operations; those of the third came when the search had
// been tuned on the others, and are safe if no operation that they accept destroys.
func searchFiles() []searchFile {
	return []searchFile{
		{"tuned.jsonl", 75, true, 0.97, 0},
		{"held_out.jsonl", 75, false, 0.94, 0},
		{"tuned_wide.jsonl", 200, true, 0.97, 0},
		{"held_out_wide.jsonl", 200, false, 0.92, 0},
		{"tuned_third.jsonl", 120, true, 0.97, 0},
		{"held_out_third.jsonl", 119, false, 0.93, 1},
	}
}

// searchRequest is a line of testdata/search: a request in somebody's own words and the operations that are right as
// its first result, the best first. A request is safe if it means to end or remove nothing: an operation that destroys
// is then wrong as the first result.
type searchRequest struct {
	Request string   `json:"request"`
	Accept  []string `json:"accept"`
	Safe    bool     `json:"safe"`
}

// readSearchRequests returns the requests of one half and fails the test if the file has anything else.
func readSearchRequests(t *testing.T, name string) []searchRequest {
	t.Helper()
	file, err := os.ReadFile(filepath.Join("testdata", "search", name))
	if err != nil {
		t.Fatal(err)
	}
	var requests []searchRequest
	lines := bufio.NewScanner(bytes.NewReader(file))
	for lines.Scan() {
		var r searchRequest
		d := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		d.DisallowUnknownFields()
		if err := d.Decode(&r); err != nil {
			t.Fatalf("%s: line %d: %v", name, len(requests)+1, err)
		}
		requests = append(requests, r)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return requests
}

// The requests that search is not tuned on stay as they are.
func TestHeldOutSearchRequestsAreUnchanged(t *testing.T) {
	dir := filepath.Join("testdata", "search")
	var got strings.Builder
	for _, f := range searchFiles() {
		if f.tuned {
			continue
		}
		file, err := os.ReadFile(filepath.Join(dir, f.name))
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&got, "%x  %s\n", sha256.Sum256(file), f.name)
	}
	want, err := os.ReadFile(filepath.Join(dir, "held_out.sha256"))
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("SHA-256 is\n%swant\n%s", got.String(), want)
	}
}

func TestSearchRequestsAreSound(t *testing.T) {
	operations := map[string]*optable.Operation{}
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		operations[op.ID] = op
	}
	seen := map[string]string{}
	for _, f := range searchFiles() {
		name := f.name
		requests := readSearchRequests(t, name)
		if len(requests) != f.requests {
			t.Errorf("%s has %d requests, want %d", name, len(requests), f.requests)
		}
		for _, r := range requests {
			key := strings.ToLower(strings.Join(strings.Fields(r.Request), " "))
			if file, ok := seen[key]; ok {
				t.Errorf("%s: %q is already in %s", name, r.Request, file)
			}
			seen[key] = name
			if len(r.Accept) == 0 {
				t.Errorf("%s: %q accepts no operation", name, r.Request)
			}
			for _, id := range r.Accept {
				switch op := operations[id]; {
				case op == nil:
					t.Errorf("%s: %q accepts the unknown operation %s", name, r.Request, id)
				case r.Safe && op.Method == http.MethodDelete:
					t.Errorf("%s: %q is safe, but accepts %s", name, r.Request, id)
				}
			}
		}
	}
}
