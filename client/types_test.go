package client_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// TestOneImportIsEnough builds and runs a program that imports package client and no other package of this module.
func TestOneImportIsEnough(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a program")
	}
	var sent []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = append(sent, r.URL.RawQuery+string(body))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id": "user_01", "data": []}`)
	}))
	defer server.Close()
	imports := goTool(t, "list", "-f", `{{join .Imports "\n"}}`, "./testdata/oneimport")
	for path := range strings.FieldsSeq(imports) {
		if strings.Contains(path, ".") && path != "github.com/seed-f165d83c/workos/client" {
			t.Errorf("imports: got %s, want package client and the standard library", path)
		}
	}
	binary := filepath.Join(t.TempDir(), "oneimport")
	goTool(t, "build", "-o", binary, "./testdata/oneimport")
	out, err := exec.CommandContext(t.Context(), binary, server.URL).CombinedOutput()
	if want := "hello user_01\n<nil>\n"; err != nil || string(out) != want {
		t.Errorf("got %q and %v, want %q", out, err, want)
	}
	want := `{"email":"ada@example.com","first_name":"Ada","last_name":null}`
	if len(sent) != 2 || sent[0] != want || !strings.Contains(sent[1], "order=asc") {
		t.Errorf("sent: got %q, want %s and an order", sent, want)
	}
}

func TestAliasesAreTheGeneratedTypes(t *testing.T) {
	if got, want := reflect.TypeFor[workos.User](), reflect.TypeFor[gen.User](); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := workos.OrganizationMembershipStatusActive; got != gen.OrganizationMembershipStatusActive {
		t.Errorf("got %q", got)
	}
}

func TestOptionalValues(t *testing.T) {
	if got := workos.Ptr("a"); got == nil || *got != "a" { //nolint:modernize // Ptr is what is tested
		t.Errorf("Ptr: got %v, want a pointer to a", got)
	}
	if got, err := workos.Value(7).Get(); got != 7 || err != nil {
		t.Errorf("Value: got %d and %v, want 7", got, err)
	}
	if null := workos.Null[string](); !null.IsNull() {
		t.Errorf("Null: got %v, want null", null)
	}
}
