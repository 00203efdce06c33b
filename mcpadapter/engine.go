package mcpadapter

import (
	"runtime"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/confirm"
)

// engine is what the calls of all tools of an adapter share. It is immutable once [New] has returned.
type engine struct {
	options

	table      *optable.Table
	router     *optable.Router
	sealer     *confirm.Sealer
	programs   chan struct{} // has an element for each jq program that runs
	neighbours func() *neighbours
}

func newEngine(o options, table *optable.Table) (*engine, error) {
	e := &engine{
		options: o, table: table, router: newRouter(table), programs: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	if err := e.confirmations(); err != nil {
		return nil, err
	}
	return e, nil
}

// newRouter indexes the operations of a table by method and path.
func newRouter(table *optable.Table) *optable.Router {
	routes := make([]optable.Route, len(table.Operations))
	for i := range table.Operations {
		op := &table.Operations[i]
		routes[i] = optable.Route{ID: op.ID, Method: op.Method, Path: op.Path}
	}
	return optable.NewRouter(routes)
}
