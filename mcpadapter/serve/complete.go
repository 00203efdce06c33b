package serve

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// completion returns what may follow on the command line, each optionally followed by a tab and its meaning.
type completion = func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective)

// addCompletions completes the values of the flags of every command.
func (p program) addCompletions(root *cobra.Command, f *flags) {
	values := map[string][]string{
		logLevelFlag:    {"debug", "info", "warn", "error"},
		logFormatFlag:   {string(logText), string(logJSON)},
		namesFlag:       {auto, "dots", "underscore", "short"},
		"profile":       {"standard", "openai", "gemini"},
		modeFlag:        {"direct", "dynamic", "code"},
		confirmFlag:     {"none", "risky", "writes"},
		authFlag:        p.authWays(),
		proxyHeaderFlag: {proxyXForwarded, proxyForwarded},
		outputFlag:      {string(formJSON), string(formYAML), string(formTable), string(formID)},
	}
	_ = root.RegisterFlagCompletionFunc(toolsetsFlag, p.completeToolsets(f))
	var visit func(cmd *cobra.Command)
	visit = func(cmd *cobra.Command) {
		for flag, values := range values { // those that the command lacks are left out
			_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
		}
		if cmd.Flags().Lookup("toolset") != nil {
			_ = cmd.RegisterFlagCompletionFunc("toolset", p.completeToolsets(f))
		}
		for _, sub := range cmd.Commands() {
			visit(sub)
		}
	}
	visit(root)
	requireShell(root)
}

// requireShell makes it an error to ask for the completions of an unknown shell; cobra shows a help instead.
func requireShell(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() != "completion" {
			continue
		}
		cmd.Args = func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			names := namesBelow(cmd)
			return usageError{fmt.Errorf("unknown shell %.60q: want %s%s", args[0], strings.Join(names, ", "),
				didYouMean(args[0], names))}
		}
		cmd.RunE = func(cmd *cobra.Command, _ []string) error { return cmd.Help() }
	}
}

// prefixedBy returns the texts that begin with what is typed.
func prefixedBy(begun string, texts []string) []string {
	return slices.DeleteFunc(slices.Clone(texts), func(text string) bool { return !strings.HasPrefix(text, begun) })
}

// completeToolsets completes the last entry of a comma-separated list.
func (p program) completeToolsets(f *flags) completion {
	return func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		adapter, err := p.shellAdapter(flags{own: f.own})
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		done := begun[:strings.LastIndexByte(begun, ',')+1]
		var all []string
		for _, tool := range adapter.AllTools() {
			if entry := done + tool.Toolset(); strings.HasPrefix(entry, begun) && !slices.Contains(all, entry) {
				all = append(all, entry)
			}
		}
		return all, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

func (p program) completeTool(f *flags) completion {
	return func(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		if len(args) > 0 {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		adapter, err := p.shellAdapter(*f)
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		var all []string
		for _, tool := range adapter.Tools() {
			if strings.HasPrefix(tool.Name(), begun) {
				all = append(all, tool.Name()+"\t"+tool.Title())
			}
		}
		return all, cobra.ShellCompDirectiveNoFileComp
	}
}

// completePrefix completes names up to their next dot.
func (p program) completePrefix(f *flags) completion {
	return func(cmd *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
		tools, directive := p.completeTool(f)(cmd, args, begun)
		var all []string
		for _, tool := range tools {
			name, _, _ := strings.Cut(tool, "\t")
			if dot := strings.IndexByte(name[len(begun):], '.'); dot >= 0 {
				name = name[:len(begun)+dot+1]
			}
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
		return all, directive | cobra.ShellCompDirectiveNoSpace
	}
}
