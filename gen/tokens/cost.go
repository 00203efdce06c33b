package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"

	"github.com/tiktoken-go/tokenizer"
)

// cost is the size of a group of tools in o200k tokens: their names, descriptions and input schemas.
type cost struct {
	name                              string
	tools                             int
	names, descriptions, schemas, all int
}

// tokens counts the o200k tokens of each text.
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

// count adds up the tools by group, the most expensive first and the total last.
func count(tools []tool) ([]cost, error) {
	total := cost{name: "total"}
	groups := map[string]*cost{}
	for _, t := range tools {
		c := groups[t.group]
		if c == nil {
			c = &cost{name: t.group}
			groups[t.group] = c
		}
		n, err := tokens(t.Name, t.Description, string(t.InputSchema))
		if err != nil {
			return nil, err
		}
		for _, sum := range []*cost{c, &total} {
			sum.tools++
			sum.names += n[0]
			sum.descriptions += n[1]
			sum.schemas += n[2]
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
func listBytes(tools []tool) int {
	size := 0
	for _, t := range tools {
		size += t.size
	}
	return size
}

func writeCosts(out io.Writer, costs []cost) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(w, "tools\tname\tdescription\tinput schema\ttokens\t ")
	for _, c := range costs {
		_, _ = fmt.Fprintf(w, "%d\t%d\t%d\t%d\t%d\t %s\n", c.tools, c.names, c.descriptions, c.schemas, c.all, c.name)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the costs: %w", err)
	}
	return nil
}
