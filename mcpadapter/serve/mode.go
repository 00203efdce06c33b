package serve

import (
	"fmt"

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

// register adds the tools of the mode to a server.
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
	return mcpgo.RegisterAll(s, adapter)
}
