package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// API is the exported API of packages: sorted lines by the path of the package in the module.
type API map[string][]string

// Read reads what Write wrote.
func Read(dir string) (API, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	if len(files) == 0 {
		return nil, errors.New(dir + " has no accepted API: write it by -update")
	}
	api := API{}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // a file of the given directory
		if err != nil {
			return nil, err //nolint:wrapcheck // package os names the file
		}
		path := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".txt"), ".", "/")
		api[path] = strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	}
	return api, nil
}

// Write writes a file for each package and removes those of packages that are gone.
func (a API) Write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // source, as readable as its neighbours
		return err //nolint:wrapcheck // package os names the directory
	}
	old, err := filepath.Glob(filepath.Join(dir, "*.txt"))
	if err != nil {
		return fmt.Errorf("list %s: %w", dir, err)
	}
	for path, lines := range a {
		file := filepath.Join(dir, strings.ReplaceAll(path, "/", ".")+".txt")
		text := strings.Join(lines, "\n") + "\n"
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil { //nolint:gosec // source
			return err //nolint:wrapcheck // package os names the file
		}
		old = slices.DeleteFunc(old, func(name string) bool { return name == file })
	}
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			return err //nolint:wrapcheck // package os names the file
		}
	}
	return nil
}

// Diff is how an API differs from the accepted one, as lines with the path of their package.
type Diff struct {
	Breaking []string // what is gone, or has a different type
	Added    []string
}

// Compare compares an API with the accepted one.
func Compare(accepted, current API) Diff {
	var d Diff
	paths := map[string]bool{}
	for path := range accepted {
		paths[path] = true
	}
	for path := range current {
		paths[path] = true
	}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		before, after := byObject(accepted[path]), byObject(current[path])
		for _, object := range slices.Sorted(maps.Keys(before)) {
			was, is := before[object], after[object]
			switch {
			case is == "":
				d.Breaking = append(d.Breaking, path+": removed: "+was)
			case is != was:
				d.Breaking = append(d.Breaking, path+": changed: "+was+"\n\tto: "+is)
			}
		}
		for _, object := range slices.Sorted(maps.Keys(after)) {
			if before[object] == "" {
				d.Added = append(d.Added, path+": "+after[object])
			}
		}
	}
	return d
}

// byObject returns the lines by what they are about: all in front of the separator.
func byObject(lines []string) map[string]string {
	objects := map[string]string{}
	for _, line := range lines {
		object, _, _ := strings.Cut(line, separator)
		objects[object] = line
	}
	return objects
}

// Print prints the differences, breaking ones first.
func (d Diff) Print(w io.Writer) {
	for _, line := range d.Breaking {
		fmt.Fprintln(w, "BREAKING", line)
	}
	for _, line := range d.Added {
		fmt.Fprintln(w, "added", line)
	}
}
