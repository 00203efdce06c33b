package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter"
)

// didYouMean returns the nearest names as a question, or "".
func didYouMean(name string, names []string) string {
	near := phrase.Nearest(name, names, 3)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, ", ") + "?"
}

// noCommand rejects words after the program's name that are no command.
func (p program) noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	problem := fmt.Sprintf("unknown command %q", args[0])
	if suggestion := didYouMean(args[0], names); suggestion != "" {
		return usageError{errors.New(problem + suggestion)}
	}
	if adapter, err := p.shellAdapter(flags{}); err == nil {
		if tool, err := adapter.Tool(args[0]); err == nil { // the name of a tool alone
			return usageError{fmt.Errorf("%s; did you mean %s tool call %s?", problem, p.api.Name, tool.Name())}
		}
	}
	return usageError{fmt.Errorf("%s: expected %s", problem, strings.Join(names, ", "))}
}

// aTool requires the name of a tool, for a command of "tool".
func (p program) aTool(command string, alone bool) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) == 0:
			return usageError{fmt.Errorf("expected the name of a tool after tool %s; %s tool list has them, "+
				"and %s tool search finds one by words", command, p.api.Name, p.api.Name)}
		case alone && len(args) > 1:
			return usageError{fmt.Errorf("expected one name after tool %s, got %d words", command, len(args))}
		}
		return nil
	}
}

// flagError names the nearest flags where one is unknown.
func flagError(cmd *cobra.Command, err error) error {
	unknown := (*pflag.NotExistError)(nil)
	if !errors.As(err, &unknown) || len(unknown.GetSpecifiedName()) < 2 {
		return usageError{err}
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return usageError{errors.New(err.Error() + didYouMean("--"+unknown.GetSpecifiedName(), names))}
}

// explainEmpty says why a list is empty, and what to try.
func (p program) explainEmpty(out io.Writer, adapter *mcpadapter.Adapter, prefix string) {
	if prefix == "" {
		_, _ = fmt.Fprintf(out, "%s: the filters permit no tool\n", p.api.Name)
		return
	}
	var names []string
	seen := map[string]bool{}
	for _, tool := range adapter.Tools() {
		group, _, _ := strings.Cut(tool.Name(), ".")
		if !seen[group] {
			seen[group] = true
			names = append(names, group)
		}
	}
	_, _ = fmt.Fprintf(out, "%s: no tool's name begins with %q%s\nTo search by words: %s tool search %s\n",
		p.api.Name, prefix, didYouMean(prefix, names), p.api.Name, strings.Join(phrase.Words(prefix), " "))
}

// writeAs writes any value in a form.
func (p program) writeAs(cmd *cobra.Command, form form, value any) error {
	if form == formJSON || form == "" {
		return writeJSON(cmd.OutOrStdout(), value)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return form.write(cmd.OutOrStdout(), p.displayOf(p.stdout), text)
}
