package mcpgo_test

import (
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// A client that declines by itself where nobody attends it is recognized in the refusal.
func TestAClientThatDeclinesByItselfIsNamed(t *testing.T) {
	t.Parallel()
	for client, want := range map[string]string{
		"codex-mcp-client": "codex exec", "github-copilot-developer": "copilot -p", "copilot-cli": "copilot -p",
		"claude-code": "claude -p", "Cursor": "", "": "",
	} {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		c := elicitingClientAs(t, servedByStyle(t, a), &person{
			answer: mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline},
		}, client)
		r := call(t, c, "teas.delete", map[string]any{"tea_id": "1"})
		text := textOf(t, r)
		shoptest.WantParts(t, client, text, "not_confirmed", "Do not call it again unless they ask for it.")
		if got := strings.Contains(text, "the client declined by itself"); got != (want != "") || !strings.Contains(text, want) {
			t.Errorf("%q: got %s, want %q in it", client, text, want)
		}
		if sent := wire.Changes(); len(sent) > 0 || !r.IsError {
			t.Errorf("%q: got %v sent", client, sent)
		}
	}
}
