package gosdk_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/examples/byo/notes"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/gosdk"
)

// notesAPI stands for the API.
type notesAPI struct{}

func (notesAPI) Do(r *http.Request) (*http.Response, error) {
	body := io.NopCloser(strings.NewReader(`{"data":[{"id":"n_1","text":"Water the plants"}]}`))
	return &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: body, Request: r,
	}, nil
}

// Over HTTP a header of a request can narrow what its client is listed and may call.
func ExampleMiddleware() {
	client, err := notes.NewClientWithResponses("https://notes.example.com")
	if err != nil {
		log.Fatal(err)
	}
	adapter, err := mcpadapter.New(client, &notes.Operations)
	if err != nil {
		log.Fatal(err)
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "notes", Version: "1.0.0"}, nil)
	if err := gosdk.RegisterAll(server, adapter); err != nil {
		log.Fatal(err)
	}
	server.AddReceivingMiddleware(gosdk.Middleware(adapter, mcpadapter.StyleFor))
	server.AddReceivingMiddleware(func(next mcp.MethodHandler) mcp.MethodHandler { // added last, runs first
		return func(ctx context.Context, method string, request mcp.Request) (mcp.Result, error) {
			if extra := request.GetExtra(); extra != nil && extra.Header.Get("Read-Only") != "" {
				narrowed, err := adapter.Narrow(ctx, mcpadapter.Filter{ReadOnly: true})
				if err != nil {
					return nil, err
				}
				ctx = narrowed
			}
			return next(ctx, method, request)
		}
	})
	// Output:
}

// Each operation of an API becomes a tool of a server, which lists it to each client by a name that it accepts.
func ExampleRegister() {
	ctx := context.Background()
	client, err := notes.NewClientWithResponses("https://notes.example.com", notes.WithHTTPClient(notesAPI{}))
	if err != nil {
		log.Fatal(err)
	}
	adapter, err := mcpadapter.New(client, &notes.Operations)
	if err != nil {
		log.Fatal(err)
	}
	server := mcp.NewServer(&mcp.Implementation{Name: "notes", Version: "1.0.0"}, nil)
	if err := gosdk.Register(server, adapter); err != nil {
		log.Fatal(err)
	}
	server.AddReceivingMiddleware(gosdk.Middleware(adapter, mcpadapter.StyleFor))

	near, far := mcp.NewInMemoryTransports() // in a server: &mcp.StdioTransport{}
	if _, err := server.Connect(ctx, far, nil); err != nil {
		log.Fatal(err)
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "example", Version: "1.0.0"}, nil).Connect(ctx, near, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	for tool, err := range session.Tools(ctx, nil) {
		if err != nil {
			log.Print(err)
			return
		}
		fmt.Println(tool.Name)
	}
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: "notes_list"})
	if err != nil {
		log.Print(err)
		return
	}
	if text, ok := result.Content[0].(*mcp.TextContent); ok {
		fmt.Println(text.Text)
	}
	// Output:
	// notes_create
	// notes_delete
	// notes_list
	// {"data":[{"id":"n_1","text":"Water the plants"}]}
}
