package gosdk

import (
	"context"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// betweenCalls is the first revision in which clients ask between two calls, and no longer while one waits.
const betweenCalls = "2026-07-28"

// clientOf returns the client of a call. Since revision 2026-07-28 each request declares the client's capabilities;
// before that the session does, so that a server without sessions cannot ask.
func clientOf(request *mcp.CallToolRequest) mcpadapter.MCPClient {
	client := mcpadapter.MCPClient{Name: clientName(request)}
	capabilities := request.ClientCapabilities()
	if capabilities == nil || !takesForms(capabilities.Elicitation) {
		return client
	}
	if request.ProtocolVersion() < betweenCalls {
		client.Ask, client.Conversation = asker(request.Session), conversation(request.Session)
		return client
	}
	// The handshake of older revisions may have asked for this one, but cannot agree on it: such a client cannot ask.
	_, client.Between = request.Params.GetMeta()[mcp.MetaKeyProtocolVersion]
	client.State = request.Params.RequestState
	client.Agreed = agrees(request.Params.InputResponses[mcpadapter.ConfirmationField])
	return client
}

// conversation returns the ID of a session, whose person confirms several calls by one reply. Sessions of other
// transports than HTTP have none, and are told apart by their addresses.
func conversation(session *mcp.ServerSession) string {
	if id := session.ID(); id != "" {
		return id
	}
	return fmt.Sprintf("%p", session)
}

// takesForms reports whether the capability includes forms: an empty one does (revision 2025-11-25, client/elicitation,
// "Capabilities").
func takesForms(c *mcp.ElicitationCapabilities) bool {
	return c != nil && (c.Form != nil || c.URL == nil)
}

func confirmationForm(question string) *mcp.ElicitParams {
	return &mcp.ElicitParams{Mode: "form", Message: question, RequestedSchema: mcpadapter.ConfirmationForm()}
}

func agrees(response mcp.InputResponse) bool {
	answer, ok := response.(*mcp.ElicitResult)
	return ok && answer != nil && mcpadapter.Confirmed(answer.Action, answer.Content)
}

// asker returns an [mcpadapter.Asker] that has the client of a session ask while the call waits.
func asker(session *mcp.ServerSession) mcpadapter.Asker {
	return func(ctx context.Context, question string) (bool, error) {
		answer, err := session.Elicit(ctx, confirmationForm(question))
		if err != nil {
			return false, err //nolint:wrapcheck // the core says what was tried
		}
		return agrees(answer), nil
	}
}

// questionResult returns the first of two calls of a client that asks between them.
func questionResult(pending *mcpadapter.PendingConfirmation) *mcp.CallToolResult {
	return &mcp.CallToolResult{
		RequestState:  pending.Token,
		InputRequests: mcp.InputRequestMap{mcpadapter.ConfirmationField: confirmationForm(pending.Question)},
	}
}
