package gosdk_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/gosdk"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/bindtest"
)

// TestBinding is what all bindings have in common.
func TestBinding(t *testing.T) { bindtest.Run(t, binding, false) }

func binding(_ testing.TB, a *mcpadapter.Adapter, s bindtest.Setup) (http.Handler, error) {
	server := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	for _, name := range s.Own {
		server.AddTool(&mcp.Tool{Name: name, InputSchema: json.RawMessage(`{"type":"object"}`)}, ownHandler)
	}
	err := register(server, a, s)
	if s.Resources {
		gosdk.RegisterResources(server, a, mcpadapter.StyleFor)
	}
	if s.Named {
		server.AddReceivingMiddleware(gosdk.Middleware(a, mcpadapter.StyleFor))
	}
	if s.Context != nil {
		server.AddReceivingMiddleware(withContext(s.Context))
	}
	return mcp.NewStreamableHTTPHandler(func(*http.Request) *mcp.Server { return server },
		&mcp.StreamableHTTPOptions{Stateless: s.Stateless}), err
}

func ownHandler(context.Context, *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	return &mcp.CallToolResult{Content: []mcp.Content{&mcp.TextContent{Text: "own"}}}, nil
}

// withContext is middleware that changes the context of each request by its headers.
func withContext(change func(context.Context, http.Header) context.Context) mcp.Middleware {
	return func(next mcp.MethodHandler) mcp.MethodHandler {
		return func(ctx context.Context, method string, request mcp.Request) (mcp.Result, error) {
			if extra := request.GetExtra(); extra != nil {
				ctx = change(ctx, extra.Header)
			}
			return next(ctx, method, request)
		}
	}
}

func register(server *mcp.Server, a *mcpadapter.Adapter, s bindtest.Setup) error {
	switch s.Mode {
	case bindtest.RegisterAll:
		return gosdk.RegisterAll(server, a)
	case bindtest.RegisterDynamic:
		return gosdk.RegisterDynamic(server, a)
	case bindtest.RegisterPrograms:
		return gosdk.RegisterPrograms(server, a, s.Engine)
	case bindtest.Register:
	}
	return gosdk.Register(server, a)
}

// TestNothingIsRegisteredWithoutAServerOrAnAdapter asks every way to register.
func TestNothingIsRegisteredWithoutAServerOrAnAdapter(t *testing.T) {
	s := mcp.NewServer(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	for _, setup := range []bindtest.Setup{
		{Mode: bindtest.Register}, {Mode: bindtest.RegisterAll}, {Mode: bindtest.RegisterDynamic},
		{Mode: bindtest.RegisterPrograms},
	} {
		for name, err := range map[string]error{
			"no server": register(nil, new(mcpadapter.Adapter), setup), "no adapter": register(s, nil, setup),
		} {
			if err == nil || !strings.Contains(err.Error(), " is nil") {
				t.Errorf("mode %d, %s: got %v, want an error", setup.Mode, name, err)
			}
		}
	}
}
