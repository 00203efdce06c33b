package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

func (p program) toolCommand(f *flags) *cobra.Command {
	tool := &cobra.Command{
		Use: "tool", Short: "List, describe and call tools",
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				problem := fmt.Sprintf("unknown command %.60q for tool: expected list, search, get, types or call", args[0])
				if hint := p.callOf(args[0]); hint != "" {
					return usageError{errors.New(problem + hint)}
				}
				return usageError{errors.New(problem + didYouMean(args[0], []string{"list", "search", "get", "types", "call"}))}
			}
			return usageError{errors.New("expected a command after tool: list, search, get, types or call")}
		},
	}
	tool.AddCommand(p.toolList(f), p.toolSearch(f), p.toolGet(f), p.toolTypes(f), p.toolCall(f))
	return tool
}

func (p program) toolList(f *flags) *cobra.Command {
	var form form
	var client string
	list := &cobra.Command{
		Use: "list [PREFIX]", Short: "List the tools whose names begin with PREFIX",
		Args: p.onePrefix,
		RunE: func(cmd *cobra.Command, args []string) error {
			adapter, err := p.shellAdapter(*f)
			if err != nil {
				return err
			}
			prefix := strings.Join(args, "")
			if asClient(cmd) {
				return p.listAs(cmd, *f, adapter, client, prefix, form)
			}
			tools := slices.DeleteFunc(adapter.Tools(), func(t mcpadapter.Tool) bool {
				return !strings.HasPrefix(t.Name(), prefix)
			})
			if len(tools) == 0 {
				_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "%s: %s\n", p.api.Name, p.explainEmpty(adapter, prefix))
			}
			if form == formTable {
				return p.writeTable(cmd.OutOrStdout(), tools)
			}
			return p.writeAs(cmd, form, entries(tools))
		},
	}
	addOutputFlags(list, &form, formTable)
	addAsFlag(list, &client)
	list.ValidArgsFunction = p.completePrefix(f)
	return list
}

func (p program) toolSearch(f *flags) *cobra.Command {
	toolset := mcpadapter.Filter{Name: func(mcpadapter.FilterPart) string { return "--toolset" }}
	var limit int
	var form form
	search := &cobra.Command{
		Use: "search WORDS...", Short: "Find tools by what you want to do, best first",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("expected words after tool search, such as invite a user")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if limit < 1 {
				return usageError{fmt.Errorf("--limit: invalid value %d: want at least 1", limit)}
			}
			adapter, err := p.shellAdapter(*f)
			if err != nil {
				return err
			}
			ctx, err := adapter.Narrow(cmd.Context(), toolset)
			if err != nil {
				return usageError{err}
			}
			query := strings.Join(args, " ")
			notes := cmd.OutOrStdout()
			if form != formTable {
				notes = cmd.ErrOrStderr()
			}
			for _, text := range adapter.Limits(ctx, query) {
				if _, err := fmt.Fprintln(notes, "note: "+text); err != nil {
					return fmt.Errorf("write the list: %w", err)
				}
			}
			found := adapter.Search(ctx, query, limit)
			if len(found) == 0 {
				_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "%s: no tool found; try other words, or list all: %s tool list\n",
					p.api.Name, p.api.Name)
			}
			if form == formTable {
				return writeSignatures(cmd.OutOrStdout(), found)
			}
			return p.writeAs(cmd, form, entries(found))
		},
	}
	addOutputFlags(search, &form, formTable)
	search.Flags().Var((*list)(&toolset.Toolsets), "toolset", "search only these `toolsets`, comma-separated")
	search.Flags().IntVar(&limit, "limit", 5, "maximum `number` of tools to print")
	return search
}

// writeSignatures prints a line for each tool.
func writeSignatures(out io.Writer, tools []mcpadapter.Tool) error {
	for _, t := range tools {
		if _, err := fmt.Fprintln(out, t.Signature()); err != nil {
			return fmt.Errorf("write the list: %w", err)
		}
	}
	return nil
}

type entry struct {
	Name        string `json:"name"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Toolset     string `json:"toolset"`
}

func entries(tools []mcpadapter.Tool) []entry {
	list := make([]entry, len(tools))
	for i, t := range tools {
		list[i] = entry{t.Name(), t.Title(), t.Description(), t.Toolset()}
	}
	return list
}

func (p program) writeTable(out io.Writer, tools []mcpadapter.Tool) error {
	return writeRows(out, p.displayOf(p.stdout), func(yield func(name, title string) bool) {
		for _, t := range tools {
			if !yield(t.Name(), t.Title()) {
				return
			}
		}
	})
}

// writeRows writes names and titles in columns.
func writeRows(out io.Writer, d display, rows iter.Seq2[string, string]) error {
	var text bytes.Buffer
	w := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	for name, title := range rows {
		_, _ = fmt.Fprintf(w, "%s\t%s\n", name, title)
	}
	_ = w.Flush()
	if err := d.table(out, text.String(), false); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

func (p program) toolGet(f *flags) *cobra.Command {
	var client string
	var form form
	get := &cobra.Command{
		Use: "get NAME", Short: "Print the full definition of a tool", Args: p.aTool("get", true),
		RunE: func(cmd *cobra.Command, args []string) error {
			if asClient(cmd) {
				return p.getAs(cmd, *f, client, args[0], form)
			}
			tool, err := p.tool(*f, args[0])
			if err != nil {
				return err
			}
			if f := tool.Filtered(cmd.Context()); f != nil {
				return errors.New(f.String())
			}
			return p.writeAs(cmd, form, mcpgo.Definition(tool))
		},
	}
	addOutputFlags(get, &form, formJSON)
	addAsFlag(get, &client)
	get.ValidArgsFunction = p.completeTool(f)
	return get
}

func (p program) toolCall(f *flags) *cobra.Command {
	var yes bool
	var form form
	call := &cobra.Command{
		Use: "call NAME [JSON | @FILE | -] [name=value...]", Short: "Call a tool and print its response",
		Long: "Call a tool and print its response.\n\n" +
			"Arguments are a JSON object, as it is, in a file (@FILE) or on stdin (-), and assignments beside it or instead:\n" +
			"name=value (the tool's schema decides the type), name:=JSON, parent.child=value, list[]=item and\n" +
			"list[].member=value, which begins another item where the last one has the member.",
		Args: p.aTool("call", false),
		RunE: func(cmd *cobra.Command, args []string) error {
			settings := *f
			if !cmd.Flags().Changed(maxResultFlag) { // a script wants all of it
				settings.limits.maxResult = 0
			}
			tool, err := p.tool(settings, args[0])
			if err != nil {
				return err
			}
			arguments, err := p.callArguments(args[1:], tool.InputSchema(), argumentsOf(tool))
			if err != nil {
				return err
			}
			return p.call(cmd, tool, arguments, shellAsker{program: p, yes: yes}, form, args[1:])
		},
	}
	addOutputFlags(call, &form, formJSON)
	call.ValidArgsFunction = p.completeCall(f)
	call.Flags().BoolVar(&yes, "yes", false, "confirm the call without asking")
	return call
}

// call calls a tool and prints its response. The words are those that the arguments come from.
func (p program) call(
	cmd *cobra.Command, tool mcpadapter.Tool, arguments []byte, asker shellAsker, form form, words []string,
) error {
	ctx := cmd.Context()
	line := progress{out: p.stderr, show: p.displayOf(p.stderr).terminal}
	result := tool.InvokeAsking(line.watch(p.local(ctx)), arguments, asker.ask)
	line.clear()
	if asker.noTerminal {
		return errNoTerminal
	}
	if asker.left {
		return errLeft
	}
	if result.Failure != nil {
		return callError{p.withAdvice(result.Failure, words)}
	}
	if repaired := slices.DeleteFunc(result.Repaired, assignedBy(words)); len(repaired) > 0 {
		_, _ = fmt.Fprintln(cmd.ErrOrStderr(), p.api.Name+": read from text:", strings.Join(repaired, ", "))
	}
	for _, a := range result.Renamed {
		_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "%s: %q was read as %s\n", p.api.Name, a.Given, a.Argument)
	}
	if err := form.write(cmd.OutOrStdout(), p.displayOf(p.stdout), result.JSON); err != nil {
		return err
	}
	if list, isList := items(result.JSON); form == formTable && isList && len(list) == 0 {
		_, _ = fmt.Fprintf(cmd.ErrOrStderr(), "%s: the list is empty\n", p.api.Name)
	}
	if line.called && ctx.Err() != nil {
		return line.interruption(result.JSON)
	}
	return nil
}

func (p program) tool(f flags, name string) (mcpadapter.Tool, error) {
	adapter, err := p.shellAdapter(f)
	if err != nil {
		return mcpadapter.Tool{}, err
	}
	tool, err := adapter.Tool(name)
	if err != nil {
		return mcpadapter.Tool{}, usageError{err}
	}
	return tool, nil
}

// writeJSON writes indented JSON with <, > and & as they are.
func writeJSON(out io.Writer, v any) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	if _, err := out.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write JSON: %w", err)
	}
	return nil
}
