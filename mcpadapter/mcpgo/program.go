package mcpgo

import (
	"errors"

	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// RegisterPrograms adds the tools of the code mode, [mcpadapter.Adapter.ProgramTools], to a server in place of those of
// [Register], and the catalogue of operations as a resource. It never replaces a tool: if a name is taken it fails and
// adds nothing. It must not run concurrently with other registrations on the server.
func RegisterPrograms(s *server.MCPServer, a *mcpadapter.Adapter, engine mcpadapter.ProgramEngine) error {
	if engine == nil {
		return errors.New("workos/mcpadapter: the engine is nil")
	}
	tools := func(a *mcpadapter.Adapter) []mcpadapter.Tool { return a.ProgramTools(engine) }
	if err := register(s, a, tools); err != nil {
		return err
	}
	addCatalogue(s, a)
	return nil
}
