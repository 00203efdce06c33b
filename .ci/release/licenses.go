package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// notices is the file with the licenses of what is linked, in each archive and in the image.
const notices = "THIRD_PARTY_LICENSES"

// platforms are those that .goreleaser.yaml builds for.
var platforms = []string{
	"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64",
}

// permitted are the licenses of what may be linked: they ask for a notice, which the file gives. The Mozilla Public
// License asks in addition for the source of its files; the file says where that is, and none of them is changed here.
var permitted = []string{"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "MPL-2.0"}

// module is what of a module is linked.
type module struct {
	Path, Version, Dir string
	Main               bool
	files              []string // with licenses and notices
}

// licenses writes the licenses of all modules that the programs link on any platform. It fails for one whose license is
// not permitted, or not known.
func (r *release) licenses() error {
	found := map[string]*module{}
	for _, source := range []string{"examples/workos-mcp", "mcpadapter/program/mcp-quickjs"} {
		dir := filepath.Join(r.root, filepath.FromSlash(source))
		if _, err := command(dir, "go", "mod", "download"); err != nil {
			return err
		}
		for _, platform := range platforms {
			if err := linked(dir, platform, found); err != nil {
				return err
			}
		}
	}
	var all []*module
	for _, m := range found {
		all = append(all, m)
	}
	slices.SortFunc(all, func(a, b *module) int { return strings.Compare(a.Path+a.Version, b.Path+b.Version) })
	root, err := command(r.root, "go", "env", "GOROOT")
	if err != nil {
		return err
	}
	version, err := command(r.root, "go", "env", "GOVERSION")
	if err != nil {
		return err
	}
	std := &module{Path: "Go standard library", Version: strings.TrimSpace(version)}
	std.files = []string{filepath.Join(strings.TrimSpace(root), "LICENSE")}
	var b strings.Builder
	b.WriteString("workos-mcp and mcp-quickjs contain the software below, unchanged. Its source is that of the Go module\n" +
		"at the version beside its name: go mod download NAME@VERSION.\n")
	for _, m := range append([]*module{std}, all...) {
		if err := m.write(&b); err != nil {
			return err
		}
	}
	fmt.Printf("licenses of %d modules\n", len(all))
	return write(filepath.Join(r.build, notices), []byte(b.String()), 0o644)
}

// linked adds the modules of the packages that a program links on a platform, with their license files. It uses no
// network, so that the texts are those of the code that is built.
func linked(dir, platform string, into map[string]*module) error {
	system, cpu, _ := strings.Cut(platform, "/")
	out, err := command(dir, "env", "GOPROXY=off", "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+cpu,
		"go", "list", "-deps", "-json=Dir,Module", ".")
	if err != nil {
		return err
	}
	for decoder := json.NewDecoder(strings.NewReader(out)); ; {
		var p struct {
			Dir    string
			Module *module
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if p.Module == nil || strings.HasPrefix(p.Module.Path+"/", "github.com/seed-f165d83c/workos/") {
			continue
		}
		key := p.Module.Path + " " + p.Module.Version // the two programs may link different versions
		m := into[key]
		if m == nil {
			m = p.Module
			into[key] = m
		}
		// A package may have a license of its own: of code that it was copied from.
		for folder := p.Dir; strings.HasPrefix(folder, m.Dir); folder = filepath.Dir(folder) {
			if err := m.gather(folder); err != nil {
				return err
			}
		}
	}
}

var licenseFile = regexp.MustCompile(`(?i)^(licen[sc]e|copying|notice|patents|unlicense)([-._].*)?$`)

// gather adds the files with licenses in a folder.
func (m *module) gather(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		file := filepath.Join(folder, e.Name())
		if e.Type().IsRegular() && licenseFile.MatchString(e.Name()) && filepath.Ext(e.Name()) != ".go" &&
			!slices.Contains(m.files, file) {
			m.files = append(m.files, file)
		}
	}
	return nil
}

// write writes the licenses of a module, after a check of each.
func (m *module) write(b *strings.Builder) error {
	fmt.Fprintf(b, "\n%s\n%s %s\n", strings.Repeat("=", 100), m.Path, m.Version)
	var known bool
	slices.Sort(m.files)
	for _, file := range m.files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		names, err := identify(text)
		if err != nil {
			return fmt.Errorf("%s %s: %s: %w", m.Path, m.Version, filepath.Base(file), err)
		}
		known = known || len(names) > 0
		fmt.Fprintf(b, "\n%s: %s\n\n%s\n", filepath.Base(file), strings.Join(names, ", "), strings.TrimSpace(string(text)))
	}
	if !known {
		return fmt.Errorf("%s %s has no license that is known: %q", m.Path, m.Version, m.files)
	}
	return nil
}

// identify returns the SPDX identifiers of the licenses in a text, and an error for one that is not permitted. A text
// without any, such as a notice, has none.
func identify(text []byte) ([]string, error) {
	var names []string
	for _, match := range licensecheck.Scan(text).Match {
		if match.IsURL {
			continue
		}
		if strings.HasPrefix(match.ID, "GooglePatent") { // a grant beside a license
			continue
		}
		if !slices.Contains(permitted, match.ID) {
			return nil, fmt.Errorf("license %s is not among %s", match.ID, strings.Join(permitted, ", "))
		}
		if !slices.Contains(names, match.ID) {
			names = append(names, match.ID)
		}
	}
	return names, nil
}
