package serve

import (
	"bytes"
	"fmt"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// param is what MCP wants of a member of the parameters of a request (schema of revision 2025-11-25).
type param struct {
	name     string
	first    byte // of its JSON: '"' or '{'
	required bool
}

// paramsOf returns the members that the handling of a method depends on.
func paramsOf(method string) []param {
	meta := param{name: "_meta", first: '{'}
	switch mcp.MCPMethod(method) {
	case mcp.MethodInitialize:
		return []param{meta, {"protocolVersion", '"', false}, {"capabilities", '{', false}, {"clientInfo", '{', false}}
	case mcp.MethodToolsCall, mcp.MethodPromptsGet:
		return []param{meta, {"name", '"', true}}
	case mcp.MethodResourcesRead:
		return []param{meta, {"uri", '"', true}}
	case mcp.MethodCompletionComplete:
		return []param{meta, {"ref", '{', true}, {"argument", '{', true}}
	}
	return []param{meta}
}

// wrongParams returns what is wrong with the parameters of a request; "": nothing that mcp-go could not report, which
// names its own Go types.
func wrongParams(m envelope) string {
	if m.params == nil || string(m.params) == "null" {
		m.params = []byte("{}")
	}
	if bytes.TrimLeft(m.params, " \t\r\n")[0] != '{' {
		return `the member "params" must be an object`
	}
	given := map[string][]byte{}
	plain := jsontext.Walk(m.params, func(name, value []byte) bool {
		given[string(name)] = value // spelled exactly, see inspect
		return bytes.IndexByte(name, '\\') < 0
	})
	if !plain {
		return ""
	}
	for _, p := range paramsOf(m.method) {
		value, ok := given[p.name]
		want := "an object"
		if p.first == '"' {
			want = "a string that is not empty"
		}
		switch {
		case !ok && p.required:
			return fmt.Sprintf("the member %q of params is missing: want %s", p.name, want)
		case ok && (value[0] != p.first || p.required && string(value) == `""`):
			return fmt.Sprintf("the member %q of params must be %s", p.name, want)
		}
	}
	return ""
}
