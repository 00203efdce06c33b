package serve

import (
	"context"
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Way is how one thing is usually done with an API.
type Way struct {
	Goal      string // what is done, such as "an organization by name"
	Operation string // operationId
	Arguments string // those that lead there, such as "search"
}

// Ways returns usual ways as a part of [API.Instructions], with a line for each whose operation the context permits. It
// is "" if it permits none.
func Ways(ctx context.Context, adapter *mcpadapter.Adapter, ways ...Way) string {
	var b strings.Builder
	heading := "Usual ways:\n"
	for _, w := range ways {
		if tool, err := adapter.Tool(w.Operation); err == nil && tool.Filtered(ctx) == nil {
			b.WriteString(heading + "- " + w.Goal + ": " + w.Operation + " with " + w.Arguments + "\n")
			heading = ""
		}
	}
	return b.String()
}
