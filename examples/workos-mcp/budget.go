package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/spf13/cobra"
	"github.com/tiktoken-go/tokenizer"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

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
			of := func(t *mcpadapter.Tool) string { return t.Toolset }
			if byTool {
				of = func(t *mcpadapter.Tool) string { return t.Name }
			}
			costs, err := count(adapter.Tools(), of)
			if err != nil {
				return err
			}
			size, err := listBytes(adapter.Tools())
			if err != nil {
				return err
			}
			return writeCosts(cmd.OutOrStdout(), costs, size)
		},
	}
	budget.Flags().BoolVar(&byTool, "by-tool", false, "one line a tool in place of one a toolset")
	return budget
}

// count adds up the tools by group, dearest first, with the total as the last.
func count(tools []*mcpadapter.Tool, group func(*mcpadapter.Tool) string) ([]cost, error) {
	codec, err := tokenizer.Get(tokenizer.O200kBase)
	if err != nil {
		return nil, fmt.Errorf("load the tokenizer: %w", err)
	}
	total := cost{name: "total"}
	groups := map[string]*cost{}
	for _, t := range tools {
		c := groups[group(t)]
		if c == nil {
			c = &cost{name: group(t)}
			groups[group(t)] = c
		}
		for _, sum := range []*cost{c, &total} {
			sum.tools++
		}
		for _, part := range []struct {
			text string
			sums [2]*int
		}{
			{t.Name, [2]*int{&c.names, &total.names}},
			{t.Description, [2]*int{&c.descriptions, &total.descriptions}},
			{string(t.InputSchema), [2]*int{&c.schemas, &total.schemas}},
		} {
			n, err := codec.Count(part.text)
			if err != nil {
				return nil, fmt.Errorf("count the tokens of %s: %w", t.Name, err)
			}
			*part.sums[0], *part.sums[1] = *part.sums[0]+n, *part.sums[1]+n
		}
	}
	costs := make([]cost, 0, len(groups)+1)
	for _, c := range groups {
		c.all = c.names + c.descriptions + c.schemas
		costs = append(costs, *c)
	}
	slices.SortFunc(costs, func(a, b cost) int { return cmp.Or(cmp.Compare(b.all, a.all), cmp.Compare(a.name, b.name)) })
	total.all = total.names + total.descriptions + total.schemas
	return append(costs, total), nil
}

// listBytes is the size of the tools in a tools/list.
func listBytes(tools []*mcpadapter.Tool) (int, error) {
	size := 0
	for _, t := range tools {
		text, err := json.Marshal(t.Definition())
		if err != nil {
			return 0, fmt.Errorf("write %s as JSON: %w", t.Name, err)
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
