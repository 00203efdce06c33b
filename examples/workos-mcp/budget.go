package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/spf13/cobra"
	"github.com/tiktoken-go/tokenizer"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// told is a tool as clients are told of it, in a group whose cost is added up.
type told struct {
	group string
	tool  mcp.Tool
}

// toldTools are the tools of a mode.
func toldTools(adapter *mcpadapter.Adapter, m mode) []told {
	var list []told
	if m == modeDynamic {
		for _, d := range adapter.DynamicTools() {
			list = append(list, told{d.Name, mcpgo.Definition(d)})
		}
		return list
	}
	for _, t := range adapter.Tools() {
		list = append(list, told{t.Toolset, mcpgo.Definition(t)})
	}
	return list
}

// cost is what a model pays to know some tools: the o200k tokens of their names, descriptions and input schemas.
type cost struct {
	name                              string
	tools                             int
	names, descriptions, schemas, all int
}

func (p process) toolBudget(f *flags) *cobra.Command {
	var byTool bool
	budget := &cobra.Command{
		Use: "budget", Short: "Count the tokens that the list of tools costs", Args: usageArgs(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			adapter, err := p.shellAdapter(*f)
			if err != nil {
				return err
			}
			m, err := p.mode(*f)
			if err != nil {
				return err
			}
			list := toldTools(adapter, m)
			for i := range list {
				if byTool {
					list[i].group = list[i].tool.Name
				}
			}
			costs, err := count(list)
			if err != nil {
				return err
			}
			size, err := listBytes(list)
			if err != nil {
				return err
			}
			if err := writeCosts(cmd.OutOrStdout(), costs, size); err != nil {
				return err
			}
			return writeTexts(cmd.Context(), cmd.OutOrStdout(), adapter, m)
		},
	}
	budget.Flags().BoolVar(&byTool, "by-tool", false, "one line a tool in place of one a toolset")
	return budget
}

// tokens counts the tokens of texts as o200k does.
func tokens(texts ...string) ([]int, error) {
	codec, err := tokenizer.Get(tokenizer.O200kBase)
	if err != nil {
		return nil, fmt.Errorf("load the tokenizer: %w", err)
	}
	counts := make([]int, len(texts))
	for i, text := range texts {
		if counts[i], err = codec.Count(text); err != nil {
			return nil, fmt.Errorf("count tokens: %w", err)
		}
	}
	return counts, nil
}

// count adds up the tools by group, dearest first, with the total as the last.
func count(tools []told) ([]cost, error) {
	total := cost{name: "total"}
	groups := map[string]*cost{}
	for _, t := range tools {
		c := groups[t.group]
		if c == nil {
			c = &cost{name: t.group}
			groups[t.group] = c
		}
		n, err := tokens(t.tool.Name, t.tool.Description, string(t.tool.RawInputSchema))
		if err != nil {
			return nil, err
		}
		for _, sum := range []*cost{c, &total} {
			sum.tools, sum.names, sum.descriptions, sum.schemas = sum.tools+1, sum.names+n[0], sum.descriptions+n[1],
				sum.schemas+n[2]
			sum.all += n[0] + n[1] + n[2]
		}
	}
	costs := make([]cost, 0, len(groups)+1)
	for _, c := range groups {
		costs = append(costs, *c)
	}
	slices.SortFunc(costs, func(a, b cost) int { return cmp.Or(cmp.Compare(b.all, a.all), cmp.Compare(a.name, b.name)) })
	return append(costs, total), nil
}

// listBytes is the size of the tools in a tools/list.
func listBytes(tools []told) (int, error) {
	size := 0
	for _, t := range tools {
		text, err := json.Marshal(t.tool)
		if err != nil {
			return 0, fmt.Errorf("write %s as JSON: %w", t.tool.Name, err)
		}
		size += len(text)
	}
	return size, nil
}

func writeCosts(out io.Writer, costs []cost, size int) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, "tools\tname\tdescription\tinput schema\ttokens\t ")
	for _, c := range costs {
		_, _ = fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t %s\n", c.tools, c.names, c.descriptions, c.schemas, c.all, c.name)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the costs: %w", err)
	}
	if _, err := fmt.Fprintf(out, "%d bytes of JSON\n", size); err != nil {
		return fmt.Errorf("write the costs: %w", err)
	}
	return nil
}

// writeTexts tells what a model reads beside the tools: the instructions and, if it asks for that, the catalogue.
func writeTexts(ctx context.Context, out io.Writer, adapter *mcpadapter.Adapter, m mode) error {
	counts, err := tokens(instructions(ctx, adapter, m), adapter.Catalogue(ctx))
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%d tokens of instructions\n", counts[0])
	if m == modeDynamic {
		text += fmt.Sprintf("%d tokens of the catalogue, for those who read it\n", counts[1])
	}
	if _, err := io.WriteString(out, text); err != nil {
		return fmt.Errorf("write the costs: %w", err)
	}
	return nil
}
