package optest_test

import (
	"encoding/json"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// BenchmarkDeriveAllTools is what a server spends at its start to make a tool of every operation.
func BenchmarkDeriveAllTools(b *testing.B) {
	client, err := gen.NewClientWithResponses("https://api.example.com")
	if err != nil {
		b.Fatalf("NewClientWithResponses: %v", err)
	}
	b.ReportAllocs()
	tools := 0
	for b.Loop() {
		adapter, err := mcpadapter.New(client, &gen.Operations, mcpadapter.WithStrict())
		if err != nil {
			b.Fatalf("New: %v", err)
		}
		tools = len(adapter.Tools())
	}
	b.ReportMetric(float64(tools), "tools/op")
	b.ReportMetric(b.Elapsed().Seconds()*1e3/float64(b.N), "ms/op")
}

// BenchmarkCheckArguments is what a refusal costs, which is the check of arguments alone.
func BenchmarkCheckArguments(b *testing.B) {
	client, err := gen.NewClientWithResponses("https://api.example.com")
	if err != nil {
		b.Fatalf("NewClientWithResponses: %v", err)
	}
	adapter, err := mcpadapter.New(client, &gen.Operations, mcpadapter.WithStrict())
	if err != nil {
		b.Fatalf("New: %v", err)
	}
	tool, err := adapter.Tool("organizations.create")
	if err != nil {
		b.Fatalf("Tool: %v", err)
	}
	arguments := json.RawMessage(`{"name":"Acme","external_id":7,"metadata":{"tier":"gold"}}`)
	for b.Loop() {
		if tool.Invoke(b.Context(), arguments).Failure == nil {
			b.Fatal("got success, want a refusal of external_id")
		}
	}
}
