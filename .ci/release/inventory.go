package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
)

// cyclonedx is the module of the CycloneDX types, which contains the schemas of the format.
const cyclonedx = "github.com/CycloneDX/cyclonedx-go@v0.12.0"

// inventories writes a bill of materials (CycloneDX 1.6) beside each archive: the modules that its two binaries were
// built from, as the linker recorded them.
func (r *release) inventories() error {
	dir, err := cyclonedxSchemas()
	if err != nil {
		return err
	}
	for _, archive := range r.of("Archive") {
		binaries, err := r.binaries(archive)
		if err != nil {
			return err
		}
		bill, err := r.inventory(archive, binaries)
		if err != nil {
			return err
		}
		file := filepath.Join(r.build, "release", archive.Name+".cdx.json")
		if err := writeJSON(file, bill); err != nil {
			return err
		}
		if err := validate(filepath.Join(dir, "bom-1.6.schema.json"), file,
			[2]string{"http://cyclonedx.org/schema/spdx.schema.json", filepath.Join(dir, "spdx.schema.json")},
			[2]string{"http://cyclonedx.org/schema/jsf-0.82.schema.json", filepath.Join(dir, "jsf-0.82.schemax.json")},
		); err != nil {
			return err
		}
	}
	return nil
}

// binaries returns the files of the binaries in an archive.
func (r *release) binaries(archive artifact) ([]string, error) {
	var files []string
	for _, a := range r.artifacts {
		if a.Type == "Binary" && a.GoOS == archive.GoOS && a.GoArch == archive.GoArch {
			files = append(files, filepath.Join(r.root, a.Path))
		}
	}
	if len(files) != 2 {
		return nil, fmt.Errorf("%s: got %d binaries, want %s and %s", archive.Name, len(files), program, interpreter)
	}
	slices.Sort(files)
	return files, nil
}

func (r *release) inventory(archive artifact, binaries []string) (object, error) {
	sum, err := digest(filepath.Join(r.root, archive.Path))
	if err != nil {
		return nil, err
	}
	var components, dependencies []object
	seen := map[string]bool{}
	for _, file := range binaries {
		info, err := buildinfo.ReadFile(file)
		if err != nil {
			return nil, err
		}
		sum, err := digest(file)
		if err != nil {
			return nil, err
		}
		ref := filepath.Base(file)
		components = append(components, object{
			"type": "application", "bom-ref": ref, "name": ref, "version": r.version, "hashes": sha256Of(sum),
			"licenses":   []object{{"license": object{"id": "MIT"}}},
			"properties": []object{{"name": "go:version", "value": info.GoVersion}},
		})
		modules := linkedModules(info)
		dependencies = append(dependencies, object{"ref": ref, "dependsOn": modules})
		for _, purl := range modules {
			if !seen[purl] {
				seen[purl] = true
				components = append(components, moduleComponent(purl))
			}
		}
	}
	return object{
		"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": object{"component": object{
			"type": "file", "bom-ref": archive.Name, "name": archive.Name, "version": r.version, "hashes": sha256Of(sum),
		}},
		"components": components, "dependencies": dependencies,
	}, nil
}

// linkedModules returns the package URLs of the modules in a binary, and that of the standard library.
func linkedModules(info *debug.BuildInfo) []string {
	purls := []string{purl("stdlib", strings.TrimPrefix(info.GoVersion, "go"))}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		purls = append(purls, purl(m.Path, m.Version))
	}
	return purls
}

func purl(module, version string) string {
	return "pkg:golang/" + module + "@" + strings.ReplaceAll(version, "+", "%2B")
}

func moduleComponent(purl string) object {
	name, version, _ := strings.Cut(strings.TrimPrefix(purl, "pkg:golang/"), "@")
	return object{
		"type": "library", "bom-ref": purl, "name": name, "version": strings.ReplaceAll(version, "%2B", "+"), "purl": purl,
	}
}

func sha256Of(sum string) []object { return []object{{"alg": "SHA-256", "content": sum}} }

func digest(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), nil
}

// tryInventory checks that the bill of materials beside an archive names every module of the binaries in a directory.
func (r *release) tryInventory(archive artifact, dir string) error {
	var bill struct{ Components []struct{ Purl string } }
	if err := readJSON(filepath.Join(r.build, "release", archive.Name+".cdx.json"), &bill); err != nil {
		return err
	}
	named := map[string]bool{}
	for _, c := range bill.Components {
		named[c.Purl] = true
	}
	text, err := os.ReadFile(filepath.Join(dir, notices))
	if err != nil {
		return err
	}
	count := 0
	for _, name := range []string{program, interpreter} {
		info, err := buildinfo.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		for _, m := range info.Deps {
			if count++; !named[purl(m.Path, m.Version)] {
				return fmt.Errorf("the bill of materials of %s does not name %s %s", archive.Name, m.Path, m.Version)
			}
			if !strings.Contains(string(text), "\n"+m.Path+" ") {
				return fmt.Errorf("%s does not name %s", notices, m.Path)
			}
		}
	}
	fmt.Printf("bill of materials and licenses: all of %d modules\n", count)
	return nil
}

// cyclonedxSchemas returns the directory with the schemas of CycloneDX.
func cyclonedxSchemas() (string, error) {
	dir, err := moduleDir(cyclonedx)
	return filepath.Join(dir, "schema"), err
}

// moduleDir returns the directory of a module, which it downloads if need be.
func moduleDir(module string) (string, error) {
	out, err := command(os.TempDir(), "go", "mod", "download", "-json", module)
	if err != nil {
		return "", err
	}
	var m struct{ Dir string }
	if err := json.Unmarshal([]byte(out), &m); err != nil {
		return "", fmt.Errorf("%s: %w", module, err)
	}
	return m.Dir, nil
}
