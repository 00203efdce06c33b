package mcpgo_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	mcpclient "github.com/mark3labs/mcp-go/client"
	mcptransport "github.com/mark3labs/mcp-go/client/transport"
	"github.com/mark3labs/mcp-go/mcp"
	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// person answers elicitations.
type person struct {
	answer mcp.ElicitationResponse
	err    error
	asked  []mcp.ElicitationParams
}

func (p *person) Elicit(_ context.Context, r mcp.ElicitationRequest) (*mcp.ElicitationResult, error) {
	p.asked = append(p.asked, r.Params)
	return &mcp.ElicitationResult{ElicitationResponse: p.answer}, p.err
}

func accepts(content any) mcp.ElicitationResponse {
	return mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionAccept, Content: content}
}

// answers are what a person and a client may say to the form, and whether it means yes.
func answers() map[string]struct {
	response mcp.ElicitationResponse
	agreed   bool
} {
	type answer = struct {
		response mcp.ElicitationResponse
		agreed   bool
	}
	return map[string]answer{
		"accepted":                 {accepts(map[string]any{"confirm": true}), true},
		"accepted with the box no": {accepts(map[string]any{"confirm": false}), false},
		"accepted with a text":     {accepts(map[string]any{"confirm": "true"}), false},
		"accepted unseen":          {accepts(map[string]any{}), false},
		"accepted with nothing":    {accepts(nil), false},
		"declined":                 {mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline}, false},
		"cancelled":                {mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionCancel}, false},
		"declined with the box yes": {mcp.ElicitationResponse{
			Action: mcp.ElicitationResponseActionDecline, Content: map[string]any{"confirm": true},
		}, false},
		"neither": {mcp.ElicitationResponse{Content: map[string]any{"confirm": true}}, false},
	}
}

// elicitingClient is a client of a revision up to 2025-11-25 with a person.
func elicitingClient(tb testing.TB, s *mcpserver.MCPServer, p *person) *mcpclient.Client {
	tb.Helper()
	return elicitingClientAs(tb, s, p, "")
}

func elicitingClientAs(tb testing.TB, s *mcpserver.MCPServer, p *person, name string) *mcpclient.Client {
	tb.Helper()
	c, err := mcpclient.NewInProcessClientWithOptions(s, mcpclient.WithElicitationHandler(p))
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = c.Close() })
	if err := c.Start(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	request := mcp.InitializeRequest{}
	request.Params.ProtocolVersion, request.Params.ClientInfo.Name = "2025-11-25", name
	if _, err := c.Initialize(tb.Context(), request); err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestAClientThatElicitsAsksInTheCourseOfTheCall(t *testing.T) {
	t.Parallel()
	for name, c := range answers() {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		p := &person{answer: c.response}
		client := elicitingClient(t, served(t, a), p)
		r := call(t, client, "teas.delete", map[string]any{"tea_id": "1"})
		if len(p.asked) != 1 {
			t.Fatalf("%s: asked %d times, want once; got %s", name, len(p.asked), textOf(t, r))
		}
		shoptest.WantParts(t, name, p.asked[0].Message, "Remove a tea?", `tea_id: "1"`)
		if sent := len(wire.Changes()) == 1; sent != c.agreed || r.IsError == c.agreed {
			t.Errorf("%s: got sent %v and %s, want sent %v", name, sent, textOf(t, r), c.agreed)
		}
		if !c.agreed {
			shoptest.WantParts(t, name, textOf(t, r), "not_confirmed: the person did not agree; nothing was sent")
		}
	}
}

func TestAnElicitationThatFailsSendsNothing(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	p := &person{answer: accepts(map[string]any{"confirm": true}), err: errors.New("no dialog")}
	r := call(t, elicitingClient(t, served(t, a), p), "teas.delete",
		map[string]any{"tea_id": "1"})
	if !r.IsError || len(wire.Changes()) != 0 {
		t.Errorf("got %s, want a tool error and nothing sent", textOf(t, r))
	}
	shoptest.WantParts(t, "text", textOf(t, r), "not_confirmed", "no dialog")
}

func TestAClientWithoutFormsCallsTwice(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	s := served(t, a)
	c := connect(t, s)
	for name, call := range map[string]func(arguments string) *mcp.CallToolResult{
		"up to 2025-11-25": func(arguments string) *mcp.CallToolResult {
			return call(t, c, "teas.delete", json.RawMessage(arguments))
		},
		"2026-07-28": func(arguments string) *mcp.CallToolResult {
			r := round{capabilities: `{}`}.call(t, s, "teas.delete", arguments)
			return &r
		},
		"URLs alone": func(arguments string) *mcp.CallToolResult {
			r := round{capabilities: `{"elicitation":{"url":{}}}`}.call(t, s, "teas.delete", arguments)
			return &r
		},
	} {
		r := call(deletion)
		var structured struct{ Error mcpadapter.Failure }
		if err := json.Unmarshal(structuredOf(t, r), &structured); err != nil {
			t.Fatal(err)
		}
		pending := structured.Error.Confirmation
		if !r.IsError || structured.Error.Code != mcpadapter.CodeConfirmationRequired || pending == nil {
			t.Fatalf("%s: got %s, want a question", name, textOf(t, r))
		}
		shoptest.WantParts(t, name, textOf(t, r), "nothing was sent yet", "Remove a tea?", pending.Token,
			"Only if they agree", pending.Expires.Format("2006-01-02T15:04:05Z"))
		if n := len(wire.Changes()); n != 0 {
			t.Fatalf("%s: got %d requests, want none", name, n)
		}
		r = call(string(shoptest.WithToken(t, deletion, pending.Token)))
		if sent := wire.Changes(); r.IsError || len(sent) != 1 {
			t.Errorf("%s: got %s and %v, want it sent", name, textOf(t, r), sent)
		}
	}
}

func structuredOf(tb testing.TB, r *mcp.CallToolResult) []byte {
	tb.Helper()
	if len(r.RawStructuredContent) > 0 {
		return r.RawStructuredContent
	}
	text, err := json.Marshal(r.StructuredContent)
	if err != nil {
		tb.Fatal(err)
	}
	return text
}

// round is one tools/call of revision 2026-07-28.
type round struct {
	capabilities string // of the client
	state        string
	answer       any
}

func (r round) call(tb testing.TB, s *mcpserver.MCPServer, tool, arguments string) mcp.CallToolResult {
	tb.Helper()
	params := map[string]any{
		"name": tool, "arguments": json.RawMessage(arguments),
		"_meta": map[string]any{
			"io.modelcontextprotocol/protocolVersion":    "2026-07-28",
			"io.modelcontextprotocol/clientCapabilities": json.RawMessage(r.capabilities),
		},
	}
	if r.state != "" {
		params["requestState"] = r.state
	}
	if r.answer != nil {
		params["inputResponses"] = map[string]any{"confirm": r.answer}
	}
	message, err := json.Marshal(map[string]any{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
	if err != nil {
		tb.Fatal(err)
	}
	text, err := json.Marshal(s.HandleMessage(tb.Context(), message))
	if err != nil {
		tb.Fatal(err)
	}
	var answer struct {
		Result mcp.CallToolResult
		Error  any
	}
	if err := json.Unmarshal(text, &answer); err != nil || answer.Error != nil {
		tb.Fatalf("got %s (%v), want a result", text, err)
	}
	return answer.Result
}

const (
	withForms = `{"elicitation":{}}`
	deletion  = `{"tea_id":"1"}`
)

func TestAClientOfTwoRoundsAsksBetweenThem(t *testing.T) {
	t.Parallel()
	for name, c := range answers() {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		s := served(t, a)
		first := round{capabilities: withForms}.call(t, s, "teas.delete", deletion)
		question := first.InputRequests["confirm"].Elicitation
		if first.ResultType != mcp.ResultTypeInputRequired || first.RequestState == "" || question == nil {
			t.Fatalf("%s: got %+v, want a request for input", name, first)
		}
		shoptest.WantParts(t, name, question.Message, "Remove a tea?", `tea_id: "1"`)
		if n := len(wire.Changes()); n != 0 {
			t.Fatalf("%s: got %d requests before the answer, want none", name, n)
		}
		second := round{capabilities: withForms, state: first.RequestState, answer: c.response}
		r := second.call(t, s, "teas.delete", deletion)
		if sent := len(wire.Changes()) == 1; sent != c.agreed || r.IsError == c.agreed {
			t.Errorf("%s: got sent %v and %s, want sent %v", name, sent, textOf(t, &r), c.agreed)
		}
		// Whatever the answer was, there is no second one.
		second.answer = accepts(map[string]any{"confirm": true})
		r = second.call(t, s, "teas.delete", deletion)
		if n := len(wire.Changes()); !r.IsError || n != 0 {
			t.Errorf("%s, then accepted: got %s and %d requests, want none", name, textOf(t, &r), n)
		}
	}
}

func TestWhatDoesNotBelongToARoundSendsNothing(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	s := served(t, a)
	yes := accepts(map[string]any{"confirm": true})
	state := round{capabilities: withForms}.call(t, s, "teas.delete", deletion).RequestState
	told := shoptest.Asked(t.Context(), t, shoptest.Tool(t, a, "teas.delete"), deletion).Token
	for _, c := range []struct {
		name            string
		round           round
		tool, arguments string
	}{
		{"an answer without a question", round{withForms, "", yes}, "teas.delete", deletion},
		{"a made-up state", round{withForms, "yes", yes}, "teas.delete", deletion},
		{"another argument", round{withForms, state, yes}, "teas.delete", `{"tea_id":"2"}`},
		{"another tool", round{withForms, state, yes}, "recalls.create", `{"tea":"1"}`},
		{"the token of two calls as the state", round{withForms, told, yes}, "teas.delete", deletion},
		{
			"the state as the token of two calls", round{`{}`, "", nil},
			"teas.delete", fmt.Sprintf(`{"tea_id":"1","confirmation":%q}`, state),
		},
		{"the state without a client that asks", round{`{}`, state, yes}, "teas.delete", deletion},
		{
			"the token of two calls where the client asks", round{withForms, "", nil},
			"teas.delete", fmt.Sprintf(`{"tea_id":"1","confirmation":%q}`, told),
		},
	} {
		c.round.call(t, s, c.tool, c.arguments)
		if sent := wire.Changes(); len(sent) > 0 {
			t.Errorf("%s: got %v, want nothing sent", c.name, sent)
		}
	}
	r := round{withForms, state, yes}.call(t, s, "teas.delete", deletion)
	if sent := wire.Changes(); r.IsError || len(sent) != 1 {
		t.Errorf("after all that: got %s and %v, want it sent", textOf(t, &r), sent)
	}
}

func TestReadsAreNotAskedForInAnyWay(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `{"id":"1"}`), shoptest.Confirming(mcpadapter.ConfirmWrites))
	s := served(t, a)
	p := &person{}
	r := call(t, elicitingClient(t, s, p), "getTea", map[string]any{"tea_id": "1"})
	again := round{capabilities: withForms}.call(t, s, "getTea", deletion)
	if r.IsError || again.IsError || len(p.asked) != 0 || len(wire.Seen()) != 2 {
		t.Errorf("got %s and %s, want two answers without a question", textOf(t, r), textOf(t, &again))
	}
	if strings.Contains(textOf(t, &again), "confirm") {
		t.Errorf("got %s, want the answer alone", textOf(t, &again))
	}
}

// overHTTP is a client of the last revision with sessions, whose server keeps them or not.
func overHTTP(
	tb testing.TB, a *mcpadapter.Adapter, p *person, opts ...mcpserver.StreamableHTTPOption,
) *mcpclient.Client {
	tb.Helper()
	listener := httptest.NewServer(mcpserver.NewStreamableHTTPServer(served(tb, a), opts...))
	tb.Cleanup(listener.Close)
	transport, err := mcptransport.NewStreamableHTTP(listener.URL)
	if err != nil {
		tb.Fatal(err)
	}
	c := mcpclient.NewClient(transport, mcpclient.WithElicitationHandler(p))
	tb.Cleanup(func() { _ = c.Close() })
	if err := c.Start(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	request := mcp.InitializeRequest{}
	request.Params.ProtocolVersion = "2025-11-25"
	if _, err := c.Initialize(tb.Context(), request); err != nil {
		tb.Fatal(err)
	}
	return c
}

func TestAServerWithSessionsAsksOverHTTP(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	p := &person{answer: accepts(map[string]any{"confirm": true})}
	r := call(t, overHTTP(t, a, p), "teas.delete", map[string]any{"tea_id": "1"})
	if sent := wire.Changes(); r.IsError || len(p.asked) != 1 || len(sent) != 1 {
		t.Errorf("got %s after %d questions and %v, want it sent after one", textOf(t, r), len(p.asked), sent)
	}
	p.answer = mcp.ElicitationResponse{Action: mcp.ElicitationResponseActionDecline}
	r = call(t, overHTTP(t, a, p), "teas.delete", map[string]any{"tea_id": "1"})
	if sent := wire.Changes(); !r.IsError || len(p.asked) != 2 || len(sent) != 0 {
		t.Errorf("got %s after %d questions and %v, want it declined", textOf(t, r), len(p.asked), sent)
	}
}

// Without sessions nothing tells what the client of a call can do, and nothing could bring its answer back.
func TestAServerWithoutSessionsDoesNotWaitForAnAnswer(t *testing.T) {
	t.Parallel()
	for name, opts := range map[string][]mcpserver.StreamableHTTPOption{
		"streaming":     {mcpserver.WithStateLess(true)},
		"not streaming": {mcpserver.WithStateLess(true), mcpserver.WithDisableStreaming(true)},
	} {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		p := &person{answer: accepts(map[string]any{"confirm": true})}
		r := call(t, overHTTP(t, a, p, opts...), "teas.delete", map[string]any{"tea_id": "1"})
		if sent := wire.Changes(); !r.IsError || len(p.asked) != 0 || len(sent) != 0 {
			t.Errorf("%s: got %s after %d questions and %v, want a token", name, textOf(t, r), len(p.asked), sent)
		}
		shoptest.WantParts(t, name, textOf(t, r), mcpadapter.CodeConfirmationRequired)
	}
}

func TestTheCallersOfDynamicModeAskBetweenTwoRounds(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
	s := servedDynamic(t, a)
	const caller = "call_destructive_operation"
	yes := accepts(map[string]any{"confirm": true})
	of := func(arguments string) string {
		return string(shoptest.CallOf("teas.delete", json.RawMessage(arguments)))
	}
	first := round{capabilities: withForms}.call(t, s, caller, of(deletion))
	if question := first.InputRequests["confirm"].Elicitation; question == nil || len(wire.Changes()) != 0 {
		t.Fatalf("got %+v, want a request for input and nothing sent", first)
	}
	second := round{withForms, first.RequestState, yes}
	if r := second.call(t, s, caller, of(`{"tea_id":"2"}`)); !r.IsError || len(wire.Changes()) != 0 {
		t.Errorf("another argument: got %s, want nothing sent", textOf(t, &r))
	}
	if r := second.call(t, s, caller, of(deletion)); r.IsError || len(wire.Changes()) != 1 {
		t.Errorf("got %s, want it sent", textOf(t, &r))
	}
	// The operation's own tool is the same call.
	first = round{capabilities: withForms}.call(t, s, caller, of(deletion))
	second = round{withForms, first.RequestState, yes}
	if r := second.call(t, served(t, a), "teas.delete", deletion); r.IsError || len(wire.Changes()) != 1 {
		t.Errorf("by the operation's own tool: got %s, want it sent", textOf(t, &r))
	}
}
