package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/importer"
	"go/token"
	"io"
	"os"
	"os/exec"
	"strings"
)

// listed is what go list -json prints of a package.
type listed struct {
	ImportPath string `json:"ImportPath"` //nolint:tagliatelle // names of the go command, here and below
	Name       string `json:"Name"`       //nolint:tagliatelle
	Export     string `json:"Export"`     //nolint:tagliatelle // file with the types of the package
	DepOnly    bool   `json:"DepOnly"`    //nolint:tagliatelle
	Module     *struct {
		Path string `json:"Path"` //nolint:tagliatelle
	} `json:"Module"` //nolint:tagliatelle
}

// Load compiles packages and returns their API. Commands and internal packages have none.
func Load(ctx context.Context, patterns []string) (API, error) {
	packages, err := list(ctx, patterns)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for _, p := range packages {
		exports[p.ImportPath] = p.Export
	}
	compiled := importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) {
		return os.Open(exports[path])
	})
	api := API{}
	for _, p := range packages {
		if p.DepOnly || p.Name == "main" || p.Module == nil || isInternal(p.ImportPath) {
			continue
		}
		pkg, err := compiled.Import(p.ImportPath)
		if err != nil {
			return nil, fmt.Errorf("import %s: %w", p.ImportPath, err)
		}
		api[strings.TrimPrefix(p.ImportPath, p.Module.Path+"/")] = describe(pkg, p.Module.Path)
	}
	if len(api) == 0 {
		return nil, fmt.Errorf("no package with an API matches %q", patterns)
	}
	return api, nil
}

func isInternal(path string) bool {
	return strings.Contains(path+"/", "/internal/")
}

func list(ctx context.Context, patterns []string) ([]listed, error) {
	args := append([]string{"list", "-export", "-deps", "-json=ImportPath,Name,Export,DepOnly,Module"}, patterns...)
	command := exec.CommandContext(ctx, "go", args...) //nolint:gosec // the patterns of this program
	// The API is that of one platform, so that the list does not depend on the machine.
	command.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64")
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, &stderr)
	}
	var packages []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		switch err := decoder.Decode(&p); {
		case errors.Is(err, io.EOF):
			return packages, nil
		case err != nil:
			return nil, fmt.Errorf("decode go list: %w", err)
		}
		packages = append(packages, p)
	}
}
