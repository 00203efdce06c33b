package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// source is the package without its import.
var source = strings.NewReplacer("import \"time\"\n", "", "*time.Time", "*int", "= time.Time", "= []string").Replace(before)

func TestChangesAreBreakingOrAdditions(t *testing.T) {
	for _, c := range []struct{ old, changed, want string }{
		{"Limit = 7", "Limit = 8", "BREAKING client: changed: const Limit :: untyped int = 7\n\tto: const Limit :: untyped int = 8\n"},
		{`= "red"`, `= "RED"`, "BREAKING client: changed: const ColorRed ::"},
		{"\tName   string", "", "BREAKING client: removed: type Client field Name :: string\n"},
		{"Get(id string", "Get(key string", ""},
		{"Get(id string", "Get(id int", "BREAKING client: changed: method (Client) Get ::"},
		{"(c *Client) Get", "(c Client) Get", "BREAKING client: changed: method (Client) Get ::"},
		{"hidden int", "hidden string", ""},
		{"hidden int", "Shown int", "added client: type Client field Shown :: int\n"},
		{"[]byte, error) }", "[]byte, error); Save() }", "BREAKING client: changed: type Store ::"},
		{"seal() }", "seal(); Save() }", "BREAKING client: changed: type Sealed ::"},
		{"Page[T any]", "Page[T comparable]", "BREAKING client: changed: type Page ::"},
		{"func New[K ~string]", "func Make[K ~string]", "BREAKING client: removed: func New :: [K ~string](K) *Client\nadded client: func Make ::"},
		{"var Default", "var Standard", "BREAKING client: removed: var Default ::"},
		{"= []string", "= []int", "BREAKING client: changed: type Now ::"},
	} {
		accepted, current := API{"client": checked(t, source)}, API{"client": checked(t, strings.Replace(source, c.old, c.changed, 1))}
		d := Compare(accepted, current)
		var out strings.Builder
		d.Print(&out)
		if got := out.String(); got != c.want && (c.want == "" || !strings.HasPrefix(got, c.want)) {
			t.Errorf("%s: got %q, want %q", c.changed, got, c.want)
		}
	}
}

// checked returns the API of a package that imports nothing.
func checked(t *testing.T, source string) []string {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, "client.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, err := new(types.Config).Check("example.com/acme/client", files, []*ast.File{file}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return describe(pkg, "example.com/acme")
}
