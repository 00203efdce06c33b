package serve

import (
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// flags are the flags of every command; they may precede or follow its name.
type flags struct {
	names    names
	profile  mcpadapter.Profile
	outputs  bool
	mode     mode
	filter   mcpadapter.Filter
	confirm  confirm
	limits   limits
	logLevel slog.Level
	own      *pflag.FlagSet // the API's
}

// Command returns the whole command line of an API, to run as it is or to add to another: stdio (the default), http,
// tool and version. It reads the environment and the standard streams of the process. [ExitCode] gives the exit code
// for its error.
func Command(api API) *cobra.Command {
	return newProgram(api, Process{
		Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr,
	}).command()
}

func (p program) command() *cobra.Command {
	var f flags
	root := &cobra.Command{
		Use:               p.api.Name,
		Short:             p.api.Short,
		Long:              strings.Trim(p.api.Long+"\n\n"+p.settingsHelp(), "\n"),
		Args:              usageArgs(cobra.NoArgs),
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: p.setFromEnvironment,
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.serveStdio(cmd.Context(), f) },
	}
	p.addFlags(root.PersistentFlags(), &f)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
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
				_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s %s (%s)\n", p.api.Name, p.api.Version, runtime.Version())
				return err //nolint:wrapcheck // standard output is gone
			},
		},
	)
	return root
}

func (p program) addFlags(set *pflag.FlagSet, f *flags) {
	f.own = pflag.NewFlagSet(p.api.Name, pflag.ContinueOnError)
	if p.api.Flags != nil {
		p.api.Flags(f.own)
	}
	set.AddFlagSet(f.own)
	set.TextVar(&f.logLevel, "log-level", slog.LevelInfo, "minimum log `level`: debug, info, warn or error")
	set.TextVar(&f.names, "names", names{},
		"`style` of the tool names in lists: dots, underscore, short, or auto for what each client accepts;\n"+
			"calls may use any")
	set.TextVar(&f.profile, "profile", mcpadapter.ProfileStandard,
		"`dialect` of the input schemas: standard (JSON Schema 2020-12), openai or gemini; calls are the same in each")
	set.BoolVar(&f.outputs, "output-schemas", false,
		"describe the results of tools as well; costs tokens")
	set.TextVar(&f.mode, modeFlag, modeDirect,
		`how operations are exposed: "direct" (one tool each) or "dynamic" (search, describe and call)`)
	nameValue(set.Lookup(modeFlag), "mode")
	filterFlags(set, &f.filter)
	set.TextVar(&f.confirm, confirmFlag, confirm{},
		"`calls` that a person confirms before they are sent: none, destructive (including those that send email) or writes")
	limitFlags(set, &f.limits)
}

// namedValue is the value of a flag whose help shows a name for it.
type namedValue struct {
	pflag.Value

	name string
}

func (v namedValue) Type() string { return v.name }

// nameValue makes the help show a name for a flag's value where its text has no word in backquotes.
func nameValue(flag *pflag.Flag, name string) { flag.Value = namedValue{flag.Value, name} }

// settingsHelp describes the environment variables and headers that set filters, confirmations and limits.
func (p program) settingsHelp() string {
	if p.api.EnvPrefix == "" {
		return ""
	}
	const text = "What may be called is limited by --toolsets, --allow, --deny and --read-only, by $_TOOLSETS,\n" +
		"$_ALLOW, $_DENY and $_READ_ONLY, and over HTTP by the headers X-MCP-Toolsets,\n" +
		"X-MCP-Allow, X-MCP-Deny and X-MCP-Readonly of a request. All of them apply: each can only narrow.\n\n" +
		"$_CONFIRM sets the default for --confirm, and the header X-MCP-Confirm of a request can ask\n" +
		"for more confirmations. $_CONFIRM_KEY, at least 32 random characters, makes a confirmation that one\n" +
		"server gave out valid at another, and after a restart.\n\n" +
		"$_MODE, $_MAX_RESULT_BYTES, $_MAX_ELEMENTS, $_HIDE_SECRETS,\n" +
		"$_NO_ANSWER_ARGUMENTS and $_MAX_REQUEST_BYTES set the defaults for the flags of\n" +
		"these names. The headers X-MCP-Max-Result-Bytes and X-MCP-Hide-Secrets of a request can ask for less in its\n" +
		"responses."
	return strings.ReplaceAll(text, "$", p.api.EnvPrefix)
}

// usageArgs makes the errors of a check of positional arguments usage errors.
func usageArgs(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}
