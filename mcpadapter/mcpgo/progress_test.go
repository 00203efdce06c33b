package mcpgo_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mark3labs/mcp-go/mcp"
	mcpserver "github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// Each page is held back until the client has been told of the ones before it.
func TestProgressReachesTheClientThatAsksForItInTheCourseOfTheCall(t *testing.T) {
	t.Parallel()
	told := make(chan struct{}, 3)
	wait := func(after string, _ map[string]any) bool {
		if after != "" {
			select {
			case <-told:
			case <-t.Context().Done():
			}
		}
		return true
	}
	a, _ := shoptest.NewOrders(t, shoptest.Orders{N: 350, Change: wait})
	endpoint := httptest.NewServer(mcpserver.NewStreamableHTTPServer(served(t, a), mcpserver.WithStateLess(true)))
	defer endpoint.Close()
	messages := post(t, endpoint.URL, `{"progressToken":"p1"}`, func() { told <- struct{}{} })
	want := []string{
		`100 "100 elements of 1 page"`, `200 "200 elements of 2 pages"`, `300 "300 elements of 3 pages"`,
	}
	if len(messages) != len(want)+1 {
		t.Fatalf("got %d messages, want %d", len(messages), len(want)+1)
	}
	for i, want := range want {
		var notification struct {
			Method string `json:"method"`
			Params struct {
				Token    string          `json:"progressToken"`
				Progress json.RawMessage `json:"progress"`
				Message  json.RawMessage `json:"message"`
			} `json:"params"`
		}
		if err := json.Unmarshal(messages[i], &notification); err != nil {
			t.Fatal(err)
		}
		p := notification.Params
		got := string(p.Progress) + " " + string(p.Message)
		if notification.Method != "notifications/progress" || p.Token != "p1" || got != want {
			t.Errorf("got %s, want %s", messages[i], want)
		}
	}
	shoptest.WantParts(t, "answer", string(messages[len(want)]), `{"jq":[350]}`)
}

func TestProgressIsNotToldUnlessAskedFor(t *testing.T) {
	t.Parallel()
	a, _ := shoptest.NewOrders(t, shoptest.Orders{N: 350})
	endpoint := httptest.NewServer(mcpserver.NewStreamableHTTPServer(served(t, a), mcpserver.WithStateLess(true)))
	defer endpoint.Close()
	if messages := post(t, endpoint.URL, `{}`, func() {}); len(messages) != 1 {
		t.Errorf("got %d messages, want the answer alone", len(messages))
	}
}

func TestProgressOfACallWithinTheProcess(t *testing.T) {
	t.Parallel()
	a, wire := shoptest.NewOrders(t, shoptest.Orders{N: 150})
	request := mcp.CallToolRequest{Params: mcp.CallToolParams{
		Name: "orders.list", Arguments: map[string]any{"all_pages": true}, Meta: &mcp.Meta{ProgressToken: 1},
	}}
	r, err := connect(t, served(t, a)).CallTool(t.Context(), request)
	if err != nil || r.IsError {
		t.Fatalf("got %v, %v", r, err)
	}
	if n := len(wire.Seen()); n != 2 {
		t.Errorf("got %d requests, want 2", n)
	}
}

// post calls the list for all pages and returns the messages that come back. It calls heard after each.
func post(tb testing.TB, url, meta string, heard func()) []json.RawMessage {
	tb.Helper()
	request, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, url, strings.NewReader(
		`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":`+meta+`,`+
			`"name":"orders.list","arguments":{"all_pages":true,"jq":".data|length"}}}`))
	if err != nil {
		tb.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", "application/json, text/event-stream")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	stream := strings.HasPrefix(response.Header.Get("Content-Type"), "text/event-stream")
	var messages []json.RawMessage
	for lines := bufio.NewScanner(response.Body); lines.Scan(); {
		data, isData := strings.CutPrefix(lines.Text(), "data: ")
		if isData || !stream && data != "" {
			messages = append(messages, json.RawMessage(data))
			heard()
		}
	}
	return messages
}
