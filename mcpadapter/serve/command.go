package serve

import (
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// flags are the flags of every command; they may precede or follow its name.
type flags struct {
	names   names
	profile mcpadapter.Profile
	outputs bool
	mode    mode
	// interpreter is the path of the interpreter of programs; "": it is looked for.
	interpreter string
	filter      mcpadapter.Filter
	confirm     confirm
	limits      limits
	breaker     bool
	budget      int           // requests to the API in a minute; 0: no limit
	shutdown    time.Duration // for which calls may go on after a signal; 0: drainTime
	logLevel    slog.Level
	logFormat   logFormat                    // "": text
	audit       string                       // "": none
	store       string                       // "": memory
	used        mcpadapter.ConfirmationStore // the open store; nil: memory
	own         *pflag.FlagSet               // the API's

	configName string // of --config
	config     config // what the file has
}

// Command returns the whole command line of an API, to run as it is or to add to another: stdio (the default), http,
// tool and version. It reads the environment and the standard streams of the process. [ExitCode] gives the exit code
// for its error.
func Command(api API) *cobra.Command {
	return newProgram(api, Process{
		Environ: os.Environ(), Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, terminal: openTerminal,
	}).command()
}

func (p program) command() *cobra.Command {
	var f flags
	root := &cobra.Command{
		Use:               p.api.Name,
		Short:             p.api.Short,
		Long:              strings.Trim(p.api.Long+"\n\n"+p.settingsHelp()+"\n\n"+exitCodesHelp, "\n"),
		Version:           p.api.Version,
		Args:              p.noCommand,
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error { return p.applySettings(cmd, &f) },
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.serveStdio(cmd.Context(), f) },
	}
	p.addFlags(root.PersistentFlags(), &f)
	root.SetFlagErrorFunc(p.flagError)
	root.SetVersionTemplate(p.versionText())
	root.AddCommand(
		&cobra.Command{
			Use: "stdio", Short: "Serve MCP over stdin and stdout", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error { return p.serveStdio(cmd.Context(), f) },
		},
		p.httpCommand(&f),
		p.toolCommand(&f),
		&cobra.Command{
			Use: "version", Short: "Print the version", Args: noArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				_, err := fmt.Fprint(cmd.OutOrStdout(), p.versionText())
				return err //nolint:wrapcheck // standard output is gone
			},
		},
	)
	root.AddCommand(p.initCommand(), p.doctorCommand(&f), p.configCommand(&f))
	if p.api.Commands != nil {
		for _, own := range p.api.Commands() {
			root.AddCommand(withoutSettings(own))
		}
	}
	p.addCompletions(root, &f)
	root.SetHelpCommand(helpCommand())
	return root
}

func (p program) versionText() string {
	return fmt.Sprintf("%s %s (%s)\n", p.api.Name, p.api.Version, runtime.Version())
}

func (p program) addFlags(set *pflag.FlagSet, f *flags) {
	f.own = pflag.NewFlagSet(p.api.Name, pflag.ContinueOnError)
	if p.api.Flags != nil {
		p.api.Flags(f.own)
	}
	set.AddFlagSet(f.own)
	set.StringVar(&f.configName, configFlag, "",
		"YAML `file` with settings under the names of flags; flags and environment variables have priority")
	set.TextVar(&f.logLevel, logLevelFlag, slog.LevelInfo, "minimum log `level`: debug, info, warn or error")
	set.DurationVar(&f.shutdown, shutdownFlag, defaultShutdown,
		"after SIGTERM, cancel the calls that take longer than this `time`")
	set.TextVar(&f.logFormat, logFormatFlag, logText, "`format` of the log: text or json, one object a line")
	set.StringVar(&f.audit, auditFlag, "",
		"write a line of JSON about each call that changes something or reads a secret to this `file`, or to stderr;\n"+
			"arguments are hashed")
	stores := make([]string, 0, 1+len(p.api.Stores))
	stores = append(stores, storeMemory)
	for _, scheme := range slices.Sorted(maps.Keys(p.api.Stores)) {
		stores = append(stores, scheme+"://…")
	}
	set.StringVar(&f.store, storeFlag, storeMemory,
		"`place` where used confirmations are remembered, for all replicas: "+
			strings.Join(stores, ", "))
	set.TextVar(&f.names, namesFlag, names{},
		"`style` of the tool names in lists: dots, underscore, short, or auto for what each client accepts;\n"+
			"calls may use any")
	set.TextVar(&f.profile, "profile", mcpadapter.ProfileStandard,
		"`dialect` of the input schemas: standard (JSON Schema 2020-12), openai or gemini; calls are the same in each")
	set.BoolVar(&f.outputs, "output-schemas", false,
		"describe the results of tools as well; costs tokens")
	set.TextVar(&f.mode, modeFlag, modeDirect,
		`how operations are exposed: "direct" (one tool each), "dynamic" (search, describe and call) or "code"`+
			"\n(search, and run programs in JavaScript)")
	nameValue(set.Lookup(modeFlag), "mode")
	set.StringVar(&f.interpreter, interpreterFlag, "",
		"`path` of mcp-quickjs for --mode code; without it the one beside this program, or else in PATH")
	filterFlags(set, &f.filter)
	set.TextVar(&f.confirm, confirmFlag, confirm{},
		"`calls` that a person confirms before they are sent: none, risky (those that "+
			"replace, destroy or send something, or read a secret) or writes")
	limitFlags(set, &f.limits)
	set.BoolVar(&f.breaker, breakerFlag, true,
		"hold requests for some seconds after the API has failed several times in a row")
	set.IntVar(&f.budget, upstreamRateFlag, p.api.UpstreamRate,
		"limit the `requests` to the API with one credential in a minute (0: no limit)")
}

// namedValue is the value of a flag whose help shows a name for it.
type namedValue struct {
	pflag.Value

	name string
}

func (v namedValue) Type() string { return v.name }

// nameValue makes the help show a name for a flag's value where its text has no word in backquotes.
func nameValue(flag *pflag.Flag, name string) { flag.Value = namedValue{flag.Value, name} }

// settingsHelp describes the environment variables, files and headers that change the settings.
func (p program) settingsHelp() string {
	if p.api.EnvPrefix == "" {
		return ""
	}
	const text = "Each flag of the servers has an environment variable, as $_MAX_CALLS for --max-calls, and a key in\n" +
		"the YAML file of --config. Flags override variables, and variables override the file. The variable of a\n" +
		"repeatable flag has its values with spaces between. \"config\" prints the settings in force.\n\n" +
		"What may be called is limited by --toolsets, --allow, --deny and --read-only, by their variables and the file,\n" +
		"and over HTTP by the headers X-MCP-Toolsets, X-MCP-Allow, X-MCP-Deny and X-MCP-Readonly of a request. All of\n" +
		"them apply: each can only narrow. The headers X-MCP-Confirm, X-MCP-Max-Result-Bytes and X-MCP-Hide-Secrets of a\n" +
		"request can ask for more confirmations, and for less in its responses.\n\n" +
		"$_CONFIRM_KEY, at least 32 random characters, makes a confirmation that one server gave out valid at another,\n" +
		"and after a restart. It and every other variable with a secret can be in a file instead: $_CONFIRM_KEY_FILE\n" +
		"is the name of the file."
	return strings.ReplaceAll(text, "$", p.api.EnvPrefix)
}

// helpCommand shows the help of a command; unlike that of cobra it is an error if there is no such command.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use: "help [COMMAND]", Short: "Show the help of a command",
		ValidArgsFunction: func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			at, _, err := cmd.Root().Find(args)
			if err != nil {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			return prefixedBy(begun, namesBelow(at)), cobra.ShellCompDirectiveNoFileComp
		},
		PersistentPreRunE: func(*cobra.Command, []string) error { return nil },
		RunE: func(cmd *cobra.Command, args []string) error {
			at := cmd.Root()
			for _, word := range args {
				i := slices.IndexFunc(at.Commands(), func(sub *cobra.Command) bool { return sub.Name() == word })
				if i < 0 {
					return usageError{fmt.Errorf("no help for %.60q: %s has %s%s", word, at.CommandPath(),
						strings.Join(namesBelow(at), ", "), didYouMean(word, namesBelow(at)))}
				}
				at = at.Commands()[i]
			}
			at.InitDefaultHelpFlag()
			return at.Help()
		},
	}
}

// namesBelow returns the names of the commands of a command.
func namesBelow(cmd *cobra.Command) []string {
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	return names
}

// ownFlags is the annotation of commands that use no flags of the servers.
const ownFlags = "own-flags"

// withoutSettings makes a command refuse the flags of the servers, which would do nothing, and not read their
// variables.
func withoutSettings(cmd *cobra.Command) *cobra.Command {
	if cmd.Args == nil {
		cmd.Args = noArgs
	}
	cmd.Args = usageArgs(cmd.Args)
	cmd.Annotations = map[string]string{ownFlags: ""}
	cmd.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		var given []string
		cmd.InheritedFlags().VisitAll(func(flag *pflag.Flag) {
			if flag.Changed {
				given = append(given, "--"+flag.Name)
			}
		})
		if len(given) > 0 {
			return usageError{fmt.Errorf("%s does not use %s", cmd.Name(), strings.Join(given, ", "))}
		}
		return nil
	}
	hideSettings(cmd)
	return cmd
}

// hideSettings leaves the flags of the servers out of a command's help.
func hideSettings(cmd *cobra.Command) {
	show := cmd.HelpFunc()
	cmd.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		cmd.InheritedFlags().VisitAll(func(flag *pflag.Flag) { flag.Hidden = true })
		show(cmd, args)
	})
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
