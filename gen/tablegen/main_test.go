package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/internal/generator/commandtest"
	tablegen "github.com/seed-f165d83c/workos/gen/tablegen"
)

func TestMain(m *testing.M) { commandtest.Main(m, tablegen.Main) }

// TestTheTableInUseIsWhatTheDescriptionGenerates runs the command as go:generate does.
func TestTheTableInUseIsWhatTheDescriptionGenerates(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	description, err := filepath.Abs(filepath.Join("..", "..", "api.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	words, err := filepath.Abs(filepath.Join("..", "search.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if stderr, err := commandtest.Run(t, dir, "-strict", "-words", words, "-reserved", "reserved.go", description); err != nil || stderr != "" {
		t.Fatalf("got %v: %s", err, stderr)
	}
	for got, want := range map[string]string{ // table.gen.go and the package gen are the defaults
		"table.gen.go": filepath.Join("..", "table.gen.go"),
		"reserved.go":  filepath.Join("..", "internal", "runtime", "reserved.gen.go"),
	} {
		if commandtest.Read(t, dir, got) != commandtest.Read(t, want) {
			t.Errorf("%s is not what api.yaml generates; run go generate", want)
		}
	}
}

func TestTheCommandWritesTheTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	commandtest.Write(t, dir, "tea.yaml", teas)
	if stderr, err := commandtest.Run(t, dir, "-package", "tea", "-out", "out.go", "tea.yaml"); err != nil || stderr != "" {
		t.Fatalf("got %v: %s", err, stderr)
	}
	want, err := tablegen.Print("tea", convert(t, teas))
	if err != nil {
		t.Fatal(err)
	}
	if got := commandtest.Read(t, dir, "out.go"); got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	wantFiles(t, dir, "out.go tea.yaml") // without -reserved there is no second one
}

func wantFiles(t *testing.T, dir, want string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name())
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("files: got %s, want %s", got, want)
	}
}

func TestTheCommandRefusesAndWritesNothing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args []string
		want string
	}{
		{
			[]string{"-strict", "odd.yaml"}, "odd.yaml:6: the table cannot represent the keyword \"not\"; what it rejects is " +
				"accepted; say it in the description\ntablegen: odd.yaml: 1 problems, and -strict accepts none\n",
		},
		{nil, "tablegen: want one OpenAPI document, got 0 arguments; see tablegen -help\n"},
		{[]string{"tea.yaml", "tea.yaml"}, "tablegen: want one OpenAPI document, got 2 arguments; see tablegen -help\n"},
		{[]string{"none.yaml"}, "tablegen: read the document: open none.yaml: no such file or directory\n"},
		{[]string{"bad.yaml"}, "tablegen: bad.yaml: no OpenAPI document: the field openapi is missing\n"},
		{[]string{"-pkg", "x", "tea.yaml"}, "flag provided but not defined: -pkg\n"},
		{[]string{"-config", "none", "tea.yaml"}, "tablegen: -config: open none: no such file or directory\n"},
		{[]string{"-config", "bad.yaml", "-out", "x", "none.yaml"}, "tablegen: read the document: open none.yaml"},
		{[]string{"-package", "a b", "tea.yaml"}, "tablegen: format the table: 3:11: expected ';', found b\n"},
		{[]string{"-out", "no/out.go", "tea.yaml"}, "tablegen: write no/out.go: open no/out.go: no such file or directory\n"},
		{[]string{"-reserved", "no/r.go", "-out", "/dev/null", "tea.yaml"}, "tablegen: write no/r.go: "},
	} {
		dir := t.TempDir()
		commandtest.Write(t, dir, "bad.yaml", "a: b\n")
		commandtest.Write(t, dir, "odd.yaml", odd)
		commandtest.Write(t, dir, "tea.yaml", teas)
		stderr, err := commandtest.Run(t, dir, c.args...)
		if err == nil || err.Error() != "exit status 1" || !strings.HasPrefix(stderr, c.want) {
			t.Errorf("%v: got %v: %s, want 1 and %s", c.args, err, stderr, c.want)
		}
		wantFiles(t, dir, "bad.yaml odd.yaml tea.yaml")
	}
}

func TestWhatTheTableLacksIsAWarning(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	commandtest.Write(t, dir, "odd.yaml", odd)
	stderr, err := commandtest.Run(t, dir, "odd.yaml")
	const want = "odd.yaml:6: the table cannot represent the keyword \"not\"; what it rejects is accepted; " +
		"say it in the description\n"
	if err != nil || stderr != want {
		t.Errorf("got %v: %s, want the warning %s", err, stderr, want)
	}
	if table := commandtest.Read(t, dir, "table.gen.go"); !strings.Contains(table, `ID: "a"`) {
		t.Errorf("got %s, want the operation", table)
	}
}

func TestTheCommandExplainsItself(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stderr, err := commandtest.Run(t, dir, "-help")
	for _, want := range []string{"usage: tablegen [flags] document\n", "-include-tags tags", "-strict"} {
		if err != nil || !strings.Contains(stderr, want) {
			t.Errorf("got %v: %s, want %s", err, stderr, want)
		}
	}
	wantFiles(t, dir, "")
}

func TestOperationsAreSelectedAsTheClientSelectsThem(t *testing.T) {
	t.Parallel()
	const config = "package: tea\noutput: tea.gen.go\ngenerate: {client: true}\noutput-options:\n" +
		"  name-normalizer: ToCamelCaseWithInitialisms\n  include-tags: [hot]\n  exclude-operation-ids: [b]\n"
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "gen a b c"},
		{[]string{"-include-tags", "hot, none"}, "gen a b"},
		{[]string{"-exclude-tags", "hot"}, "gen c"},
		{[]string{"-include-operation-ids", "a,c"}, "gen a c"},
		{[]string{"-exclude-operation-ids", "a"}, "gen b c"},
		{[]string{"-config", "config.yaml"}, "tea a"},
		{[]string{"-config", "config.yaml", "-exclude-operation-ids", "a", "-package", "cup"}, "cup b"},
	} {
		dir := t.TempDir()
		commandtest.Write(t, dir, "config.yaml", config)
		commandtest.Write(t, dir, "d.yaml", "openapi: 3.1.0\npaths:\n  /a: {get: {operationId: a, tags: [hot]}, put: {operationId: b, "+
			"tags: [hot]}, post: {operationId: c}}\n")
		if stderr, err := commandtest.Run(t, dir, append(c.args, "d.yaml")...); err != nil || stderr != "" {
			t.Errorf("%v: %v: %s", c.args, err, stderr)
			continue
		}
		table := commandtest.Read(t, dir, "table.gen.go")
		_, rest, _ := strings.Cut(table, "package ")
		name, _, _ := strings.Cut(rest, "\n")
		found := []string{name}
		for _, id := range []string{"a", "b", "c"} {
			if strings.Contains(table, `ID: "`+id+`"`) {
				found = append(found, id)
			}
		}
		if got := strings.Join(found, " "); got != c.want {
			t.Errorf("%v: got %s, want %s", c.args, got, c.want)
		}
	}
}

func TestWordsOfAFileAreAdded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const document = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /teas:\n    get:\n" +
		"      operationId: teas.list\n      x-keywords: old\n      responses: {'204': {description: None.}}\n"
	commandtest.Write(t, dir, "tea.yaml", document)
	for file, want := range map[string]string{
		"synonyms: {cuppa: [tea]}\nkeywords: {teas.list: 'what is\n  brewed'}": "",
		"keywords: {teas.lists: x}": `unknown operation "teas.lists"`,
		"words: {}":                 "field words not found",
		"keywords: [a]":             "cannot unmarshal",
	} {
		commandtest.Write(t, dir, "words.yaml", file)
		_ = os.Remove(filepath.Join(dir, "out.go"))
		stderr, err := commandtest.Run(t, dir, "-words", "words.yaml", "-out", "out.go", "tea.yaml")
		if (err == nil) != (want == "") || !strings.Contains(stderr, want) {
			t.Errorf("%q: got %v: %s, want %q", file, err, stderr, want)
		}
		if want != "" {
			if _, err := os.Stat(filepath.Join(dir, "out.go")); err == nil {
				t.Errorf("%q: the table was written", file)
			}
			continue
		}
		for _, part := range []string{`Term: "cuppa", Means: []string{"tea"}`, "\"x-keywords\", JSON: `\"what is brewed\"`"} {
			if code := commandtest.Read(t, dir, "out.go"); !strings.Contains(code, part) || strings.Contains(code, "old") {
				t.Errorf("got %s, want %s in it", code, part)
			}
		}
	}
}
