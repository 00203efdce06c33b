package mcpgo_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// What a client declares decides whether it is asked or told to come again; nothing is sent in either case.
func TestOnlyAClientThatTakesFormsIsAskedBetweenTwoCalls(t *testing.T) {
	t.Parallel()
	for capabilities, asked := range map[string]bool{
		`{"elicitation":{}}`: true, `{"elicitation":{"form":{}}}`: true, `{"elicitation":{"form":{},"url":{}}}`: true,
		`{"elicitation":{"url":{}}}`: false, `{}`: false, `{"sampling":{}}`: false,
	} {
		a, wire := shoptest.New(t, nil, shoptest.Confirming(mcpadapter.ConfirmRisky))
		r := round{capabilities: capabilities}.call(t, served(t, a), "teas.delete", deletion)
		if got := r.ResultType == mcp.ResultTypeInputRequired; got != asked || r.IsError == asked {
			t.Errorf("%s: got %+v, want it asked: %t", capabilities, r, asked)
		}
		if sent := wire.Changes(); len(sent) != 0 {
			t.Errorf("%s: got %v, want nothing sent", capabilities, sent)
		}
	}
}

func TestRepairedArgumentsOfADynamicCallAreToldTogether(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, shoptest.RespondWith(http.StatusOK, "application/json", `[]`))
	c := connect(t, servedDynamic(t, a))
	for arguments, want := range map[string]string{
		`{"operation":"teas.list"}`:                                                                       "[]",
		`{"operation":"teas.list","arguments":{"limit":5}}`:                                               "[]",
		`{"operation":"teas.list","arguments":{"limit":"5"}}`:                                             "[limit]",
		`{"operation":"teas.list","arguments":{"limit":"5","in_stock":"true"}}`:                           "[in_stock limit]",
		`{"operation":"teas.list","arguments":"{\"limit\":5}"}`:                                           "[arguments]",
		`{"operation":"teas.list","arguments":"{\"limit\":\"5\"}"}`:                                       "[arguments limit]",
		shoptest.Quoted(`{"operation":"teas.list","arguments":{"limit":5}}`):                              "[arguments]",
		shoptest.Quoted(`{"operation":"teas.list","arguments":{"limit":"5"}}`):                            "[arguments limit]",
		shoptest.Quoted(`{"operation":"teas.list","arguments":` + shoptest.Quoted(`{"limit":"5"}`) + `}`): "[arguments arguments limit]",
	} {
		r := call(t, c, "call_read_operation", json.RawMessage(arguments))
		got := "[]"
		if r.Meta != nil && r.Meta.AdditionalFields[mcpadapter.MetaRepaired] != nil {
			got = fmt.Sprint(r.Meta.AdditionalFields[mcpadapter.MetaRepaired])
		}
		if got != want || r.IsError || len(wire.Seen()) != 1 {
			t.Errorf("%s: got %s repaired and %s, want %s and one request", arguments, got, textOf(t, r), want)
		}
		direct := shoptest.DynamicTool(t, a, "call_read_operation").Invoke(t.Context(), json.RawMessage(arguments))
		if got := fmt.Sprint(direct.Repaired); got != want || len(wire.Seen()) != 1 {
			t.Errorf("%s: got %s repaired within the process, want %s and one request", arguments, got, want)
		}
	}
}

func TestArgumentsThatAreNoJSONReachNothing(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.New(t, nil)
	request := mcp.CallToolRequest{Params: mcp.CallToolParams{Arguments: func() {}}}
	handlers := map[string]mcpserver.ToolHandlerFunc{"getTea": served(t, a).GetTool("getTea").Handler}
	for _, d := range a.DynamicTools() {
		handlers[d.Name()] = mcpgo.ServerTool(d).Handler
	}
	for name, handler := range handlers {
		r, err := handler(t.Context(), request)
		if err != nil || !r.IsError || !strings.HasPrefix(textOf(t, r),
			"invalid_arguments: the arguments cannot be written as JSON") {
			t.Errorf("%s: got %+v (%v), want a refusal", name, r, err)
		}
		shoptest.WantNothingSent(t, wire, name)
	}
}

func TestRegisteringAddsAllOrNothing(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.New(t, nil, mcpadapter.WithFilter(mcpadapter.Filter{ReadOnly: true}))
	whole, _ := shoptest.New(t, nil)
	direct := make([]string, 0, len(whole.Tools()))
	for _, tool := range whole.Tools() {
		direct = append(direct, tool.Name())
	}
	permitted := make([]string, 0, len(direct))
	for _, tool := range a.Tools() {
		permitted = append(permitted, tool.Name())
	}
	dynamic := []string{"search_operations", "describe_operations"}
	for _, e := range shoptest.Effects() {
		dynamic = append(dynamic, shoptest.Caller(e))
	}
	for what, c := range map[string]struct {
		register func(*mcpserver.MCPServer, *mcpadapter.Adapter) error
		want     []string
	}{
		"Register": {mcpgo.Register, permitted}, "RegisterAll": {mcpgo.RegisterAll, direct},
		"RegisterDynamic": {mcpgo.RegisterDynamic, dynamic},
	} {
		s := mcpserver.NewMCPServer("shop", "1")
		if err := c.register(s, a); err != nil {
			t.Errorf("%s: %v", what, err)
		}
		var got []string
		for name := range s.ListTools() {
			got = append(got, name)
		}
		slices.Sort(got)
		slices.Sort(c.want)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", what, got, c.want)
		}
		for _, taken := range []string{c.want[0], c.want[1], c.want[len(c.want)-1]} {
			s := mcpserver.NewMCPServer("embedder", "1")
			s.AddTool(mcp.NewTool(taken, mcp.WithDescription("own")), nil)
			err := c.register(s, a)
			want := fmt.Sprintf("workos/mcpadapter: the server has a tool %q already", taken)
			if err == nil || err.Error() != want || len(s.ListTools()) != 1 ||
				s.GetTool(taken).Tool.Description != "own" || len(s.ListResources()) != 0 {
				t.Errorf("%s beside %s: got %v and %d tools, want %s alone", what, taken, err, len(s.ListTools()), want)
			}
		}
	}
}
