package serve

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/spf13/cobra"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// asFlag makes the commands of the shell show what a client is given.
const asFlag = "as"

func addAsFlag(cmd *cobra.Command, client *string) {
	cmd.Flags().StringVar(client, asFlag, "",
		"show what the MCP `client` of that name is given, such as claude-code; --names and --mode imply it,\n"+
			"for a client that the server does not know")
}

// asClient reports whether a command shows what a client is given, and not the operations under their own names.
func asClient(cmd *cobra.Command) bool {
	return slices.ContainsFunc([]string{asFlag, namesFlag, modeFlag}, cmd.Flags().Changed)
}

// given returns the tools that a client of that name is given, exactly as the server lists them.
func (p program) given(ctx context.Context, f flags, adapter *mcpadapter.Adapter, client string) ([]mcp.Tool, error) {
	s, err := p.newServer(f, adapter)
	if err != nil {
		return nil, err
	}
	result, ok := listFor(ctx, s, client)
	if !ok {
		return nil, errors.New("the server does not list its tools")
	}
	return result.Tools, nil
}

// listFor returns the result of tools/list for a client of that name. The context has what else the list depends on.
func listFor(ctx context.Context, s *server.MCPServer, name string) (mcp.ListToolsResult, bool) {
	client := newStdioClient(nil, nil)
	client.SetClientInfo(mcp.Implementation{Name: name})
	const request = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	response, ok := s.HandleMessage(s.WithContext(ctx, client), []byte(request)).(mcp.JSONRPCResponse)
	if !ok {
		return mcp.ListToolsResult{}, false
	}
	result, ok := response.Result.(mcp.ListToolsResult)
	return result, ok
}

// definitionFor returns the definition of a tool that a client is given. The name is that of the list or any other of
// the operation.
func definitionFor(tools []mcp.Tool, adapter *mcpadapter.Adapter, name string) (mcp.Tool, error) {
	operation := name
	if tool, err := adapter.Tool(name); err == nil {
		operation = tool.Name()
	}
	names := make([]string, len(tools))
	for i, tool := range tools {
		names[i] = tool.Name
		other, err := adapter.Tool(tool.Name)
		if tool.Name == name || err == nil && other.Name() == operation {
			return tool, nil
		}
	}
	problem := fmt.Sprintf("the client is given no tool %q", name)
	return mcp.Tool{}, usageError{errors.New(problem + didYouMean(name, names))}
}

func (p program) listAs(
	cmd *cobra.Command, f flags, adapter *mcpadapter.Adapter, client, prefix string, form form,
) error {
	tools, err := p.given(cmd.Context(), f, adapter, client)
	if err != nil {
		return err
	}
	tools = slices.DeleteFunc(tools, func(t mcp.Tool) bool { return !strings.HasPrefix(t.Name, prefix) })
	if form != formTable {
		return p.writeAs(cmd, form, tools)
	}
	return writeRows(cmd.OutOrStdout(), p.displayOf(p.stdout), func(yield func(name, title string) bool) {
		for _, t := range tools {
			if !yield(t.Name, t.Title) {
				return
			}
		}
	})
}

func (p program) getAs(cmd *cobra.Command, f flags, client, name string, form form) error {
	adapter, err := p.shellAdapter(f)
	if err != nil {
		return err
	}
	tools, err := p.given(cmd.Context(), f, adapter, client)
	if err != nil {
		return err
	}
	tool, err := definitionFor(tools, adapter, name)
	if err != nil {
		return err
	}
	return p.writeAs(cmd, form, tool)
}
