package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

const goldenTools = "testdata/tools"

// goldenTool is a tool as clients are told of it, but for the output schema.
type goldenTool struct {
	Name        string             `json:"name"`
	Title       string             `json:"title"`
	Description string             `json:"description"`
	Annotations mcp.ToolAnnotation `json:"annotations"`
	InputSchema json.RawMessage    `json:"inputSchema"`
}

func profiles() []mcpadapter.Profile {
	return []mcpadapter.Profile{mcpadapter.ProfileStandard, mcpadapter.ProfileOpenAI, mcpadapter.ProfileGemini}
}

func toolsIn(tb testing.TB, profile mcpadapter.Profile) []mcpadapter.Tool {
	tb.Helper()
	return adapterIn(tb, profile).Tools()
}

func adapterIn(tb testing.TB, profile mcpadapter.Profile) *mcpadapter.Adapter {
	tb.Helper()
	return withoutEnvironment(tb, mcpadapter.WithProfile(profile), mcpadapter.WithResourceScheme("workos"))
}

func golden(d mcp.Tool) goldenTool {
	return goldenTool{
		Name: d.Name, Title: d.Title, Description: d.Description, Annotations: d.Annotations, InputSchema: d.RawInputSchema,
	}
}

// A change of what models are told shows in review, as a change of the file of its toolset and profile. After one that
// is meant, run
//
//	go test ./examples/workos-mcp -run Golden -update
func TestGoldenTools(t *testing.T) {
	want := map[string][]byte{}
	for _, profile := range profiles() {
		adapter := adapterIn(t, profile)
		files := map[string][]goldenTool{}
		for _, tool := range adapter.Tools() {
			name := filepath.Join(profile.String(), tool.Toolset()+".json")
			files[name] = append(files[name], golden(mcpgo.Definition(tool)))
		}
		for _, tool := range adapter.DynamicTools() {
			name := filepath.Join("dynamic", profile.String()+".json")
			files[name] = append(files[name], golden(mcpgo.Definition(tool)))
		}
		for name, tools := range files {
			var file bytes.Buffer
			enc := json.NewEncoder(&file)
			enc.SetEscapeHTML(false)
			enc.SetIndent("", "  ")
			if err := enc.Encode(tools); err != nil {
				t.Fatal(err)
			}
			want[filepath.Join(goldenTools, name)] = file.Bytes()
		}
	}
	adapter := adapterIn(t, mcpadapter.ProfileStandard)
	for name, text := range map[string]string{
		"standard/instructions.txt": instructions(t.Context(), adapter, false),
		"dynamic/instructions.txt":  instructions(t.Context(), adapter, true),
		"dynamic/catalogue.md":      adapter.Catalogue(t.Context()),
	} {
		want[filepath.Join(goldenTools, name)] = []byte(text)
	}
	if *update {
		writeGolden(t, want)
	}
	found, err := filepath.Glob(goldenTools + "/*/*")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range found {
		got, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want[name]) {
			t.Errorf("%s is not what clients are told; if that is meant, run this test with -update", name)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s is missing; run this test with -update", name)
	}
}

// writeGolden writes the files and removes those of toolsets that are gone.
func writeGolden(tb testing.TB, files map[string][]byte) {
	tb.Helper()
	if err := os.RemoveAll(goldenTools); err != nil {
		tb.Fatal(err)
	}
	for name, content := range files {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(name, content, 0o644); err != nil {
			tb.Fatal(err)
		}
	}
}
