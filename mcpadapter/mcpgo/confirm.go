package mcpgo

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// elicitation is a way in which a client asks its user.
type elicitation int

const (
	elicitsNothing elicitation = iota
	elicitsInCall              // by a request of the server while the call waits (revisions up to 2025-11-25)
	elicitsBetween             // between two calls, the first of which returns the question (since revision 2026-07-28)
)

// elicits returns how the client of a call asks its user. Since revision 2026-07-28 each request declares the client's
// capabilities; before that the session does, so that a server without sessions cannot ask.
func elicits(ctx context.Context) elicitation {
	if info := server.RequestProtocolInfoFromContext(ctx); info != nil && info.Modern {
		if info.ClientCapabilities != nil && takesForms(info.ClientCapabilities.Elicitation) {
			return elicitsBetween
		}
		return elicitsNothing
	}
	session := server.ClientSessionFromContext(ctx)
	_, asks := session.(server.SessionWithElicitation)
	declared, ok := session.(server.SessionWithClientInfo)
	if asks && ok && takesForms(declared.GetClientCapabilities().Elicitation) {
		return elicitsInCall
	}
	return elicitsNothing
}

// sessionID returns the ID of the session of a call, whose person confirms several calls by one reply.
func sessionID(ctx context.Context) string {
	if session := server.ClientSessionFromContext(ctx); session != nil {
		return session.SessionID()
	}
	return ""
}

// CanAsk reports whether the client of a call can ask its user for a confirmation, by elicitation.
func CanAsk(ctx context.Context) bool { return elicits(ctx) != elicitsNothing }

// takesForms reports whether the capability includes forms: an empty one does (revision 2025-11-25, client/elicitation,
// "Capabilities").
func takesForms(c *mcp.ElicitationCapability) bool {
	return c != nil && (c.Form != nil || c.URL == nil)
}

func confirmationForm(question string) mcp.ElicitationParams {
	return mcp.ElicitationParams{
		Mode:            mcp.ElicitationModeForm,
		Message:         question,
		RequestedSchema: mcpadapter.ConfirmationForm(),
	}
}

func agrees(answer *mcp.ElicitationResult) bool {
	if answer == nil {
		return false
	}
	content, _ := answer.Content.(map[string]any)
	return mcpadapter.Confirmed(string(answer.Action), content)
}

// elicit is an [mcpadapter.Asker] that has the client ask while the call waits.
func elicit(ctx context.Context, question string) (bool, error) {
	s := server.ServerFromContext(ctx)
	if s == nil {
		return false, errors.New("the call came without a server")
	}
	answer, err := s.RequestElicitation(ctx, mcp.ElicitationRequest{
		Request: mcp.Request{Method: string(mcp.MethodElicitationCreate)},
		Params:  confirmationForm(question),
	})
	return agrees(answer), err
}

// serveRound serves one of the two calls: the first returns the question and a token as the state to send back, the
// second carries them and the user's reply (revision 2026-07-28, multi-round-trip requests).
func serveRound(
	ctx context.Context, t mcpadapter.Tool, request mcp.CallToolRequest, arguments json.RawMessage,
) *mcp.CallToolResult {
	if token := request.Params.RequestState; token != "" {
		agreed := agrees(server.ElicitationResponse(request.Params.InputResponses, mcpadapter.ConfirmationField))
		return callResult(t.Resume(ctx, arguments, token, agreed).Declined(ClientName(ctx, request.Header)))
	}
	pending, result := t.Ask(ctx, arguments)
	if pending == nil {
		return callResult(result)
	}
	return server.NewInputRequestBuilder(pending.Token).
		Elicit(mcpadapter.ConfirmationField, confirmationForm(pending.Question)).ToolResult()
}
