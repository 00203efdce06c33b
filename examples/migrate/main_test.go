package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
)

var update = flag.Bool("update", false, "write the tables of docs/migration.md")

const before = `package app

import (
	"context"

	"github.com/workos/workos-go/v4/pkg/organizations"
	um "github.com/workos/workos-go/v4/pkg/usermanagement"
)

// leave removes a user.
func leave(ctx context.Context, s *um.Client, id string) error {
	user, err := um.GetUser(ctx, um.GetUserOpts{User: id}) // by its ID
	if err != nil {
		return err
	}
	if err := s.DeleteUser(ctx, um.DeleteUserOpts{User: user.ID}); err != nil {
		return err
	}
	return organizations.DeleteOrganization(ctx, organizations.DeleteOrganizationOpts{
		Organization: user.Metadata["organization"],
	})
}
`

func TestMigration(t *testing.T) {
	for name, c := range map[string]struct {
		write                bool
		source, want, report string
	}{
		"a list changes nothing": {
			false, before, before, `a.go:11: usermanagement.Client: see docs/migration.md
a.go:12: usermanagement.GetUser: use c.UserManagement.Users.Get (-w rewrites it)
a.go:16: usermanagement.DeleteUser: use c.UserManagement.Users.Delete (-w rewrites it)
a.go:19: organizations.DeleteOrganization: use c.Organizations.Delete (-w rewrites it)
4 uses, 0 rewritten
`,
		},
		"calls are rewritten, and imports go": {
			true, before, `package app

import (
	"context"

	um "github.com/workos/workos-go/v4/pkg/usermanagement"
)

// leave removes a user.
func leave(ctx context.Context, s *um.Client, id string) error {
	user, err := s.workos.UserManagement.Users.Get(ctx, id) // by its ID
	if err != nil {
		return err
	}
	if err := s.workos.UserManagement.Users.Delete(ctx, user.ID); err != nil {
		return err
	}
	return s.workos.Organizations.Delete(ctx, user.Metadata["organization"])
}
`, "",
		},
		"the only import goes": {
			true, `package app

import "github.com/workos/workos-go/v2/pkg/sso"

func f(ctx C) { _ = sso.DeleteConnection(ctx, sso.DeleteConnectionOpts{Connection: "conn_1"}) }
`, `package app

func f(ctx C) { _ = s.workos.Connections.Delete(ctx, "conn_1") }
`, "",
		},
		"what says more is left": {
			true, `package app

import "github.com/workos/workos-go/v4/pkg/usermanagement"

func f(ctx C, o usermanagement.GetUserOpts) {
	usermanagement.SetAPIKey("sk_1")
	usermanagement.GetUser(ctx, o)
	usermanagement.GetUser(ctx, usermanagement.GetUserOpts{})
	usermanagement.GetUser(ctx, usermanagement.GetUserOpts{"user_1"})
	usermanagement.ListUsers(ctx, usermanagement.ListUsersOpts{Limit: 1})
}
`, "", `a.go:5: usermanagement.GetUserOpts: see docs/migration.md
a.go:6: usermanagement.SetAPIKey: use workos.New
a.go:7: usermanagement.GetUser: use c.UserManagement.Users.Get
a.go:8: usermanagement.GetUser: use c.UserManagement.Users.Get
a.go:9: usermanagement.GetUser: use c.UserManagement.Users.Get
a.go:10: usermanagement.ListUsers: use c.UserManagement.Users.All
6 uses, 0 rewritten
`,
		},
		"others of that name are none": {
			true, `package app

import (
	"example.com/pkg/sso"
	"github.com/workos/workos-go/v4/pkg/organizations"
)

func f(ctx C, organizations T) {
	_ = sso.DeleteConnection(ctx, sso.DeleteConnectionOpts{Connection: "conn_1"})
	_ = organizations.DeleteOrganization(ctx, organizations.DeleteOrganizationOpts{Organization: "org_1"})
}
`, "", "0 uses, 0 rewritten\n",
		},
	} {
		t.Chdir(t.TempDir())
		if err := os.WriteFile("a.go", []byte(c.source), 0o600); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		m := migration{write: c.write, client: "s.workos", out: &out}
		if err := m.run(nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		got, err := os.ReadFile("a.go")
		if err != nil {
			t.Fatal(err)
		}
		if c.want == "" {
			c.want = c.source
		}
		if string(got) != c.want {
			t.Errorf("%s: got\n%s\nwant\n%s", name, got, c.want)
		}
		if c.report != "" && out.String() != c.report {
			t.Errorf("%s: got\n%s\nwant\n%s", name, &out, c.report)
		}
		again := migration{write: c.write, client: "s.workos", out: &out}
		if err := again.run([]string{"./..."}); err != nil || again.rewritten > 0 {
			t.Errorf("%s: again: got %v, %d rewritten, want none", name, err, again.rewritten)
		}
	}
}

func TestMigrationReportsWhatItCannotRead(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.go", []byte("package"), 0o600); err != nil {
		t.Fatal(err)
	}
	for want, m := range map[string]migration{
		`-client "s.": want an expression such as c or s.workos`: {client: "s."},
		"a.go:1:8: expected 'IDENT'":                             {client: "c"},
	} {
		m.out = &strings.Builder{}
		if err := m.run(nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	m := migration{client: "c", out: &strings.Builder{}}
	if err := m.run([]string{"missing"}); err == nil {
		t.Error("a missing directory: got no error")
	}
}

// Every replacement exists, and one that a call is rewritten to takes one argument.
func TestReplacementsExist(t *testing.T) {
	for name, r := range rules {
		first, _, _ := strings.Cut(r.to, ",")
		first, _, _ = strings.Cut(first, ";")
		if method, ok := strings.CutPrefix(first, "authkit.Client."); ok {
			if _, ok := reflect.TypeFor[*authkit.Client]().MethodByName(method); !ok {
				t.Errorf("%s: no %s", name, first)
			}
			continue
		}
		path, ok := strings.CutPrefix(first, "c.")
		if !ok {
			if r.field != "" {
				t.Errorf("%s: %s is no call of the client", name, first)
			}
			continue
		}
		parts := strings.Split(path, ".")
		at := reflect.TypeFor[*client.Client]()
		for _, part := range parts[:len(parts)-1] {
			field, ok := at.Elem().FieldByName(part)
			if !ok {
				t.Fatalf("%s: no %s", name, first)
			}
			at = field.Type
		}
		method, ok := at.MethodByName(parts[len(parts)-1])
		if !ok {
			t.Errorf("%s: no %s", name, first)
			continue
		}
		// The receiver, the context, the argument and options.
		if n := method.Type.NumIn(); r.field != "" && (n != 4 || method.Type.In(2).Kind() != reflect.String) {
			t.Errorf("%s: %s is %v, which does not take one ID", name, first, method.Type)
		}
	}
}

// The page has every rule.
func TestPage(t *testing.T) {
	page := filepath.Join("..", "..", "docs", "migration.md")
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	const begin, end = "<!-- rules: go test ./examples/migrate -run Page -update -->\n", "<!-- end -->"
	head, rest, ok := strings.Cut(string(text), begin)
	_, tail, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s has no place for the rules", page)
	}
	want := head + begin + table() + end + tail
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if string(text) != want {
		t.Errorf("%s does not have the rules: run go test ./examples/migrate -run Page -update", page)
	}
}

func table() string {
	var names []string
	for name := range rules {
		if !strings.HasPrefix(name, "*") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var b strings.Builder
	b.WriteString("| workos-go | here | rewritten |\n|---|---|---|\n")
	for _, name := range names {
		r := rules[name]
		here := "`" + strings.ReplaceAll(r.to, ", ", "`, `") + "`"
		if code, note, ok := strings.Cut(r.to, "; "); ok {
			here = "`" + code + "`; " + note
		}
		rewritten := ""
		if r.field != "" {
			rewritten = "yes"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", name, here, rewritten)
	}
	return b.String()
}
