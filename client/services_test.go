package client_test

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

// serviceExample is the call that the doc comment of a service shows, as a function.
type serviceExample struct {
	service   string // type
	operation string
	call      func(ctx context.Context, c *client.Client) error
}

// TestServiceExamplesCallTheirOperation runs each example: it is valid, and sends one request of its operation.
func TestServiceExamplesCallTheirOperation(t *testing.T) {
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
	c := newClient(t, testKey, w.option())
	ctx := client.WithCredentials(t.Context(), client.Credentials{
		APIKey: testKey, AccessToken: testToken, PlatformToken: testPlatformToken,
	})
	for _, example := range serviceExamples {
		w.sent = nil
		var failure *client.Error
		if err := example.call(ctx, c); !errors.As(err, &failure) || failure.Operation != example.operation || len(w.sent) != 1 {
			t.Errorf("%s: got %v and %d requests, want one of %s", example.service, err, len(w.sent), example.operation)
		}
	}
}

// TestServicesAreDocumented holds the doc comment of each service to the example that is run.
func TestServicesAreDocumented(t *testing.T) {
	calls := map[string]bool{}
	for _, example := range serviceExamples {
		calls[example.service] = true
	}
	source, err := os.ReadFile("services_gen_test.go")
	if err != nil {
		t.Fatal(err)
	}
	run := strings.ReplaceAll(string(source), "\t", "")
	file, err := parser.ParseFile(token.NewFileSet(), "services.gen.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	services := 0
	for _, decl := range file.Decls {
		group, ok := decl.(*ast.GenDecl)
		if !ok || group.Tok != token.TYPE {
			continue
		}
		name := group.Specs[0].(*ast.TypeSpec).Name.Name //nolint:forcetypeassert // what type declarations consist of
		if !strings.HasSuffix(name, "Service") {
			continue
		}
		services++
		text, code, _ := strings.Cut(group.Doc.Text(), "\n\n")
		if !strings.HasPrefix(text, name+" (") || !strings.Contains(text, "Operations:") {
			t.Errorf("%s: got the comment %q, want the product, a sentence and the operations", name, text)
		}
		code = strings.TrimSpace(strings.ReplaceAll(code, "\t", ""))
		if !calls[name] || code == "" || !strings.Contains(run, "\n"+code+"\n") {
			t.Errorf("%s: got the example\n%s\nwant the one that is run", name, code)
		}
	}
	if services != len(serviceExamples) || services < 125 {
		t.Errorf("got %d services and %d examples, want one for each of 125 and more", services, len(serviceExamples))
	}
}

func TestTypeNamesAreShort(t *testing.T) {
	for _, file := range []string{"services.gen.go", "types.gen.go"} {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(parsed, func(n ast.Node) bool {
			if typ, ok := n.(*ast.TypeSpec); ok && len(typ.Name.Name) > 60 {
				t.Errorf("%s: the name %s has %d characters, want at most 60", file, typ.Name.Name, len(typ.Name.Name))
			}
			return true
		})
	}
}
