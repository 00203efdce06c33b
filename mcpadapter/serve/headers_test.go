package serve

import (
	"net/http"
	"strings"
	"testing"
)

func TestHeadersAreKnownInAnyCase(t *testing.T) {
	for _, name := range headers() {
		for _, spelt := range []string{name, strings.ToLower(name), strings.ToUpper(name), http.CanonicalHeaderKey(name)} {
			if err := checkHeaders(http.Header{spelt: {"x"}}); err != nil {
				t.Errorf("%s: got %v, want it known", spelt, err)
			}
		}
	}
	for _, name := range []string{"", "s", "Xmc", "Confirm", "X-Allow", "Accept", "Mcp-Name"} {
		if err := checkHeaders(http.Header{name: {"x"}}); err != nil {
			t.Errorf("%q: got %v, want it left alone", name, err)
		}
	}
}

func TestAnUnknownHeaderIsNamedWithTheNearest(t *testing.T) {
	for name, want := range map[string]string{
		"X-Mcp-Read-Only":     "the header X-Mcp-Read-Only is unknown; did you mean X-MCP-Readonly?",
		"X_mcp_deny":          "the header X_mcp_deny is unknown; did you mean X-MCP-Deny?",
		"X-Mcp-Confirmed":     "the header X-Mcp-Confirmed is unknown; did you mean X-MCP-Confirm?",
		"X-Mcp-Tools":         "the header X-Mcp-Tools is unknown; did you mean X-MCP-Allow?",
		"X-Mcp-Exclude-Tools": "the header X-Mcp-Exclude-Tools is unknown; did you mean X-MCP-Deny?",
		"X-Mcp-Zzzzzzz": "the header X-Mcp-Zzzzzzz is unknown; known are X-MCP-Toolsets, X-MCP-Allow, X-MCP-Deny, " +
			"X-MCP-Readonly, X-MCP-Confirm, X-MCP-Max-Result-Bytes, X-MCP-Hide-Secrets",
	} {
		if err := checkHeaders(http.Header{name: {"x"}}); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// The cheap test of a header's name agrees with how names are compared elsewhere.
func TestHeadersThatNarrow(t *testing.T) {
	t.Parallel()
	if fold(headerPrefix) != foldedPrefix {
		t.Errorf("got %q, want %q", foldedPrefix, fold(headerPrefix))
	}
	for _, name := range []string{
		"X-Mcp-Allow", "x-mcp-allow", "XMcp", "X_MCP_Tools", "-X--M_CP-", "xmcpdeny", "X-Mc", "X-M-P-Allow", "Mcp-Session-Id",
		"X-Forwarded-For", "", "-", "Content-Type", "Xmc-P-", "8-mcp-a", "X\x0dcp",
	} {
		if got, want := narrows(name), strings.HasPrefix(fold(name), foldedPrefix); got != want {
			t.Errorf("%q: got %t, want %t", name, got, want)
		}
	}
}
