package main

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
)

//go:embed formula.rb.tmpl
var formulaTemplate string

// catalogues writes what catalogs of programs and of MCP servers are given, in build/release.
func (r *release) catalogues() error {
	formula, err := r.formula()
	if err != nil {
		return err
	}
	entry, err := r.dockerEntry()
	if err != nil {
		return err
	}
	schema := filepath.Join(r.root, ".ci", "release", "docker-entry.schema.json")
	file := filepath.Join(r.build, "release", "docker-mcp-server.json")
	if err := writeJSON(file, entry); err != nil {
		return err
	}
	if err := validate(schema, file); err != nil {
		return err
	}
	return write(filepath.Join(r.build, "release", program+".rb"), []byte(formula), 0o644)
}

// formulaArchive is an archive in the Homebrew formula.
type formulaArchive struct{ CPU, URL, SHA256 string }

type formulaSystem struct {
	Name     string
	Archives []formulaArchive
}

// formula returns the Homebrew formula with the archives of the release.
func (r *release) formula() (string, error) {
	data := struct {
		Version, About, Home string
		Systems              []formulaSystem
	}{Version: r.version, About: about, Home: home}
	for _, system := range []struct{ name, goos string }{{"macos", "darwin"}, {"linux", "linux"}} {
		found := formulaSystem{Name: system.name}
		for _, a := range r.of("Archive") {
			if a.GoOS != system.goos {
				continue
			}
			sum, err := digest(filepath.Join(r.root, a.Path))
			if err != nil {
				return "", err
			}
			cpu := map[string]string{"amd64": "intel", "arm64": "arm"}[a.GoArch]
			found.Archives = append(found.Archives, formulaArchive{cpu, home + "/releases/download/v" + r.version + "/" + a.Name, sum})
		}
		if len(found.Archives) > 0 {
			data.Systems = append(data.Systems, found)
		}
	}
	var b strings.Builder
	if err := template.Must(template.New("formula").Parse(formulaTemplate)).Execute(&b, data); err != nil {
		return "", err
	}
	return b.String(), nil
}

// dockerEntry returns the entry for Docker's catalog of MCP servers. Its file server.yaml may be JSON, as any YAML.
func (r *release) dockerEntry() (object, error) {
	if r.commit == "" {
		return nil, fmt.Errorf("dist has no commit")
	}
	return object{
		"name": "workos", "image": imageName + ":" + r.version, "type": "server",
		"meta":   object{"category": "security", "tags": []string{"workos", "sso", "authentication", "user-management"}},
		"about":  object{"title": "WorkOS", "description": about},
		"source": object{"project": home, "commit": r.commit, "dockerfile": "examples/deploy/Dockerfile"},
		"config": object{
			"description": "A secret key of a WorkOS environment",
			"secrets":     []object{{"name": "workos.api_key", "env": "WORKOS_API_KEY", "example": "sk_test_…"}},
		},
	}, nil
}

var formulaLine = regexp.MustCompile(`(?m)^      (url|sha256) "([^"]*)"$`)

// tryCatalogues checks that the formula names archives that exist, with their checksums.
func (r *release) tryCatalogues() error {
	text, err := os.ReadFile(filepath.Join(r.build, "release", program+".rb"))
	if err != nil {
		return err
	}
	lines := formulaLine.FindAllStringSubmatch(string(text), -1)
	checksums, err := os.ReadFile(filepath.Join(r.root, "dist", "checksums.txt"))
	if err != nil {
		return err
	}
	for i := 0; i+1 < len(lines); i += 2 {
		name := lines[i][2][strings.LastIndexByte(lines[i][2], '/')+1:]
		if !strings.Contains(string(checksums), lines[i+1][2]+"  "+name+"\n") {
			return fmt.Errorf("the formula has %s for %s: checksums.txt has another", lines[i+1][2], name)
		}
	}
	if len(lines) == 0 || len(lines)%2 != 0 {
		return fmt.Errorf("the formula has %d URLs and checksums", len(lines))
	}
	fmt.Printf("formula: %d archives\n", len(lines)/2)
	return nil
}
