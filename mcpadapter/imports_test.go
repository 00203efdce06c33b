package mcpadapter_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// The adapter serves any client, so it knows none; and another MCP library must stay cheap to add.
func TestImports(t *testing.T) {
	t.Parallel()
	const own = "github.com/seed-f165d83c/workos/mcpadapter"
	module, binding := path.Dir(own), 0
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(file) != ".go" {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		test := strings.HasSuffix(file, "_test.go")
		for _, spec := range parsed.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			inside := name == own || strings.HasPrefix(name, own+"/") ||
				name == module+"/gen/optable" || strings.HasPrefix(name, module+"/gen/optable/")
			if (name == module || strings.HasPrefix(name, module+"/")) && !inside {
				t.Errorf("%s imports %s of this module, want none but the adapter's own and gen/optable", file, name)
			}
			if !inside && strings.Contains(strings.ToLower(name), "workos") {
				t.Errorf("%s imports %s, want nothing of a particular API", file, name)
			}
			if strings.HasPrefix(file, "internal/") && (name == own || name == own+"/mcpgo" || name == own+"/serve") {
				t.Errorf("%s imports %s, want it to be a leaf", file, name)
			}
			switch {
			case !strings.HasPrefix(name, "github.com/mark3labs/mcp-go"):
			case strings.HasPrefix(file, "mcpgo/"):
				binding++
			case !test && !strings.HasPrefix(file, "serve/"):
				t.Errorf("%s imports %s, want mcp-go in packages mcpgo and serve alone", file, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if binding == 0 {
		t.Error("package mcpgo imports no mcp-go: the test looks at the wrong files")
	}
}
