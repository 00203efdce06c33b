// Mcpauth serves two MCP servers behind AuthKit, one of mcp-go and one of the official Go SDK:
//
//	go -C examples/mcpauth run . -domain acme.authkit.app -origin https://mcp.acme.example
//
// With -demo it needs no account: it is an authorization server as well, which lets everybody in as one user. Connect an
// MCP client that does OAuth to http://localhost:8090/mcp-go or http://localhost:8090/go-sdk.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/seed-f165d83c/workos/client/authkit/mcpauth"
)

func main() {
	addr := flag.String("addr", "localhost:8090", "host and port to serve on")
	origin := flag.String("origin", "", "URL of this server for clients, without path (default http:// and the address)")
	domain := flag.String("domain", "", "AuthKit domain, such as acme.authkit.app")
	demo := flag.Bool("demo", false, "be the authorization server as well, for a demonstration on this machine")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := serve(ctx, *addr, cmp.Or(*origin, "http://"+*addr), *domain, *demo); err != nil {
		fmt.Fprintln(os.Stderr, "mcpauth:", err)
		os.Exit(1) //nolint:gocritic // nothing is left to stop
	}
}

func serve(ctx context.Context, addr, origin, domain string, demo bool) error {
	if demo != (domain == "") {
		return errors.New("want either -domain or -demo")
	}
	mux := http.NewServeMux()
	issuer := mcpauth.AuthKit(domain)
	if demo {
		if !strings.HasPrefix(addr, "localhost:") && !strings.HasPrefix(addr, "127.0.0.1:") {
			return errors.New("-demo lets everybody in: it serves on localhost alone")
		}
		issuer = mcpauth.Issuer{URL: origin, JWKSURL: origin + "/oauth2/jwks"}
		as, err := newAuthorizationServer(origin)
		if err != nil {
			return err
		}
		as.register(mux)
	}
	if err := register(mux, origin, issuer); err != nil {
		return err
	}
	listening := &http.Server{Addr: addr, Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	context.AfterFunc(ctx, func() { _ = listening.Close() })
	fmt.Fprintf(os.Stderr, "MCP servers at %s/mcp-go and %[1]s/go-sdk\n", origin)
	if err := listening.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// register adds both MCP servers, each a resource of its own: a token for one is not accepted by the other.
func register(mux *http.ServeMux, origin string, issuer mcpauth.Issuer) error {
	for path, handler := range map[string]http.Handler{"/mcp-go": withMCPGo(), "/go-sdk": withSDK()} {
		guard, err := mcpauth.New(mcpauth.Config{
			Resource: origin + path, Issuers: []mcpauth.Issuer{issuer}, Scopes: []string{"openid"},
			ToolScopes: map[string][]string{"delete": {"reports:write"}},
			Name:       "Reports",
		})
		if err != nil {
			return err
		}
		mux.Handle(guard.MetadataPaths()[1], guard.Metadata())
		mux.Handle(path, guard.Require(handler))
	}
	return nil
}

// whoami says who calls.
func whoami(ctx context.Context) string {
	claims, ok := mcpauth.ClaimsFrom(ctx)
	if !ok {
		return "nobody"
	}
	return claims.UserID + " in " + claims.OrganizationID
}

// tools are the descriptions of both servers' tools by their names.
var tools = map[string]string{
	"whoami": "Returns the user and the organization of the access token.",
	"delete": "Deletes nothing; it needs a scope that clients ask for when they call it.",
}

func withMCPGo() http.Handler {
	s := server.NewMCPServer("reports", "1.0.0")
	for name, description := range tools {
		s.AddTool(mcp.NewTool(name, mcp.WithDescription(description)), func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
			return mcp.NewToolResultText(name + ": " + whoami(ctx)), nil
		})
	}
	return server.NewStreamableHTTPServer(s, server.WithStateLess(true))
}

func withSDK() http.Handler {
	s := sdk.NewServer(&sdk.Implementation{Name: "reports", Version: "1.0.0"}, nil)
	for name, description := range tools {
		sdk.AddTool(s, &sdk.Tool{Name: name, Description: description},
			func(ctx context.Context, _ *sdk.CallToolRequest, _ struct{}) (*sdk.CallToolResult, any, error) {
				return &sdk.CallToolResult{Content: []sdk.Content{&sdk.TextContent{Text: name + ": " + whoami(ctx)}}}, nil, nil
			})
	}
	return sdk.NewStreamableHTTPHandler(func(*http.Request) *sdk.Server { return s },
		&sdk.StreamableHTTPOptions{Stateless: true})
}
