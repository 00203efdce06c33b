// Workos-mcp gives AI agents every operation of the WorkOS API as an MCP tool, over stdio or streamable HTTP, and
// people the same tools from the shell.
//
//	workos-mcp stdio                        serve over stdin and stdout (also the default)
//	workos-mcp http --addr 127.0.0.1:8080   serve streamable HTTP at /mcp, and GET /healthz
//	workos-mcp tool list [PREFIX] [--json]  names and summaries
//	workos-mcp tool search WORDS...         names and summaries of matching tools, best first
//	workos-mcp tool get NAME                the full definition
//	workos-mcp tool call NAME '{"id":"…"}'  call it; @FILE and - read the arguments; --yes confirms it
//	workos-mcp version
//
// Over stdio and from the shell the credentials come from the environment: WORKOS_API_KEY, WORKOS_CLIENT_ID,
// WORKOS_ACCESS_TOKEN (of an SSO profile), WORKOS_PLATFORM_TOKEN (of a platform) and WORKOS_BASE_URL. Over HTTP they
// come with each request, and those of the environment are not used. With --sandbox all responses come from memory,
// without a key or a network.
package main

import (
	"regexp"
	"runtime/debug"

	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

func main() { serve.Main(newAPI()) }

// newAPI describes WorkOS for the server.
func newAPI() serve.API {
	var b backend
	return serve.API{
		Name: "workos-mcp", Title: "WorkOS", Version: version(), EnvPrefix: "WORKOS_MCP",
		Short: "Every operation of the WorkOS API as an MCP tool",
		Long: "Every operation of the WorkOS API as an MCP tool, over stdio (the default) or streamable HTTP,\n" +
			"and from the shell.\n\n" +
			"Environment, for stdio and the shell: WORKOS_API_KEY, WORKOS_CLIENT_ID, WORKOS_ACCESS_TOKEN,\n" +
			"WORKOS_PLATFORM_TOKEN, WORKOS_BASE_URL.\n" +
			"Over HTTP the credentials come with each request: Authorization: Bearer sk_… or x-bearer: sk_…,\n" +
			"x-access_token for the access token of an SSO profile, and x-platform for that of a platform.",
		Flags: func(set *pflag.FlagSet) {
			set.BoolVar(&b.sandbox, "sandbox", false, "respond from memory, without a key or a network")
		},
		Adapter: b.adapter, Instructions: instructions, Local: b.local, Caller: b.caller,
		Redact: func(text string) string { return secretKey.ReplaceAllString(text, "sk_…") },
		Credentials: serve.Credentials{
			Request: b.request, Authorized: b.authorized,
			Headers: []string{"Authorization", bearerHeader, accessTokenHeader, platformHeader},
		},
	}
}

// secretKey matches API keys.
var secretKey = regexp.MustCompile(`sk_\w+`)

// version is that of the module, which go install records, or else that of the SDK.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "v" + client.Version
}
