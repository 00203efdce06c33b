package main

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// The list of all tools fits into a model's attention, and into a client's limits.
func TestToolListFitsItsBudget(t *testing.T) {
	const (
		maxTokens = 26_000 // o200k, of names, descriptions and input schemas
		maxBytes  = 200_000
	)
	adapter := withoutEnvironment(t)
	list := toldTools(adapter, modeDirect)
	costs, err := count(list)
	if err != nil {
		t.Fatal(err)
	}
	total := costs[len(costs)-1]
	if total.tools != 214 || total.all > maxTokens {
		t.Errorf("%d tools cost %d tokens, want 214 for at most %d", total.tools, total.all, maxTokens)
	}
	sum := 0
	for _, c := range costs[:len(costs)-1] {
		sum += c.all
	}
	if sum != total.all {
		t.Errorf("the toolsets cost %d tokens, the total is %d", sum, total.all)
	}
	size, err := listBytes(list)
	if err != nil {
		t.Fatal(err)
	}
	if size > maxBytes {
		t.Errorf("the list has %d bytes, want at most %d", size, maxBytes)
	}
}

func TestBudgetIsPrintedByToolsetAndByTool(t *testing.T) {
	bySet := execute(t, nil, "", "tool", "budget")
	byTool := execute(t, nil, "", "tool", "budget", "--by-tool")
	if got := strings.Count(bySet.stdout, "\n"); got != 25 {
		t.Errorf("got %d lines, want 21 toolsets, a head, a total, the bytes and the instructions", got)
	}
	if got := strings.Count(byTool.stdout, "\n"); got != 218 {
		t.Errorf("got %d lines, want 214 tools, a head, a total, the bytes and the instructions", got)
	}
}

// The dynamic mode costs a fraction, and the catalogue of everything little more.
func TestDynamicModeFitsItsBudget(t *testing.T) {
	const maxTools, maxCatalogue = 1500, 3000 // o200k tokens
	adapter := withoutEnvironment(t)
	costs, err := count(toldTools(adapter, modeDynamic))
	if err != nil {
		t.Fatal(err)
	}
	if total := costs[len(costs)-1]; total.tools != 5 || total.all > maxTools {
		t.Errorf("%d tools cost %d tokens, want 5 for at most %d", total.tools, total.all, maxTools)
	}
	n, err := tokens(adapter.Catalogue(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	if n[0] > maxCatalogue {
		t.Errorf("the catalogue costs %d tokens, want at most %d", n[0], maxCatalogue)
	}
	o := execute(t, nil, "", "tool", "budget", "--mode", "dynamic")
	for _, part := range []string{"search_operations", "5 ", " total", "of instructions", "of the catalogue"} {
		if !strings.Contains(o.stdout, part) {
			t.Errorf("got %s, want %q in it", o.stdout, part)
		}
	}
}

func TestInstructionsTellOnceWhatManyToolsShare(t *testing.T) {
	adapter := withoutEnvironment(t)
	text := instructions(t.Context(), adapter, modeDirect)
	for _, name := range []string{"before", "after", "limit", "order"} {
		if !strings.Contains(text, "- "+name+": ") {
			t.Errorf("the instructions say nothing of %s", name)
		}
	}
	for _, tool := range adapter.Tools() {
		var schema struct {
			Properties map[string]struct{ Description string }
		}
		if err := json.Unmarshal(tool.InputSchema, &schema); err != nil {
			t.Fatal(err)
		}
		for _, argument := range adapter.CommonArguments() {
			if schema.Properties[argument.Name].Description == argument.Description {
				t.Errorf("%s says again what %s means", tool.Name, argument.Name)
			}
		}
	}
}

func withoutEnvironment(t *testing.T) *mcpadapter.Adapter {
	t.Helper()
	p := process{stderr: io.Discard, getenv: func(string) string { return "" }}
	adapter, err := p.shellAdapter(flags{})
	if err != nil {
		t.Fatal(err)
	}
	return adapter
}
