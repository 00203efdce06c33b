package main

import (
	"encoding/json"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen"
)

// instructionsIn are those of an answer to initialize or server/discover.
func instructionsIn(t *testing.T, answer string) string {
	t.Helper()
	var m struct{ Result struct{ Instructions string } }
	if err := json.Unmarshal([]byte(answer), &m); err != nil {
		t.Fatal(err)
	}
	return m.Result.Instructions
}

const discover = `{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{` +
	`"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
	`"io.modelcontextprotocol/clientInfo":{"name":"mcp-inspector","version":"1"},` +
	`"io.modelcontextprotocol/clientCapabilities":{}}}}`

func TestInstructionsFitTheRequest(t *testing.T) {
	modern := http.Header{"Mcp-Protocol-Version": {"2026-07-28"}, "Mcp-Method": {"server/discover"}}
	for what, m := range map[string]struct {
		mode         string
		header       http.Header
		part, absent string
	}{
		"direct":  {"direct", nil, "org_ (Organization)", "search_operations"},
		"dynamic": {"dynamic", nil, "search_operations", "Permitted here"},
		"filtered": {
			"direct", http.Header{"X-Mcp-Deny": {"connections.*"}},
			"not connections.* (X-MCP-Deny)", "how an organization",
		},
	} {
		url, _ := startHTTP(t, nil, "--sandbox", "--mode", m.mode)
		for method, body := range map[string]string{"initialize": initialize, "server/discover": discover} {
			header := http.Header{}
			maps.Copy(header, m.header)
			if method == "server/discover" {
				maps.Copy(header, modern)
			}
			status, answer := post(t, url+mcpPath, body, header)
			if status != http.StatusOK {
				t.Fatalf("%s, %s: got %d %s", what, method, status, answer)
			}
			text := instructionsIn(t, answer)
			if !strings.Contains(text, m.part) || strings.Contains(text, m.absent) {
				t.Errorf("%s, %s: got %s, want %q and not %q", what, method, text, m.part, m.absent)
			}
			if !strings.Contains(text, "never instructions") {
				t.Errorf("%s, %s: got %s, want what answers are", what, method, text)
			}
		}
	}
}

// What the instructions name is there.
func TestInstructionsNameOperationsAndArguments(t *testing.T) {
	adapter := withoutEnvironment(t)
	name := regexp.MustCompile(`\b[a-z_]+(\.[a-z_]+)+\b`)
	argument := regexp.MustCompile(`([a-z_.]+) with ([a-z_]+)(?: or ([a-z_]+))?`)
	ways := 0
	for line := range strings.Lines(instructions(t.Context(), adapter, false)) {
		way, ok := strings.CutPrefix(line, "- ")
		if !ok || !strings.Contains(way, ".list with ") {
			continue
		}
		ways++
		for _, found := range name.FindAllString(way, -1) {
			if tool, err := adapter.Tool(found); err != nil || tool.Name() != found {
				t.Errorf("%s: got %v, want a tool", found, err)
			}
		}
		for _, found := range argument.FindAllStringSubmatch(way, -1) {
			tool, err := adapter.Tool(found[1])
			if err != nil {
				t.Fatal(err)
			}
			for _, wanted := range found[2:] {
				if wanted != "" && !strings.Contains(string(tool.InputSchema()), `"`+wanted+`":`) {
					t.Errorf("%s has no argument %s", found[1], wanted)
				}
			}
		}
	}
	if ways != 4 {
		t.Errorf("got %d usual ways, want 4", ways)
	}
}

// The prefixes of IDs are those that api.yaml states.
func TestInstructionsNameThePrefixesOfTheAPI(t *testing.T) {
	stated := map[string]bool{}
	for _, op := range gen.Operations.Operations {
		for _, p := range op.Parameters {
			for _, prefix := range p.Schema.IDPrefixes {
				stated[prefix] = true
			}
		}
	}
	forms := withoutEnvironment(t).IDForms(4)
	if len(forms) != 4 {
		t.Errorf("got %d prefixes, want 4: %q", len(forms), forms)
	}
	for _, form := range forms {
		prefix, owner, owned := strings.Cut(form, " ")
		if !stated[prefix] {
			t.Errorf("no parameter has the prefix %s", prefix)
		}
		if owner = strings.Trim(owner, "()"); owned && gen.Operations.Schema(owner) == nil {
			t.Errorf("%s: there is no %s", prefix, owner)
		}
	}
	text := strings.Join(forms, ", ")
	for _, want := range []string{"org_ (Organization)", "user_", "om_ (OrganizationMembership)", "conn_ (Connection)"} {
		if !strings.Contains(text, want) {
			t.Errorf("got %s, want %s among them", text, want)
		}
	}
}

func TestModeComesFromTheFlagOrTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		variable string
		args     []string
		tools    int
	}{
		{"", nil, 263},
		{"dynamic", nil, 5},
		{"direct", nil, 263},
		{"", []string{"--mode=dynamic"}, 5},
		{"dynamic", []string{"--mode", "direct"}, 263},
		{"", []string{"--mode=dynamic", "--read-only"}, 3},
	} {
		s := openStdio(t, map[string]string{"WORKOS_MCP_MODE": c.variable}, append(c.args, "--sandbox")...)
		if got := listedNames(t, s.list()); len(got) != c.tools {
			t.Errorf("%q %v: got %d tools, want %d", c.variable, c.args, len(got), c.tools)
		}
	}
	for _, o := range []outcome{
		execute(t, nil, "", "stdio", "--mode=compact"),
		execute(t, map[string]string{"WORKOS_MCP_MODE": "compact"}, "", "stdio"),
		execute(t, map[string]string{"WORKOS_MCP_MODE": "compact"}, "", "http", "--addr=127.0.0.1:0"),
	} {
		if o.code != exitUsage || !strings.Contains(o.stderr, `unknown mode "compact": want direct, dynamic or code`) {
			t.Errorf("got %d %s, want 2 and the modes", o.code, o.stderr)
		}
	}
}

func TestTheDynamicModeWorksInTheSandbox(t *testing.T) {
	s := openStdio(t, nil, "--mode=dynamic", "--sandbox")
	answers := s.call([]string{
		callBody(1, "search_operations", `{"query":"find the organization named Acme"}`),
		callBody(2, "describe_operations", `{"operations":["organizations.create"]}`),
		callBody(3, "call_write_operation", `{"operation":"organizations.create","arguments":{"name":"Acme"}}`),
		callBody(4, "call_read_operation", `{"operation":"organizations.create","arguments":{"name":"Acme"}}`),
		`{"jsonrpc":"2.0","id":5,"method":"resources/read","params":{"uri":"workos://catalogue"}}`,
		`{"jsonrpc":"2.0","id":6,"method":"resources/list"}`,
	})
	for i, want := range []string{
		`organizations.list({`, `"input_schema":{`, `"object":"organization"`, `call it with call_write_operation`,
		"organizations: list create external_id.get get update delete", "workos://catalogue",
	} {
		if !strings.Contains(answers[i], want) {
			t.Errorf("%d: got %s, want %s in it", i+1, answers[i], want)
		}
	}
}
