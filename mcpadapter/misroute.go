package mcpadapter

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// newRouter indexes the operations of a table by method and path.
func newRouter(table *optable.Table) *optable.Router {
	routes := make([]optable.Route, len(table.Operations))
	for i := range table.Operations {
		op := &table.Operations[i]
		routes[i] = optable.Route{ID: op.ID, Method: op.Method, Path: op.Path}
	}
	return optable.NewRouter(routes)
}

// misrouted finds a path value that is a fixed segment of another operation's path, and so would call that one: with
// the id "name", GET /things/{id}/metadata is GET /things/name/{name}.
func (t *tool) misrouted(path map[string]any) (Problem, bool) {
	if len(path) == 0 {
		return Problem{}, false
	}
	segments := strings.Split(t.operation.Path, "/")
	for i, segment := range segments {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			segments[i] = url.PathEscape(segmentOf(path[strings.TrimSuffix(name, "}")]))
		}
	}
	route := t.engine.router.Match(t.operation.Method, strings.Join(segments, "/"))
	if route == nil || route.ID == t.operation.ID {
		return Problem{}, false
	}
	for _, p := range t.paths {
		if literal := segmentOf(path[p.name]); strings.Contains(route.Path+"/", "/"+literal+"/") {
			return Problem{
				Argument: p.name, Message: fmt.Sprintf("%q would address another operation, %s", literal, route.ID),
			}, true
		}
	}
	return Problem{}, false
}

// segmentOf is a path value as it is sent, before it is escaped: of several, with commas between.
func segmentOf(value any) string {
	list, several := value.([]any)
	if !several {
		return fmt.Sprint(value)
	}
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = fmt.Sprint(v)
	}
	return strings.Join(parts, ",")
}
