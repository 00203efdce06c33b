package optest_test

import (
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// With the id "name", the metadata of a vault object would be the value of the object called metadata.
func TestPathValueOfAnotherOperationIsRefused(t *testing.T) {
	t.Parallel()
	client, err := gen.NewClientWithResponses("http://127.0.0.1:1")
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := mcpadapter.New(client, &gen.Operations, mcpadapter.WithStrict())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ tool, arguments, want string }{
		{"vault.kv.metadata.get", `{"id":"name"}`, "vault.kv.name.get"},
		{"vault.kv.versions.list", `{"id":"name"}`, "vault.kv.name.get"},
		{"organizations.api_keys.list", `{"organizationId":"external_id"}`, "organizations.external_id.get"},
	} {
		tool, err := adapter.Tool(c.tool)
		if err != nil {
			t.Fatal(err)
		}
		r := tool.Invoke(t.Context(), []byte(c.arguments))
		if r.Failure == nil || r.Failure.Code != mcpadapter.CodeInvalidArguments || !strings.Contains(r.Text(), c.want) {
			t.Errorf("%s %s: got %s, want a refusal that names %s", c.tool, c.arguments, r.Text(), c.want)
		}
	}
	if _, err := client.VaultKVMetadataGetWithResponse(t.Context(), "name"); err == nil ||
		!strings.Contains(err.Error(), "another endpoint") {
		t.Errorf("the client: got %v, want a refusal", err)
	}
}

func TestEveryOperationBecomesATool(t *testing.T) {
	t.Parallel()
	client, err := gen.NewClientWithResponses("https://api.example.com")
	if err != nil {
		t.Fatalf("NewClientWithResponses: %v", err)
	}
	adapter, err := mcpadapter.New(client, &gen.Operations, mcpadapter.WithStrict())
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	if got, want := len(adapter.Tools()), len(gen.Operations.Operations); got != want {
		t.Fatalf("tools: got %d, want %d", got, want)
	}
	for i, tool := range adapter.Tools() {
		if op := gen.Operations.Operations[i]; tool.Name() != op.ID || tool.Title() != op.Summary {
			t.Errorf("tool %d: got %s (%s), want %s (%s)", i, tool.Name(), tool.Title(), op.ID, op.Summary)
		}
	}
}
