package gosdk_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// The SDK's own client asks its user in the way of the revision that it agrees on with the server.
func TestTheClientOfTheSDKAsks(t *testing.T) {
	t.Parallel()
	for action, agreed := range map[string]bool{"accept": true, "decline": false} {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		var questions []string
		session := connect(t, named(t, a, nil), "test", &mcp.ClientOptions{
			ElicitationHandler: func(_ context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
				questions = append(questions, r.Params.Message)
				return &mcp.ElicitResult{Action: action, Content: map[string]any{"confirm": true}}, nil
			},
		})
		r, err := session.CallTool(t.Context(), &mcp.CallToolParams{
			Name: "teas_delete", Arguments: map[string]any{"tea_id": "1"},
		})
		if err != nil {
			t.Fatal(err)
		}
		if sent := len(wire.Changes()); sent == 1 != agreed || r.IsError == agreed || len(questions) != 1 {
			t.Errorf("%s: got %d requests after %d questions and %+v", action, sent, len(questions), r)
		}
	}
}

// The handshake of older revisions cannot agree on the revision whose clients ask between two calls, so such a client
// gets a token: it would not understand the question.
func TestAHandshakeForTheNewRevisionGetsAToken(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	near, far := mcp.NewInMemoryTransports()
	server, err := named(t, a, nil).Connect(t.Context(), far, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = server.Close() }()
	wireConn, err := near.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = wireConn.Close() }()
	ask := func(id int, method, params string) string {
		t.Helper()
		message, err := decode(id, method, params)
		if err != nil {
			t.Fatal(err)
		}
		if err := wireConn.Write(t.Context(), message); err != nil {
			t.Fatal(err)
		}
		response, err := wireConn.Read(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(response)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	ask(1, "initialize", `{"protocolVersion":"2026-07-28","capabilities":{"elicitation":{}},"clientInfo":{"name":"x","version":"1"}}`)
	got := ask(2, "tools/call", `{"name":"teas.delete","arguments":{"tea_id":"1"}}`)
	shoptest.WantParts(t, "response", got, mcpadapter.CodeConfirmationRequired)
	if sent := wire.Changes(); len(sent) != 0 {
		t.Errorf("got %v, want nothing sent", sent)
	}
}
