package layout_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/seed-f165d83c/workos"

// arrow is what the packages below a path may import outside the standard library. Paths without a dot are of this
// module. A path stands for the package; with /... also for those below it.
type arrow struct {
	from string
	to   []string
}

// arrows lists the packages by their paths. The first match applies.
var arrows = []arrow{
	{".", nil},
	{"gen", []string{"gen/optable", "gen/internal/runtime", "github.com/oapi-codegen/nullable"}},
	{"gen/internal/runtime", []string{"github.com/oapi-codegen/runtime"}},
	{"gen/optable", nil},
	{"gen/optable/phrase", nil},
	{"gen/optable/value", []string{"gen/optable", "gen/optable/phrase"}},
	{"gen/internal/generator", nil},
	{"gen/internal/layout", nil},
	{"gen/openapi", []string{"gen/optable", "go.yaml.in/yaml/v3"}},
	{"gen/...", []string{
		"gen", "gen/internal/generator", "gen/openapi", "gen/optable/...", "go.yaml.in/yaml/v3",
		"github.com/google/jsonschema-go/jsonschema",
	}},

	{"client/agents", []string{"client", "client/authkit", "client/internal/...", "golang.org/x/sync/singleflight"}},
	{"client/authkit/mcpauth", []string{"client/authkit", "client/internal/...", "github.com/go-jose/go-jose/v4/json"}},
	{"client/authkit", []string{
		"client", "client/internal/...", "client/state", "gen",
		"github.com/go-jose/go-jose/v4", "github.com/go-jose/go-jose/v4/json", "golang.org/x/sync/singleflight",
	}},
	{"client/internal/jwttest", []string{"github.com/go-jose/go-jose/v4"}}, // for tests alone
	{"client/...", []string{"client/...", "gen", "gen/optable/...", "github.com/oapi-codegen/nullable"}},

	{"mcpadapter", []string{"gen/optable/...", "mcpadapter/internal/..."}},
	{"mcpadapter/spec", []string{"gen/openapi", "gen/optable", "mcpadapter"}},
	{"mcpadapter/internal/shop", []string{
		"gen/optable", "github.com/oapi-codegen/nullable", "github.com/oapi-codegen/runtime",
		"github.com/oapi-codegen/runtime/types",
	}},
	{"mcpadapter/internal/depot", []string{
		"gen/optable", "github.com/oapi-codegen/runtime", "github.com/oapi-codegen/runtime/types",
	}},
	{"mcpadapter/internal/annex", []string{
		"gen/optable", "github.com/oapi-codegen/runtime", "github.com/oapi-codegen/runtime/types",
	}},
	{"mcpadapter/internal/shoptest", []string{ // for tests alone
		"mcpadapter", "mcpadapter/internal/depot", "mcpadapter/internal/shop",
		"github.com/google/jsonschema-go/jsonschema",
	}},
	{"mcpadapter/internal/bindtest", []string{"mcpadapter", "mcpadapter/internal/shoptest"}}, // for tests alone
	{"mcpadapter/internal/jq", []string{"gen/optable/phrase", "mcpadapter/internal/...", "github.com/itchyny/gojq"}},
	{"mcpadapter/internal/search", []string{"gen/optable/...", "github.com/kljensen/snowball/english"}},
	{"mcpadapter/internal/schema", []string{"gen/optable/...", "mcpadapter/internal/jsontext"}},
	{"mcpadapter/internal/confirm", nil},
	{"mcpadapter/internal/conversation", []string{"gen/optable/phrase"}},
	{"mcpadapter/internal/naming", nil},
	{"mcpadapter/internal/question", []string{"gen/optable/...", "mcpadapter/internal/secrets"}},
	{"mcpadapter/internal/typescript", []string{"gen/optable/...", "mcpadapter/internal/jsontext"}},
	{"mcpadapter/internal/convert", []string{"gen/optable/...", "mcpadapter/internal/jsontext"}},
	{"mcpadapter/internal/excerpt", []string{
		"gen/optable/...", "mcpadapter/internal/forms", "mcpadapter/internal/jsontext",
	}},
	{"mcpadapter/internal/forms", []string{"gen/optable"}},
	{"mcpadapter/internal/secrets", []string{
		"gen/optable/...", "mcpadapter/internal/forms", "mcpadapter/internal/jsontext",
	}},
	{"mcpadapter/internal/budget", nil},
	{"mcpadapter/internal/jsontext", nil},
	{"mcpadapter/internal/kiosk", []string{
		"gen/optable", "github.com/oapi-codegen/nullable", "github.com/oapi-codegen/runtime",
		"github.com/oapi-codegen/runtime/types",
	}},
	{"mcpadapter/internal/recorded", []string{
		"gen/optable/...", "mcpadapter/internal/media", "mcpadapter/internal/schema",
	}},
	{"mcpadapter/internal/media", []string{"gen/optable/...", "mcpadapter/internal/jsontext"}},
	{"mcpadapter/credential", []string{
		"gen/optable", "mcpadapter", "golang.org/x/oauth2", "golang.org/x/oauth2/clientcredentials",
	}},
	{"mcpadapter/untyped", []string{"gen/optable", "github.com/oapi-codegen/runtime"}},
	{"mcpadapter/mcpgo", []string{"mcpadapter", mcpGo}},
	{"mcpadapter/program", []string{"mcpadapter"}},
	{"mcpadapter/serve", []string{
		"gen/optable", "gen/optable/phrase", "mcpadapter", "mcpadapter/credential", "mcpadapter/mcpgo",
		"mcpadapter/program", "mcpadapter/untyped", "mcpadapter/internal/...", mcpGo,
		"github.com/spf13/cobra", "github.com/spf13/pflag", "golang.org/x/term",
		"golang.org/x/time/rate", "github.com/hashicorp/golang-lru/v2", "github.com/VictoriaMetrics/metrics",
		"go.yaml.in/yaml/v3",
	}},

	{"examples/byo/notes", []string{"gen/optable", "github.com/oapi-codegen/runtime"}},
	{"examples/byo", []string{"examples/byo/notes", "mcpadapter/serve"}},
	{"examples/byo/museum/api", []string{"gen/optable", "github.com/oapi-codegen/runtime", "github.com/oapi-codegen/runtime/types"}},
	{"examples/byo/museum", []string{"examples/byo/museum/api", "mcpadapter/serve"}},
	{"examples/openapi-mcp", []string{
		"gen/openapi", "gen/optable", "mcpadapter", "mcpadapter/serve", "mcpadapter/spec",
	}},
	{"examples/embed", []string{"client", "gen", "mcpadapter", "mcpadapter/mcpgo", "mcpadapter/serve", mcpGo}},
	{"examples/workos-mcp/_cluster", []string{ // replaces a file of that program in a build of its own
		"client/state/postgres", "client/state/redis", "mcpadapter/serve",
		"github.com/jackc/pgx/v5/pgxpool", "github.com/redis/go-redis/v9",
	}},
	{"examples/workos-mcp", []string{
		"client", "client/authkit/mcpauth", "client/sandbox", "client/sandbox/served", "go.yaml.in/yaml/v3", "gen",
		"gen/optable", "mcpadapter", "mcpadapter/serve", "github.com/spf13/cobra", "github.com/spf13/pflag",
	}},
	{"examples/...", []string{"client/...", "gen"}}, // programs of the SDK
}

const mcpGo = "github.com/mark3labs/mcp-go/..."

func (a arrow) covers(path string) bool { return covers(a.from, path) }

func (a arrow) permits(path string) bool {
	return slices.ContainsFunc(a.to, func(pattern string) bool { return covers(pattern, path) })
}

// covers reports whether a pattern stands for a path.
func covers(pattern, path string) bool {
	root, tree := strings.CutSuffix(pattern, "/...")
	return path == root || tree && strings.HasPrefix(path, root+"/")
}

// local returns an import path as the table writes it, or "" for one of the standard library.
func local(path string) string {
	if path == module {
		return "."
	}
	if rest, ok := strings.CutPrefix(path, module+"/"); ok {
		return rest
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return ""
	}
	return path
}

func TestPackagesImportOnlyWhatTheyMay(t *testing.T) {
	t.Parallel()
	packages := importsOf(t)
	if len(packages) < 20 {
		t.Errorf("got %d packages, want those of the whole module", len(packages))
	}
	used := map[int]map[string]bool{}
	for from, imports := range packages {
		at := slices.IndexFunc(arrows, func(a arrow) bool { return a.covers(from) })
		if at < 0 {
			t.Errorf("%s: the table of arrows does not list the package", from)
			continue
		}
		if used[at] == nil {
			used[at] = map[string]bool{}
		}
		for to := range imports {
			if !arrows[at].permits(to) {
				t.Errorf("%s imports %s, want only %q", from, to, arrows[at].to)
			}
			for _, pattern := range arrows[at].to {
				used[at][pattern] = used[at][pattern] || covers(pattern, to)
			}
		}
	}
	for i, a := range arrows {
		if used[i] == nil {
			t.Errorf("%s: no package matches", a.from)
		}
		for _, pattern := range a.to {
			if used[i] != nil && !used[i][pattern] {
				t.Errorf("%s: nothing imports %s any more: remove it from the table", a.from, pattern)
			}
		}
	}
}

// importsOf returns the imports of each package of the module, without tests and the standard library. It reads the
// files itself, so that "go test" runs again when one changes.
func importsOf(t *testing.T) map[string]map[string]bool {
	t.Helper()
	const root = "../../.."
	packages := map[string]map[string]bool{}
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			_, nested := os.Stat(filepath.Join(file, "go.mod"))
			hidden := strings.HasPrefix(entry.Name(), ".") && file != root
			if hidden || entry.Name() == "testdata" || nested == nil && file != root {
				return filepath.SkipDir
			}
			return nil
		}
		if filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return fmt.Errorf("parse: %w", err)
		}
		from, err := filepath.Rel(root, filepath.Dir(file))
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		from = filepath.ToSlash(from)
		if packages[from] == nil {
			packages[from] = map[string]bool{}
		}
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			if to := local(path); to != "" {
				packages[from][to] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return packages
}

// What programs of the SDK and other servers link must not grow by an arrow that an indirect import hides.
func TestWhatPackagesLink(t *testing.T) {
	t.Parallel()
	for pkg, banned := range map[string][]string{
		"gen/optable": {"github.com/", "golang.org/", "gopkg.in/"},
		"client/...": {
			module + "/mcpadapter", "github.com/mark3labs/", "github.com/spf13/", "github.com/itchyny/",
			"go.yaml.in/", "gopkg.in/",
		},
		"mcpadapter": {
			module + "/client", module + "/gen", "github.com/mark3labs/", "github.com/spf13/", "net/http/httptest",
		},
		"mcpadapter/mcpgo": {module + "/client", module + "/gen", "github.com/spf13/cobra"},
		"mcpadapter/serve": {module + "/client", module + "/gen"},
	} {
		list := exec.CommandContext(t.Context(), "go", "list", "-deps", module+"/"+pkg)
		output, err := list.Output()
		if err != nil {
			t.Fatalf("go list -deps %s: %v", pkg, err)
		}
		for path := range strings.FieldsSeq(string(output)) {
			if path == module+"/gen/optable" || strings.HasPrefix(path, module+"/gen/optable/") {
				continue
			}
			for _, prefix := range banned {
				if strings.HasPrefix(path, module+"/"+strings.TrimSuffix(pkg, "/...")) {
					continue
				}
				if path == prefix || strings.HasPrefix(path, strings.TrimSuffix(prefix, "/")+"/") {
					t.Errorf("%s links %s", pkg, path)
				}
			}
		}
	}
}

func TestCovers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"client", "client", true},
		{"client", "client/vault", false},
		{"client/...", "client", true},
		{"client/...", "client/vault", true},
		{"client/...", "clients", false},
		{"client", "clients", false},
	} {
		if got := covers(c.pattern, c.path); got != c.want {
			t.Errorf("covers(%q, %q) = %t, want %t", c.pattern, c.path, got, c.want)
		}
	}
}

// TestOnlyGeneratorsAndSpecParseYAML follows the imports of what every program links. A server reads its own settings
// from YAML, and no description.
func TestOnlyGeneratorsAndSpecParseYAML(t *testing.T) {
	t.Parallel()
	packages := importsOf(t)
	queue := []string{"client", "mcpadapter", "mcpadapter/mcpgo", "mcpadapter/serve"}
	seen := map[string]bool{}
	for len(queue) > 0 {
		from := queue[0]
		queue = queue[1:]
		for to := range packages[from] {
			settings := from == "mcpadapter/serve" && to == "go.yaml.in/yaml/v3"
			if to == "gen/openapi" || strings.Contains(to, "yaml") && !settings {
				t.Errorf("%[2]s imports %[1]s", to, from)
			}
			if !seen[to] {
				seen[to] = true
				queue = append(queue, to)
			}
		}
	}
	if !seen["gen"] {
		t.Errorf("got %v, want the packages that all of them import", seen)
	}
}
