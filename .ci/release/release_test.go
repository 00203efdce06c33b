package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

const mit = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files (the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`

// What may be linked is decided by the text of a license, not by its name.
func TestLicensesAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		mit: "",
		"This program is free software: you can redistribute it and/or modify it under the terms of the GNU General Public " +
			"License as published by the Free Software Foundation, either version 3 of the License, or (at your option) any " +
			"later version.": "is not among",
		"All rights reserved.": "no license that is known",
	} {
		file := filepath.Join(t.TempDir(), "LICENSE")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		m := module{Path: "example.com/m", Version: "v1.0.0", files: []string{file}}
		err := m.write(&b)
		if want == "" && (err != nil || !strings.Contains(b.String(), "LICENSE: MIT\n")) {
			t.Errorf("%.30q: got %v and %q, want its text", text, err, &b)
		}
		if want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.30q: got %v, want %q", text, err, want)
		}
	}
}

// The modules of the programs, on every platform, have licenses that are permitted. It needs no network beyond the
// modules themselves.
func TestLicensesOfWhatIsLinked(t *testing.T) {
	r := newRelease(t)
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	r.root = root
	if err := r.licenses(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(r.build, notices))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\ngithub.com/mark3labs/mcp-go v", "\nmodernc.org/quickjs v", "\nGo standard library go"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the licenses lack %q", want)
		}
	}
}

// An archive has completions for four shells, and a man page of every command.
func TestExtras(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	r := &release{root: root, build: t.TempDir()}
	if err := r.extras(); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]string{
		"workos-mcp.bash": {"__start_workos-mcp"}, "_workos-mcp": {"#compdef workos-mcp"},
		"workos-mcp.fish": {"complete -c workos-mcp"}, "workos-mcp.ps1": {"Register-ArgumentCompleter"},
		"workos-mcp.1": {
			".TH WORKOS-MCP 1\n", ".SH WORKOS-MCP TOOL CALL\n", ".SH WORKOS-MCP TOOL TYPES\n", ".SH WORKOS-MCP CONFIG\n",
			".SH WORKOS-MCP SANDBOX\n", ".SH WORKOS-MCP DOCTOR\n", ".SH WORKOS-MCP INIT\n", ".SH WORKOS-MCP COMPLETION ZSH\n",
			"Exit codes: 0 success", `\-\-toolsets`,
		},
	} {
		text, err := os.ReadFile(filepath.Join(r.build, "extras", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range want {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s lacks %q", name, part)
			}
		}
	}
}

// newRelease returns a release whose binaries are this test.
func newRelease(t *testing.T) *release {
	t.Helper()
	dir := t.TempDir()
	r := &release{
		root: dir, build: filepath.Join(dir, "build"), version: "1.2.3", commit: strings.Repeat("a", 40),
		date: time.Unix(1e9, 0).UTC(),
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"LICENSE": mit, "build/" + notices: mit} {
		if err := write(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var sums strings.Builder
	for _, cpu := range []string{"amd64", "arm64"} {
		for _, name := range []string{program, interpreter} {
			path := filepath.Join("dist", cpu, name)
			if err := copyFile(self, filepath.Join(dir, path), 0o755); err != nil {
				t.Fatal(err)
			}
			r.artifacts = append(r.artifacts, artifact{Name: name, Path: path, Type: "Binary", GoOS: "linux", GoArch: cpu})
		}
		archive := artifact{
			Name: program + "_1.2.3_linux_" + cpu + ".tar.gz", Type: "Archive", GoOS: "linux", GoArch: cpu,
		}
		archive.Path = filepath.Join("dist", archive.Name)
		if err := write(filepath.Join(dir, archive.Path), []byte(cpu), 0o644); err != nil {
			t.Fatal(err)
		}
		sum, err := digest(filepath.Join(dir, archive.Path))
		if err != nil {
			t.Fatal(err)
		}
		sums.WriteString(sum + "  " + archive.Name + "\n")
		r.artifacts = append(r.artifacts, archive)
	}
	if err := write(filepath.Join(dir, "dist", "checksums.txt"), []byte(sums.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	return r
}

// The bill of materials has the modules of the binaries and fits the schema of CycloneDX.
func TestInventory(t *testing.T) {
	r := newRelease(t)
	if err := r.inventories(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(r.build, "release", program+"_1.2.3_linux_amd64.tar.gz.cdx.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"purl": "pkg:golang/github.com/google/go-containerregistry@v`, `"purl": "pkg:golang/stdlib@1.`, `"alg": "SHA-256"`,
	} {
		if !strings.Contains(string(text), want) {
			t.Errorf("got %.300s, want %s", text, want)
		}
	}
}

// The formula and the entry for Docker's catalog have the archives and the image of the release.
func TestCatalogues(t *testing.T) {
	t.Chdir(t.TempDir())
	r := newRelease(t)
	schema, err := os.ReadFile(filepath.Join(packageDir, "docker-entry.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := write(filepath.Join(r.root, ".ci", "release", "docker-entry.schema.json"), schema, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := r.catalogues(); err != nil {
		t.Fatal(err)
	}
	if err := r.tryCatalogues(); err != nil {
		t.Error(err)
	}
	file := filepath.Join(r.build, "release", program+".rb")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wrong := strings.Replace(string(text), `sha256 "`, `sha256 "0`, 1)
	if err := write(file, []byte(wrong), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := r.tryCatalogues(); err == nil {
		t.Error("got nothing, want a wrong checksum to be noticed")
	}
}

// The image starts from nothing but its own files, as another user than root.
func TestImage(t *testing.T) {
	if _, err := os.Stat("/" + roots); err != nil || runtime.GOOS != "linux" {
		t.Skip("no root certificates of Debian here")
	}
	r := newRelease(t)
	if err := r.image(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	words, err := r.unpackImage(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{program, interpreter, roots, "LICENSE", notices} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	if got := strings.Join(words, " "); !strings.HasSuffix(got, "/"+program) {
		t.Errorf("got %q, want the program started", got)
	}
	first, err := digest(filepath.Join(r.build, "image", "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := r.image(); err != nil {
		t.Fatal(err)
	}
	if again, err := digest(filepath.Join(r.build, "image", "index.json")); err != nil || again != first {
		t.Errorf("got another image of the same files: %v", err)
	}
}

// packageDir is the folder of this package, where tests start.
var packageDir, _ = os.Getwd()
