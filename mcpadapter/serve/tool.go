package serve

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
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
				return usageError{fmt.Errorf("unknown command %q for tool: expected list, search, get or call", args[0])}
			}
			return usageError{errors.New("expected a command after tool: list, search, get or call")}
		},
	}
	tool.AddCommand(p.toolList(f), p.toolSearch(f), p.toolGet(f), p.toolCall(f))
	return tool
}

func (p program) toolList(f *flags) *cobra.Command {
	var asJSON bool
	list := &cobra.Command{
		Use: "list [PREFIX]", Short: "List the tools whose names begin with PREFIX", Args: usageArgs(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			adapter, err := p.shellAdapter(*f)
			if err != nil {
				return err
			}
			tools := adapter.Tools()
			if len(args) == 1 {
				tools = withPrefix(tools, args[0])
			}
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), entries(tools))
			}
			return writeTable(cmd.OutOrStdout(), tools)
		},
	}
	list.Flags().BoolVar(&asJSON, "json", false, "print a JSON array of objects with name, title, description and toolset")
	return list
}

func (p program) toolSearch(f *flags) *cobra.Command {
	toolset := mcpadapter.Filter{Name: func(mcpadapter.FilterPart) string { return "--toolset" }}
	var limit int
	search := &cobra.Command{
		Use: "search WORDS...", Short: "Find tools by what you want to do, best first",
		Args: usageArgs(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			adapter, err := p.shellAdapter(*f)
			if err != nil {
				return err
			}
			ctx, err := adapter.Narrow(cmd.Context(), toolset)
			if err != nil {
				return usageError{err}
			}
			return writeTable(cmd.OutOrStdout(), adapter.Search(ctx, strings.Join(args, " "), limit))
		},
	}
	search.Flags().Var((*list)(&toolset.Toolsets), "toolset", "search only these `toolsets`, comma-separated")
	search.Flags().IntVar(&limit, "limit", 5, "maximum `number` of tools to print")
	return search
}

func withPrefix(tools []mcpadapter.Tool, prefix string) []mcpadapter.Tool {
	var found []mcpadapter.Tool
	for _, t := range tools {
		if strings.HasPrefix(t.Name(), prefix) {
			found = append(found, t)
		}
	}
	return found
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

func writeTable(out io.Writer, tools []mcpadapter.Tool) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, t := range tools {
		if _, err := fmt.Fprintf(w, "%s\t%s\n", t.Name(), t.Title()); err != nil {
			return fmt.Errorf("write the list: %w", err)
		}
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the list: %w", err)
	}
	return nil
}

func (p program) toolGet(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "get NAME", Short: "Print the full definition of a tool as JSON", Args: usageArgs(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			tool, err := p.tool(*f, args[0])
			if err != nil {
				return err
			}
			if f := tool.Filtered(cmd.Context()); f != nil {
				return errors.New(f.String())
			}
			return writeJSON(cmd.OutOrStdout(), mcpgo.Definition(tool))
		},
	}
}

func (p program) toolCall(f *flags) *cobra.Command {
	var yes bool
	call := &cobra.Command{
		Use: "call NAME [JSON | @FILE | -]", Short: "Call a tool and print its response as JSON",
		Args: usageArgs(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			settings := *f
			if !cmd.Flags().Changed(maxResultFlag) { // a script wants all of it
				settings.limits.maxResult = 0
			}
			tool, err := p.tool(settings, args[0])
			if err != nil {
				return err
			}
			var arguments []byte
			if len(args) == 2 {
				if arguments, err = readArguments(args[1], cmd.InOrStdin()); err != nil {
					return err
				}
			}
			asker := shellAsker{program: p, yes: yes}
			result := tool.InvokeAsking(p.local(cmd.Context()), arguments, asker.ask)
			if asker.noTerminal {
				return errNoTerminal
			}
			if result.Failure != nil {
				return errors.New(result.Text())
			}
			if len(result.Repaired) > 0 {
				_, _ = fmt.Fprintln(cmd.ErrOrStderr(), p.api.Name+": read from text:", strings.Join(result.Repaired, ", "))
			}
			return writeJSON(cmd.OutOrStdout(), result.JSON)
		},
	}
	call.Flags().BoolVar(&yes, "yes", false, "confirm the call without asking")
	return call
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

// maxArgumentBytes limits the arguments from standard input.
const maxArgumentBytes = 4 << 20

// readArguments returns the arguments as given, from a file (@FILE) or from standard input (-).
func readArguments(from string, stdin io.Reader) ([]byte, error) {
	var data []byte
	var err error
	switch {
	case from == "-":
		data, err = io.ReadAll(io.LimitReader(stdin, maxArgumentBytes+1))
		if len(data) > maxArgumentBytes {
			err = fmt.Errorf("more than %d bytes", maxArgumentBytes)
		}
	case strings.HasPrefix(from, "@"):
		data, err = os.ReadFile(from[1:])
	default:
		return []byte(from), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the arguments: %w", err)
	}
	return data, nil
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
