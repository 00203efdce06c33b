package mcpgo

import (
	"context"
	"errors"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// elicits returns how the client of a call asks its user: while the call waits, or between two calls. Since revision
// 2026-07-28 each request declares the client's capabilities; before that the session does, so that a server without
// sessions cannot ask.
func elicits(ctx context.Context) (inCall, between bool) {
	if info := server.RequestProtocolInfoFromContext(ctx); info != nil && info.Modern {
		return false, info.ClientCapabilities != nil && takesForms(info.ClientCapabilities.Elicitation)
	}
	session := server.ClientSessionFromContext(ctx)
	_, asks := session.(server.SessionWithElicitation)
	declared, ok := session.(server.SessionWithClientInfo)
	return asks && ok && takesForms(declared.GetClientCapabilities().Elicitation), false
}

// CanAsk reports whether the client of a call can ask its user for a confirmation, by elicitation.
func CanAsk(ctx context.Context) bool {
	inCall, between := elicits(ctx)
	return inCall || between
}

// clientOf returns the client of a call.
func clientOf(ctx context.Context, request mcp.CallToolRequest) mcpadapter.MCPClient {
	inCall, between := elicits(ctx)
	client := mcpadapter.MCPClient{Name: ClientName(ctx, request.Header), Between: between}
	switch {
	case between:
		client.State = request.Params.RequestState
		client.Agreed = agrees(server.ElicitationResponse(request.Params.InputResponses, mcpadapter.ConfirmationField))
	case inCall:
		client.Ask = elicit
		client.Conversation = server.ClientSessionFromContext(ctx).SessionID()
	}
	return client
}

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

// questionResult returns the first of two calls of a client that asks between them.
func questionResult(pending *mcpadapter.PendingConfirmation) *mcp.CallToolResult {
	return server.NewInputRequestBuilder(pending.Token).
		Elicit(mcpadapter.ConfirmationField, confirmationForm(pending.Question)).ToolResult()
}
