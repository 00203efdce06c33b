package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const before = `package client

import "time"

const Limit = 7

type Color string

const ColorRed Color = "red"

type Client struct {
	Name   string
	When   *time.Time
	hidden int
}

func (c *Client) Get(id string, opts ...func(n int) error) (*Client, error) { return nil, nil }

func (c Client) close() {}

type Store interface{ Load(name string) ([]byte, error) }

type Sealed interface{ seal() }

type Page[T any] struct{ Data []T }

type Now = time.Time

func New[K ~string](key K) *Client { return nil }

var Default Client
`

// module makes a module with one package of an API, a command, an internal package and packages that no pattern matches.
func module(t *testing.T, source string) {
	t.Helper()
	t.Chdir(t.TempDir())
	for name, text := range map[string]string{
		"go.mod":                      "module example.com/acme\n\ngo 1.26.0\n",
		"client/client.go":            source,
		"client/internal/x/x.go":      "package x\n\nfunc X() {}\n",
		"client/tool/main.go":         "package main\n\nfunc main() {}\n",
		"mcpadapter/mcpadapter.go":    "package mcpadapter\n\nimport \"example.com/acme/gen\"\n\ntype Alias = gen.Thing\n",
		"gen/gen.go":                  "package gen\n\ntype Thing struct{ ID string }\n\nfunc (Thing) Do() {}\n",
		"gen/optable/value/value.go":  "package value\n",
		"gen/optable/value/value2.go": "package value\n\nfunc Check(v any) bool { return true }\n",
	} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func apidiff(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := run(t.Context(), args, &out, &out)
	return out.String(), err
}

func TestTheListHasALineForEachPartOfTheAPI(t *testing.T) {
	module(t, before)
	if out, err := apidiff(t, "-update"); err != nil || out != "" {
		t.Fatalf("got %q and %v", out, err)
	}
	for file, want := range map[string]string{
		"client.txt": `const ColorRed :: Color = "red"
const Limit :: untyped int = 7
func New :: [K ~string](K) *Client
method (Client) Get :: (*Client) (string, ...func(int) error) (*Client, error)
type Client :: struct
type Client field Name :: string
type Client field When :: *time.Time
type Color :: string
type Now :: = time.Time
type Page :: struct[T any]
type Page field Data :: []T
type Sealed :: interface { unexported methods }
type Store :: interface { Load(string) ([]byte, error) }
var Default :: Client
`,
		"mcpadapter.txt":        "method (Alias) Do :: (Alias) ()\ntype Alias :: struct\ntype Alias field ID :: string\n",
		"gen.optable.value.txt": "func Check :: (any) bool\n",
	} {
		if got, err := os.ReadFile(filepath.Join("gen/testdata/api", file)); err != nil || string(got) != want {
			t.Errorf("%s: got\n%s\nand %v, want\n%s", file, got, err, want)
		}
	}
	if out, err := apidiff(t); err != nil || out != "" {
		t.Errorf("the same API: got %q and %v", out, err)
	}
}

func TestPackagesComeAndGo(t *testing.T) {
	module(t, before)
	if _, err := apidiff(t, "-update"); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll("gen/optable/value"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("client/tool/main.go", []byte("package tool\n\nfunc Run() {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := apidiff(t, "-baseline", "gen/testdata/api")
	const want = "BREAKING gen/optable/value: removed: func Check :: (any) bool\nadded client/tool: func Run :: ()\n"
	if out != want || err == nil || !strings.Contains(err.Error(), "ways that break programs") {
		t.Errorf("got %q and %v, want %q", out, err, want)
	}
	if _, err := apidiff(t, "-update"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat("gen/testdata/api/gen.optable.value.txt"); !os.IsNotExist(err) {
		t.Errorf("got %v, want no file of a package that is gone", err)
	}
	if out, err := apidiff(t); out != "" || err != nil {
		t.Errorf("after the update: got %q and %v", out, err)
	}
}

func TestTheCommandRefuses(t *testing.T) {
	module(t, before)
	for want, args := range map[string][]string{
		"flag provided but not defined: -x":       {"-x"},
		`unexpected arguments ["client"]`:         {"client"},
		"none has no accepted API: write it by":   {"-baseline", "none"},
		"go list: exit status 1":                  nil,
		"mkdir client/client.go: not a directory": {"-update", "-baseline", "client/client.go"},
	} {
		if args == nil {
			if err := os.WriteFile("mcpadapter/mcpadapter.go", []byte("package mcpadapter\n\nvar x int = \"\"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		_, err := apidiff(t, args...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want %s", args, err, want)
		}
		if args == nil {
			module(t, before)
		}
	}
}
