package serve

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"text/template/parse"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
)

// Prompt is a task that a person starts, often as a slash command of an MCP client.
type Prompt struct {
	Name        string // such as "close_account"
	Title       string // for people
	Description string // one sentence
	Arguments   []PromptArgument
	// Text is what the user says to the model, a template of package text/template: {{.email}} is an argument, or "" for
	// one that is not given, and {{tool "accounts.list"}} the name of an operation as the client knows it. A client is
	// offered the prompt only if it may call every operation that the text names.
	Text string
}

// PromptArgument is a value that a person enters.
type PromptArgument struct {
	Name        string
	Title       string // for people; "": Name
	Description string
	Required    bool
	// Values are offered for completion. nil: those of an argument of an operation, if Operation is set.
	Values []string
	// Operation and Argument name the argument whose enum members or ID prefixes are offered, such as "accounts.get" and
	// "id".
	Operation, Argument string
}

// prompt is a prompt whose text has been read.
type prompt struct {
	Prompt

	text  *template.Template
	tools []mcpadapter.Tool // that the text names
}

// toolFunction is the function of a text that names an operation.
const toolFunction = "tool"

// prompts reads the texts of the prompts and finds the operations that they name.
func (p program) prompts(adapter *mcpadapter.Adapter) (map[string]*prompt, error) {
	if p.api.Prompts == nil {
		return nil, nil //nolint:nilnil // there are none
	}
	list, err := p.api.Prompts()
	if err != nil {
		return nil, err
	}
	prompts := make(map[string]*prompt, len(list))
	for _, p := range list {
		if prompts[p.Name] != nil || p.Name == "" {
			return nil, fmt.Errorf("prompt %q: want a name that no other has", p.Name)
		}
		if p.Text == "" {
			return nil, fmt.Errorf("prompt %q: it has no text", p.Name)
		}
		text, err := template.New(p.Name).Option("missingkey=error").
			Funcs(template.FuncMap{toolFunction: func(string) string { return "" }}).Parse(p.Text)
		if err != nil {
			return nil, fmt.Errorf("prompt %q: %w", p.Name, err)
		}
		read := &prompt{Prompt: p, text: text}
		for _, name := range toolsNamed(text.Root) {
			t, err := adapter.Tool(name)
			if err != nil {
				return nil, fmt.Errorf("prompt %q: %w", p.Name, err)
			}
			read.tools = append(read.tools, t)
		}
		if _, err := read.write(map[string]string{}, mcpadapter.NamesDots); err != nil {
			return nil, err
		}
		prompts[p.Name] = read
	}
	return prompts, nil
}

// toolsNamed returns the operations that a text names, wherever it does.
func toolsNamed(node parse.Node) []string {
	var names []string
	switch n := node.(type) {
	case *parse.ListNode:
		if n == nil {
			return nil
		}
		for _, inner := range n.Nodes {
			names = append(names, toolsNamed(inner)...)
		}
	case *parse.ActionNode:
		for _, command := range n.Pipe.Cmds {
			names = append(names, toolsNamed(command)...)
		}
	case *parse.CommandNode:
		function, isFunction := n.Args[0].(*parse.IdentifierNode)
		for _, argument := range n.Args[1:] {
			if text, ok := argument.(*parse.StringNode); ok && isFunction && function.Ident == toolFunction {
				names = append(names, text.Text)
			}
		}
	case *parse.IfNode:
		names = append(toolsNamed(n.List), toolsNamed(n.ElseList)...)
	case *parse.WithNode:
		names = append(toolsNamed(n.List), toolsNamed(n.ElseList)...)
	case *parse.RangeNode:
		names = append(toolsNamed(n.List), toolsNamed(n.ElseList)...)
	}
	return names
}

// write returns the text with the arguments and with names of operations in the style.
func (p *prompt) write(arguments map[string]string, style mcpadapter.NameStyle) (string, error) {
	values := make(map[string]string, len(p.Arguments))
	for _, a := range p.Arguments {
		values[a.Name] = strings.TrimSpace(arguments[a.Name])
	}
	text, err := p.text.Clone()
	if err != nil {
		return "", fmt.Errorf("prompt %q: %w", p.Name, err)
	}
	var b strings.Builder
	err = text.Funcs(template.FuncMap{toolFunction: style.Name}).Execute(&b, values)
	if err != nil {
		return "", fmt.Errorf("prompt %q: %w", p.Name, err)
	}
	return strings.TrimSpace(b.String()), nil
}

// permitted reports whether the filters of the context permit every operation of the text.
func (p *prompt) permitted(ctx context.Context) bool {
	return !slices.ContainsFunc(p.tools, func(t mcpadapter.Tool) bool { return !t.Permitted(ctx) })
}

// missing returns the names of required arguments that are not given.
func (p *prompt) missing(arguments map[string]string) []string {
	var names []string
	for _, a := range p.Arguments {
		if a.Required && strings.TrimSpace(arguments[a.Name]) == "" {
			names = append(names, a.Name)
		}
	}
	return names
}

// definition returns a prompt as MCP lists it.
func (p *prompt) definition() mcp.Prompt {
	d := mcp.Prompt{Name: p.Name, Title: p.Title, Description: p.Description}
	for _, a := range p.Arguments {
		d.Arguments = append(d.Arguments, mcp.PromptArgument{
			Name: a.Name, Title: a.Title, Description: a.Description, Required: a.Required,
		})
	}
	return d
}

// register adds the prompt to a server.
func (p *prompt) register(s *server.MCPServer, style func(client string) mcpadapter.NameStyle) {
	s.AddPrompt(p.definition(), func(
		ctx context.Context, request mcp.GetPromptRequest,
	) (*mcp.GetPromptResult, error) {
		text, err := p.write(request.Params.Arguments, style(mcpgo.ClientName(ctx, request.Header)))
		if err != nil {
			return nil, err
		}
		return mcp.NewGetPromptResult(p.Description, []mcp.PromptMessage{
			mcp.NewPromptMessage(mcp.RoleUser, mcp.NewTextContent(text)),
		}), nil
	})
}

// addPromptHooks has a request without a required argument fail as MCP requires, with -32602 (revision 2025-11-25,
// server/prompts, "Error Handling"): mcp-go does so for names that no prompt has.
func addPromptHooks(hooks *server.Hooks, prompts map[string]*prompt) {
	hooks.AddBeforeGetPrompt(func(_ context.Context, _ any, request *mcp.GetPromptRequest) {
		p := prompts[request.Params.Name]
		if p == nil {
			return
		}
		if names := p.missing(request.Params.Arguments); names != nil {
			request.Params.Name += " without " + strings.Join(names, ", ")
		}
	})
}

// onlyPermitted is a filter of prompts, for lists and for each one that is requested.
func onlyPermitted(prompts map[string]*prompt) server.PromptFilterFunc {
	return func(ctx context.Context, list []mcp.Prompt) []mcp.Prompt {
		return slices.DeleteFunc(slices.Clone(list), func(d mcp.Prompt) bool {
			p := prompts[d.Name]
			return p != nil && !p.permitted(ctx)
		})
	}
}
