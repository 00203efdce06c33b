// Drift compares an official description of the WorkOS API with api.yaml, by facts and not by wording, names of
// components or structure:
//
//	go run ./gen/drift -upstream FILE
//
// FILE is an OpenAPI 3 description in YAML or JSON, or a snapshot of one. Each difference that no rule of the file of
// -allow explains is a line: what following the official description would add, change or remove, whether that breaks
// callers, and which operation, tool, argument and Go name it is about. -snapshot writes the facts of FILE to a file,
// one sorted line each and without sentences; gen/testdata/official.facts is such a file, so that a checkout can be
// compared anywhere.
//
// The exit code is 0 if every difference is allowed, 1 if one is not or a rule allows nothing, 2 if a file cannot be
// read.
//
// Not compared: descriptions, examples, schemas of error responses (api.yaml has one lenient component; the snapshot
// has their codes), response headers, and payloads of events beyond their types.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/seed-f165d83c/workos/gen"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

const (
	exitOK = iota
	exitDiffers
	exitUnreadable
)

type settings struct {
	upstream, ours, allow, tree, snapshot string

	all bool
}

func run(args []string, stdout, stderr io.Writer) int {
	var s settings
	flags := flag.NewFlagSet("drift", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.upstream, "upstream", "", "official description or snapshot to compare with (`file`)")
	flags.StringVar(&s.ours, "ours", "api.yaml", "our description (`file`)")
	flags.StringVar(&s.allow, "allow", "gen/drift/allow.txt", "rules for differences that are right (`file`)")
	flags.StringVar(&s.tree, "tree", "client/services.gen.go", "source of the service tree, for Go names (`file`)")
	flags.StringVar(&s.snapshot, "snapshot", "", "write the facts of the official description to this `file`")
	flags.BoolVar(&s.all, "all", false, "print allowed differences too, with their reasons")
	if flags.Parse(args) != nil {
		return exitUnreadable
	}
	differs, err := s.drift(stdout, stderr)
	switch {
	case err != nil:
		fmt.Fprintln(stderr, "drift:", err)
		return exitUnreadable
	case differs:
		return exitDiffers
	}
	return exitOK
}

// drift compares and prints. It reports whether something is not as it should be.
func (s settings) drift(stdout, stderr io.Writer) (bool, error) {
	theirs, err := load(s.upstream)
	if err != nil {
		return false, err
	}
	ours, err := load(s.ours)
	if err != nil {
		return false, err
	}
	text, err := os.ReadFile(s.allow)
	if err != nil {
		return false, fmt.Errorf("rules: %w", err)
	}
	rules, err := parseRules(string(text))
	if err != nil {
		return false, fmt.Errorf("%s: %w", s.allow, err)
	}
	tree, err := os.ReadFile(s.tree)
	if err != nil {
		return false, fmt.Errorf("service tree: %w", err)
	}
	if s.snapshot != "" {
		facts, err := writeSnapshot(theirs)
		if err != nil {
			return false, err
		}
		if err := os.WriteFile(s.snapshot, facts, 0o644); err != nil { //nolint:gosec // as readable as its neighbours
			return false, fmt.Errorf("write the snapshot: %w", err)
		}
	}
	differences, count := compare(theirs, ours)
	allowed := allow(differences, rules)
	names := newTerms(&gen.Operations, string(tree))
	for _, d := range differences {
		if d.reason == "" || s.all {
			fmt.Fprintln(stdout, names.line(d, theirs.operations[erased(d.method, d.path)]))
		}
	}
	unused := 0
	for _, r := range rules {
		if !r.used {
			unused++
			fmt.Fprintf(stderr, "drift: %s:%d allows nothing: %s %s %s %s\n", s.allow, r.line, r.kind, r.method, r.path, r.field)
		}
	}
	fmt.Fprintf(stdout, "%d of %d operations, %d of %d event types, %d facts compared: %d differ, %d allowed\n",
		inBoth(theirs.operations, ours.operations), len(theirs.operations), inBoth(theirs.events, ours.events),
		len(theirs.events), count, len(differences)-allowed, allowed)
	return len(differences) > allowed || unused > 0, nil
}

// inBoth counts the keys that stand in both maps.
func inBoth[V any](a, b map[string]V) int {
	n := 0
	for key := range a {
		if _, ok := b[key]; ok {
			n++
		}
	}
	return n
}

// load reads a description or a snapshot.
func load(file string) (*description, error) {
	text, err := os.ReadFile(file) //nolint:gosec // the caller names the file
	if err != nil {
		return nil, fmt.Errorf("description: %w", err)
	}
	var d *description
	if isSnapshot(text) {
		d, err = readSnapshot(text)
	} else {
		d, err = parseDescription(text)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return d, nil
}

func parseDescription(text []byte) (*description, error) {
	document, err := parseDocument(text)
	if err != nil {
		return nil, err
	}
	return document.describe()
}

// line writes a difference.
func (t *terms) line(d difference, theirs *operation) string {
	text := fmt.Sprintf("%-8s", d.change())
	if d.breaking() {
		text += "BREAKING "
	}
	text += fmt.Sprintf("%s %s  %s", d.method, d.path, d.kind)
	if d.field != "-" {
		text += "  " + d.field
	}
	if d.theirs != "" || d.ours != "" {
		text += fmt.Sprintf("  official: %.250s; ours: %.250s", orNone(d.theirs), orNone(d.ours))
	}
	if tool, goAPI := t.of(d, theirs); tool != "" || goAPI != "" {
		text += fmt.Sprintf("  [tool %s; Go %s]", orNone(tool), orNone(goAPI))
	}
	if d.reason != "" {
		text += "  allowed: " + d.reason
	}
	return text
}

func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}
