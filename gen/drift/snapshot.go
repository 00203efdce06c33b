package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// snapshotHeader is the first line of a snapshot, which distinguishes it from a description.
const snapshotHeader = "# Facts of the official description of the WorkOS API, written by gen/drift. No sentences."

// writeSnapshot returns the facts of a description: one line each, sorted, of method, path, field, fact and values,
// separated by tabs.
func writeSnapshot(d *description) ([]byte, error) {
	var lines []string
	for _, op := range d.operations {
		for field, fact := range op.facts {
			for what, values := range fact {
				text, err := json.Marshal(values)
				if err != nil {
					return nil, fmt.Errorf("%s %s %s %s: %w", op.method, op.path, field, what, err)
				}
				value := strings.TrimSuffix(strings.TrimPrefix(string(text), "["), "]")
				lines = append(lines, strings.Join([]string{op.method + " " + op.path, field, what, value}, "\t"))
			}
		}
	}
	for name := range d.events {
		lines = append(lines, strings.Join([]string{kindEvent + " " + name, "-", "present", `"true"`}, "\t"))
	}
	slices.Sort(lines)
	return []byte(snapshotHeader + "\n" + strings.Join(lines, "\n") + "\n"), nil
}

func isSnapshot(text []byte) bool { return bytes.HasPrefix(text, []byte(snapshotHeader)) }

// readSnapshot parses the output of writeSnapshot.
func readSnapshot(text []byte) (*description, error) {
	d := &description{operations: map[string]*operation{}, events: map[string]bool{}}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		if err := d.read(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read the snapshot: %w", err)
	}
	return d, nil
}

func (d *description) read(line string) error {
	columns := strings.Split(line, "\t")
	if len(columns) != 4 {
		return fmt.Errorf("got %d columns, want 4", len(columns))
	}
	method, path, ok := strings.Cut(columns[0], " ")
	if !ok {
		return errors.New("want a method and a path")
	}
	if method == kindEvent {
		d.events[path] = true
		return nil
	}
	var values []string
	if err := json.Unmarshal([]byte("["+columns[3]+"]"), &values); err != nil {
		return fmt.Errorf("values: %w", err)
	}
	key := erased(method, path)
	if d.operations[key] == nil {
		d.operations[key] = &operation{method: method, path: path, facts: facts{}}
	}
	d.operations[key].facts.put(columns[1], columns[2], values...)
	return nil
}
