package gosdk

import (
	"context"
	"fmt"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// betweenCalls is the first revision in which clients ask between two calls, and no longer while one waits.
const betweenCalls = "2026-07-28"

// elicitation is a way in which a client asks its user.
type elicitation int

const (
	elicitsNothing elicitation = iota
	elicitsInCall              // by a request of the server while the call waits (revisions up to 2025-11-25)
	elicitsBetween             // between two calls, the first of which returns the question (since revision 2026-07-28)
)

// elicits returns how the client of a call asks its user. Since revision 2026-07-28 each request declares the client's
// capabilities; before that the session does, so that a server without sessions cannot ask.
func elicits(request *mcp.CallToolRequest) elicitation {
	capabilities := request.ClientCapabilities()
	if capabilities == nil || !takesForms(capabilities.Elicitation) {
		return elicitsNothing
	}
	_, declared := request.Params.GetMeta()[mcp.MetaKeyProtocolVersion]
	switch modern := request.ProtocolVersion() >= betweenCalls; {
	case modern && declared:
		return elicitsBetween
	case modern: // asked for by the handshake of older revisions, which cannot agree on it
		return elicitsNothing
	}
	return elicitsInCall
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

// serveRound serves one of the two calls: the first returns the question and a token as the state to send back, the
// second carries them and the user's reply (revision 2026-07-28, multi-round-trip requests).
func serveRound(ctx context.Context, t mcpadapter.Tool, request *mcp.CallToolRequest) *mcp.CallToolResult {
	arguments := request.Params.Arguments
	if token := request.Params.RequestState; token != "" {
		agreed := agrees(request.Params.InputResponses[mcpadapter.ConfirmationField])
		return callResult(t.Resume(ctx, arguments, token, agreed).Declined(clientName(request)))
	}
	pending, result := t.Ask(ctx, arguments)
	if pending == nil {
		return callResult(result)
	}
	return &mcp.CallToolResult{
		RequestState:  pending.Token,
		InputRequests: mcp.InputRequestMap{mcpadapter.ConfirmationField: confirmationForm(pending.Question)},
	}
}
