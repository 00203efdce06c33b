package mcpauth_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/seed-f165d83c/workos/client/authkit/mcpauth"
)

func ExampleGuard() {
	guard, err := mcpauth.New(mcpauth.Config{
		Resource: "https://mcp.acme.example/mcp",
		Issuers:  []mcpauth.Issuer{mcpauth.AuthKit("acme.authkit.app")},
		Scopes:   []string{"openid"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	server := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { // of any MCP library
		claims, _ := mcpauth.ClaimsFrom(r.Context())
		fmt.Fprintln(w, "called by", claims.UserID)
	})
	mux := http.NewServeMux()
	for _, path := range guard.MetadataPaths() {
		mux.Handle(path, guard.Metadata())
	}
	mux.Handle("/mcp", guard.Require(server))

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequestWithContext(context.Background(), http.MethodPost,
		"https://mcp.acme.example/mcp", nil))
	fmt.Println(w.Code)
	fmt.Println(w.Header().Get("WWW-Authenticate"))
	// Output:
	// 401
	// Bearer resource_metadata="https://mcp.acme.example/.well-known/oauth-protected-resource/mcp", scope="openid"
}
