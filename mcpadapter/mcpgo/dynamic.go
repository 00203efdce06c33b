package mcpgo

import (
	"github.com/mark3labs/mcp-go/server"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// RegisterDynamic adds the tools of the dynamic mode to a server in place of those of [Register], and the catalogue of
// operations as a resource. It never replaces a tool: if a name is taken it fails and adds nothing. It must not run
// concurrently with other registrations on the server.
//
// It also adds tools that have no operation to call, so that a call returns the reason for its refusal; the hooks of
// [AddHooks] omit them from lists.
func RegisterDynamic(s *server.MCPServer, a *mcpadapter.Adapter) error {
	if err := register(s, a, (*mcpadapter.Adapter).AllDynamicTools); err != nil {
		return err
	}
	addCatalogue(s, a)
	return nil
}
