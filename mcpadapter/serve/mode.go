package serve

import (
	"context"
	"fmt"
	"sync"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/mcpgo"
	interpreter "github.com/seed-f165d83c/workos/mcpadapter/program"
)

// mode is the flag --mode: how operations are exposed.
type mode int

const (
	modeDirect  mode = iota // one tool for each operation
	modeDynamic             // a few tools that search, describe and call operations
	modeCode                // a tool that searches operations, and one that runs programs over them
)

const (
	modeFlag        = "mode"
	interpreterFlag = "interpreter"
)

func (m mode) String() string {
	switch m {
	case modeDynamic:
		return "dynamic"
	case modeCode:
		return "code"
	case modeDirect:
	}
	return "direct"
}

func (m mode) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

func (m *mode) UnmarshalText(text []byte) error {
	for known := modeDirect; known <= modeCode; known++ {
		if string(text) == known.String() {
			*m = known
			return nil
		}
	}
	return fmt.Errorf("unknown mode %.30q: want direct, dynamic or code", text)
}

// register adds the tools of the mode to a server. Those of the direct mode come by [registerOnDemand].
func (f flags) register(s *server.MCPServer, adapter *mcpadapter.Adapter) error {
	switch f.mode {
	case modeDynamic:
		return mcpgo.RegisterDynamic(s, adapter)
	case modeCode:
		engine, err := interpreter.New(f.interpreter, interpreter.Limits{})
		if err != nil {
			return usageError{fmt.Errorf("--%s code: %w", modeFlag, err)}
		}
		return mcpgo.RegisterPrograms(s, adapter, engine)
	case modeDirect:
	}
	return nil
}

// registerOnDemand adds the tools of all operations to the server of the hooks when it first lists or calls tools. The
// usual requests never make it do so, see [fastPath], and mcp-go reads every schema when it adds a tool, which would
// take a tenth of the start.
func registerOnDemand(hooks *server.Hooks, adapter *mcpadapter.Adapter) {
	var once sync.Once
	register := func(ctx context.Context) {
		once.Do(func() {
			tools := adapter.AllTools()
			list := make([]server.ServerTool, len(tools))
			for i, t := range tools {
				list[i] = mcpgo.ServerTool(t)
			}
			server.ServerFromContext(ctx).AddTools(list...)
		})
	}
	hooks.AddBeforeListTools(func(ctx context.Context, _ any, _ *mcp.ListToolsRequest) { register(ctx) })
	hooks.AddBeforeCallTool(func(ctx context.Context, _ any, _ *mcp.CallToolRequest) { register(ctx) })
}
