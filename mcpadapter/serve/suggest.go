package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

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
	names := namesBelow(cmd)
	if slices.Contains(names, args[0]) {
		return usageError{fmt.Errorf("%.60q behind -- is no command: write it before", args[0])}
	}
	problem := fmt.Sprintf("unknown command %.60q", args[0])
	for _, sub := range cmd.Commands() { // "list" in the place of "tool list"
		for _, below := range sub.Commands() {
			if below.Name() == args[0] && sub.Name() == "tool" {
				return usageError{fmt.Errorf("%s; did you mean %s?", problem, below.CommandPath())}
			}
		}
	}
	if suggestion := didYouMean(args[0], names); suggestion != "" {
		return usageError{errors.New(problem + suggestion)}
	}
	if hint := p.callOf(args[0]); hint != "" {
		return usageError{errors.New(problem + hint)}
	}
	return usageError{fmt.Errorf("%s: expected %s", problem, strings.Join(names, ", "))}
}

// callOf says how a tool is called whose name stands in the place of a command; "": the word is no such name.
func (p program) callOf(name string) string {
	tool, err := p.tool(flags{}, name)
	switch {
	case err == nil:
		return fmt.Sprintf("; did you mean %s tool call %s?", p.api.Name, tool.Name())
	case strings.Contains(name, "."):
		return fmt.Sprintf(", and %v", err)
	}
	return ""
}

// noArgs rejects arguments of a command that has none.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return usageError{fmt.Errorf("unexpected argument %.60q after %s", args[0], cmd.Name())}
}

// onePrefix permits the beginning of a tool's name.
func (p program) onePrefix(_ *cobra.Command, args []string) error {
	if len(args) < 2 { //nolint:mnd // one or none
		return nil
	}
	return usageError{fmt.Errorf(
		"unexpected argument %.60q: expected one prefix; to search by words: %s tool search %.100s",
		args[1], p.api.Name, strings.Join(args, " "))}
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

// explainEmpty says why a list is empty, and what to try.
func (p program) explainEmpty(adapter *mcpadapter.Adapter, prefix string) string {
	if prefix == "" {
		return "the filters permit no tool"
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
	return fmt.Sprintf("no tool's name begins with %q%s\nTo search by words: %s tool search %s",
		prefix, didYouMean(prefix, names), p.api.Name, strings.Join(phrase.Words(prefix), " "))
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
