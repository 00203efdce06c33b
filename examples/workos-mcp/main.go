// Workos-mcp gives AI agents every operation of the WorkOS API as an MCP tool, over stdio or streamable HTTP, and
// people the same tools from the shell. docs/server.md describes it.
package main

import (
	"embed"
	"encoding/base64"
	"flag"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox/served"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

func main() { serve.Main(newAPI()) }

//go:embed icon.svg
var icon []byte

//go:embed prompts
var prompts embed.FS

// newAPI describes WorkOS for the server.
func newAPI() serve.API {
	var b backend
	return serve.API{
		Name: "workos-mcp", Title: "WorkOS", Version: version(), EnvPrefix: "WORKOS_MCP",
		Website: "https://github.com/seed-f165d83c/workos", Namespace: "io.github.seed-f165d83c",
		Icons: []serve.Icon{{
			Source: "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString(icon), Media: "image/svg+xml",
			Sizes: []string{"any"},
		}},
		Short: "Every operation of the WorkOS API as an MCP tool",
		Long: "Every operation of the WorkOS API as an MCP tool, over stdio, streamable HTTP and from the shell.\n\n" +
			"Environment, for stdio and the shell: WORKOS_API_KEY, WORKOS_CLIENT_ID, WORKOS_ACCESS_TOKEN,\n" +
			"WORKOS_PLATFORM_TOKEN, WORKOS_BASE_URL.\n" +
			"Over HTTP the credentials come with each request: Authorization: Bearer sk_… or x-bearer: sk_…,\n" +
			"x-access_token for the access token of an SSO profile, and x-platform for that of a platform.\n\n" +
			"workos-mcp sandbox serves WorkOS in memory, to applications in any language.",
		Flags: func(set *pflag.FlagSet) {
			set.Var(&b.sandbox, "sandbox",
				"respond without a key or a network: from memory, or with --sandbox=`place` from a file (made if there is none)\n"+
					"or from the http(s) URL of a sandbox that serves")
			set.Lookup("sandbox").NoOptDefVal = "true"
		},
		Adapter: b.adapter, Instructions: instructions, Local: b.local,
		Prompts: func() ([]serve.Prompt, error) { return serve.ReadPrompts(prompts) },
		Caller:  b.caller, Stores: stores(), Secrets: []string{"WORKOS_ACCESS_TOKEN", "WORKOS_PLATFORM_TOKEN"},
		UpstreamRate: 6000, // the documented limit for all requests
		Commands:     func() []*cobra.Command { return []*cobra.Command{sandboxCommand()} },
		SignIn:       &serve.SignInWay{Name: "authkit", New: signIn, Identity: identity},
		Redact:       serve.RedactWords("sk_"),
		Setup: serve.Setup{
			Server: "workos", BaseURL: "https://api.workos.com", BaseURLVariable: "WORKOS_BASE_URL", Probe: "organizations.list",
			Keys: []serve.Key{{
				Variable: "WORKOS_API_KEY", Required: true,
				Forms:    map[string]string{"sk_live_": "production", "sk_test_": "staging", "sk_": "an environment"},
				Mistakes: map[string]string{"client_": "a client ID belongs in WORKOS_CLIENT_ID; a key begins with sk_"},
			}, {
				Variable: "WORKOS_CLIENT_ID", Forms: map[string]string{"client_": ""},
				Mistakes: map[string]string{"sk_": "an API key belongs in WORKOS_API_KEY; a client ID begins with client_"},
			}},
		},
		Credentials: serve.Credentials{
			Request: b.request, Authorized: b.authorized,
			Headers: []string{"Authorization", bearerHeader, accessTokenHeader, platformHeader},
		},
	}
}

// sandboxCommand serves WorkOS in memory.
func sandboxCommand() *cobra.Command {
	settings := served.Settings{Unmarshal: yaml.Unmarshal}
	cmd := &cobra.Command{
		Use: "sandbox", Short: "Serve WorkOS in memory, to applications in any language",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return settings.Serve(cmd.Context(), cmd.OutOrStdout())
		},
	}
	set := flag.NewFlagSet(cmd.Name(), flag.ContinueOnError)
	settings.Flags(set)
	cmd.Flags().AddGoFlagSet(set)
	return cmd
}

// version is that of the SDK, whose module this program is in.
func version() string { return "v" + client.Version() }
