// Minimal is the least that a server of mcp-go needs to get an organization: what the load test compares with.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

func main() {
	s := server.NewMCPServer("minimal", "1.0.0")
	tool := mcp.NewTool("organizations.get", mcp.WithDescription("Gets an organization."),
		mcp.WithString("id", mcp.Required(), mcp.Description("ID of the organization.")))
	s.AddTool(tool, get)
	if len(os.Args) < 2 || os.Args[1] != "http" {
		if err := server.ServeStdio(s); err != nil {
			log.Fatal(err)
		}
		return
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.Handle("/mcp", server.NewStreamableHTTPServer(s, server.WithStateLess(true)))
	fmt.Fprintf(os.Stderr, "url=http://%s/mcp\n", listener.Addr())
	log.Fatal(http.Serve(listener, mux))
}

var client = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}

func get(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	id, err := request.RequireString("id")
	if err != nil {
		return mcp.NewToolResultError(err.Error()), nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet,
		os.Getenv("WORKOS_BASE_URL")+"/organizations/"+url.PathEscape(id), nil)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+os.Getenv("WORKOS_API_KEY"))
	response, err := client.Do(r)
	if err != nil {
		return mcp.NewToolResultError(err.Error()), nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return mcp.NewToolResultError(err.Error()), nil
	}
	if response.StatusCode != http.StatusOK {
		return mcp.NewToolResultError(string(body)), nil
	}
	return mcp.NewToolResultText(string(body)), nil
}
