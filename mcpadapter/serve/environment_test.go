package serve

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// A misspelt variable would leave out the limit that was meant, so that the call is not sent.
func TestUnknownVariablesAreRefused(t *testing.T) {
	for _, c := range []struct{ prefix, variable, want string }{
		{"SHOP_MCP", "SHOP_MCP_READONLY=true", "SHOP_MCP_READONLY; did you mean SHOP_MCP_READ_ONLY?"},
		{"SHOP_MCP", "SHOP_MCP_CONFIRMKEY=x", "SHOP_MCP_CONFIRMKEY; did you mean SHOP_MCP_CONFIRM_KEY?"},
		{"SHOP_MCP", "shop_mcp_deny=*", "shop_mcp_deny; did you mean SHOP_MCP_DENY?"},
		{"SHOP_MCP", "SHOP_MCP_=1", "SHOP_MCP_: want SHOP_MCP_ and the name of a flag, "},
		{"SHOP_MCP", "SHOP_MCP_READ_ONLY=false", ""},
		{"SHOP_MCP", "SHOP_MCP_READONLY=", ""},
		{"SHOP_MCP", "SHOP_MCP_ACTIVE_HELP=0", ""}, // of the completion scripts for fish and PowerShell
		{"SHOP_MCP", "SHOP_URL=x", ""},
		{"", "SHOP_MCP_READONLY=true", ""},
		{"", "_READ_ONLY=true", ""},
	} {
		store := newStore(t)
		api := store.api()
		api.EnvPrefix = c.prefix
		var stderr bytes.Buffer
		code := Run(t.Context(), api, Process{
			Args: []string{"tool", "call", "teas.list"}, Environ: []string{c.variable},
			Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: &stderr,
		})
		want, sent := "shop-mcp: unknown environment variable "+c.want, int32(0)
		if c.want == "" {
			want, sent = "", 1
		}
		if n := store.requests.Load(); n != sent {
			t.Errorf("%s: got %d requests on the wire, want %d", c.variable, n, sent)
		}
		if (code == ExitUsage) != (c.want != "") || !strings.HasPrefix(stderr.String(), want) {
			t.Errorf("%s: got %d %s, want %q", c.variable, code, &stderr, want)
		}
	}
}
