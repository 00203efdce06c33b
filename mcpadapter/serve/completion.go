package serve

import (
	"context"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// maxCompletions limits the values of a completion (MCP revision 2025-11-25, server/utilities/completion).
const maxCompletions = 100

// completer completes the arguments of prompts and of the template of documentation. It offers nothing that the filters
// of a request reject, and nothing for what it does not know.
type completer struct {
	adapter *mcpadapter.Adapter
	prompts map[string]*prompt
	style   func(client string) mcpadapter.NameStyle
}

// CompletePromptArgument is for mcp-go.
func (c completer) CompletePromptArgument(
	ctx context.Context, name string, argument mcp.CompleteArgument, _ mcp.CompleteContext,
) (*mcp.Completion, error) {
	p := c.prompts[name]
	if p == nil || !p.permitted(ctx) {
		return complete(nil, ""), nil
	}
	i := slices.IndexFunc(p.Arguments, func(a PromptArgument) bool { return a.Name == argument.Name })
	if i < 0 {
		return complete(nil, ""), nil
	}
	return complete(c.valuesOf(p.Arguments[i]), argument.Value), nil
}

// valuesOf returns what is offered for an argument of a prompt.
func (c completer) valuesOf(a PromptArgument) []string {
	if a.Values != nil || a.Operation == "" {
		return a.Values
	}
	t, err := c.adapter.Tool(a.Operation)
	if err != nil {
		return nil
	}
	return t.ArgumentValues(a.Argument)
}

// CompleteResourceArgument is for mcp-go.
func (c completer) CompleteResourceArgument(
	ctx context.Context, uri string, argument mcp.CompleteArgument, _ mcp.CompleteContext,
) (*mcp.Completion, error) {
	if uri != c.adapter.DocumentationURI("{"+argument.Name+"}") || argument.Name != mcpgo.DocumentationVariable {
		return complete(nil, ""), nil
	}
	style := c.style(mcpgo.ClientName(ctx, nil))
	var names []string
	for _, t := range c.adapter.AllTools() {
		if t.Permitted(ctx) {
			names = append(names, style.Name(t.Name()))
		}
	}
	return complete(names, argument.Value), nil
}

// complete returns the values that begin with a text, and then those that contain it, in any case and with any of the
// separators that styles of names differ by.
func complete(values []string, begun string) *mcp.Completion {
	separators := strings.NewReplacer(".", "_", "-", "_")
	folded := func(text string) string { return separators.Replace(strings.ToLower(text)) }
	begun = folded(begun)
	var first, others []string
	for _, v := range values {
		switch at := strings.Index(folded(v), begun); {
		case at == 0:
			first = append(first, v)
		case at > 0:
			others = append(others, v)
		}
	}
	found := slices.Concat(first, others)
	kept := found[:min(len(found), maxCompletions)]
	return &mcp.Completion{Values: append([]string{}, kept...), Total: len(found), HasMore: len(found) > len(kept)}
}
