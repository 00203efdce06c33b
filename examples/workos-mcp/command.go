package main

import (
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// flags hold for every command and stand before or after it.
type flags struct {
	sandbox  bool
	names    names
	profile  mcpadapter.Profile
	outputs  bool
	mode     mode
	filter   mcpadapter.Filter
	confirm  confirm
	answers  answers
	logLevel slog.Level
}

func (p process) command() *cobra.Command {
	var f flags
	root := &cobra.Command{
		Use:   "workos-mcp",
		Short: "Every operation of the WorkOS API as an MCP tool",
		Long: "Every operation of the WorkOS API as an MCP tool, over stdio (the default) or streamable HTTP,\n" +
			"and from the shell.\n\n" +
			"Environment, for stdio and the shell: WORKOS_API_KEY, WORKOS_CLIENT_ID, WORKOS_ACCESS_TOKEN, WORKOS_BASE_URL.\n" +
			"Over HTTP the credentials come with each request: Authorization: Bearer sk_… or x-bearer: sk_…,\n" +
			"and x-access_token for the access token of an SSO profile.\n\n" +
			"What may be called is bounded by --toolsets, --allow, --deny and --read-only, by WORKOS_MCP_TOOLSETS,\n" +
			"WORKOS_MCP_ALLOW, WORKOS_MCP_DENY and WORKOS_MCP_READ_ONLY, and over HTTP by the headers X-MCP-Toolsets,\n" +
			"X-MCP-Allow, X-MCP-Deny and X-MCP-Readonly of a request. All of them hold: each can only narrow.\n\n" +
			"WORKOS_MCP_CONFIRM is for --confirm where that is not given, and the header X-MCP-Confirm of a request can ask\n" +
			"for more confirmations. WORKOS_MCP_CONFIRM_KEY, at least 32 random characters, lets a confirmation that one\n" +
			"server gave out be used at another, and after a restart.\n\n" +
			"WORKOS_MCP_MAX_RESULT_BYTES, WORKOS_MCP_MAX_ELEMENTS, WORKOS_MCP_HIDE_SECRETS and\n" +
			"WORKOS_MCP_NO_ANSWER_ARGUMENTS are for the flags of these names where they are not given. The headers\n" +
			"X-MCP-Max-Result-Bytes and X-MCP-Hide-Secrets of a request can ask for less in its answers.",
		Args:          usageArgs(cobra.NoArgs),
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          func(cmd *cobra.Command, _ []string) error { return p.serveStdio(cmd.Context(), f) },
	}
	root.PersistentFlags().BoolVar(&f.sandbox, "sandbox", false, "answer from memory, without a key or a network")
	root.PersistentFlags().TextVar(&f.logLevel, "log-level", slog.LevelInfo,
		"least `level` that is logged to standard error: debug, info, warn or error")
	root.PersistentFlags().TextVar(&f.names, "names", names{},
		"`style` of the names that MCP clients are told: dots, underscore, short, or auto for what each client takes;\n"+
			"calls may use any")
	root.PersistentFlags().TextVar(&f.profile, "profile", mcpadapter.ProfileStandard,
		"`dialect` of the input schemas: standard (JSON Schema 2020-12), openai or gemini; calls are the same in each")
	root.PersistentFlags().BoolVar(&f.outputs, "output-schemas", false,
		"describe the tools' answers too, for clients that make use of it; costs tokens")
	root.PersistentFlags().TextVar(&f.mode, "mode", modeUnset,
		"`tools` that MCP clients are told: direct, one for each operation, or dynamic, a few that search, describe and\n"+
			"call operations, for a fraction of the tokens (default direct, or WORKOS_MCP_MODE)")
	filterFlags(root.PersistentFlags(), &f.filter)
	root.PersistentFlags().TextVar(&f.confirm, confirmFlag, confirm{},
		"which `calls` a person confirms before they are sent: none, destructive (those that send email, too) or writes")
	answerFlags(root.PersistentFlags(), &f.answers)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentPreRunE = p.answersFromEnv
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(
		&cobra.Command{
			Use: "stdio", Short: "Serve MCP over stdin and stdout", Args: usageArgs(cobra.NoArgs),
			RunE: func(cmd *cobra.Command, _ []string) error { return p.serveStdio(cmd.Context(), f) },
		},
		p.httpCommand(&f),
		p.toolCommand(&f),
		&cobra.Command{
			Use: "version", Short: "Print the version", Args: usageArgs(cobra.NoArgs),
			RunE: func(cmd *cobra.Command, _ []string) error {
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "workos-mcp %s (%s)\n", version(), runtime.Version())
				return err //nolint:wrapcheck // standard output is gone
			},
		},
	)
	return root
}

// usageArgs marks what a check of positional arguments finds as wrong usage.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

// version is that of the module, which go install records, or else that of the SDK.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "v" + client.Version
}
