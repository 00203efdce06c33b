package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
)

var (
	// pathKey is a path of a description as a key of JSON or YAML.
	pathKey = regexp.MustCompile(`(?m)(^[ \t]*|["'])(/[^\s"':]*)(["']?[ \t]*:)`)
	// expression is an expression of RFC 6570 with an operator, a modifier or both.
	expression = regexp.MustCompile(`\{([.;]?)([^{}.;*]+)(\*?)\}`)
)

// plainTemplates writes the expressions of paths as OpenAPI has them, as {param} for {;param*}: there the style of the
// parameter decides (OpenAPI 3.1 section 4.8.12). It also returns the expressions that it changes.
func plainTemplates(description []byte) (corrected []byte, changed []string) {
	corrected = pathKey.ReplaceAllFunc(description, func(key []byte) []byte {
		return expression.ReplaceAllFunc(key, func(found []byte) []byte {
			parts := expression.FindSubmatch(found)
			if len(parts[1])+len(parts[3]) > 0 && !slices.Contains(changed, string(found)) {
				changed = append(changed, string(found))
			}
			return []byte("{" + string(parts[2]) + "}")
		})
	})
	slices.Sort(changed)
	return corrected, changed
}

// remote is a reference to another server, in JSON.
var remote = regexp.MustCompile(`"\$ref"( *: *"https?:)`)

// mocked returns the file that the mock of a description reads: the description, or a copy with plain templates and
// without remote references, which Prism follows in examples, too.
func (b *builder) mocked(r *row) (file string, err error) {
	description, err := os.ReadFile(r.file)
	if err != nil {
		return "", err
	}
	var copied []byte
	copied, r.templates = plainTemplates(description)
	r.remote = len(remote.FindAll(copied, -1))
	if len(r.templates) == 0 && r.remote == 0 {
		return r.file, nil
	}
	copied = remote.ReplaceAll(copied, []byte(`"ref"$1`))
	name := filepath.Join("mocks", filepath.Base(r.file))
	return filepath.Join(b.work, name), b.write(name, string(copied))
}
