package mcpadapter

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/confirm"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/search"
)

// Adapter has the tools of one client. It is immutable, and safe for concurrent use if the client is.
type Adapter struct {
	engine      *engine
	tools       []*tool          // of all operations
	byName      map[string]*tool // names in every style
	common      []schema.Argument
	telling     []schema.Argument    // those of common whose description adds to the name
	searchIndex func() *search.Index // built by the first search
}

// engine is what the calls of all tools of an adapter share. It is immutable once [New] has returned.
type engine struct {
	options

	table      *optable.Table
	router     *optable.Router
	sealer     *confirm.Sealer
	programs   chan struct{} // one element for each running jq program
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

// newRouter returns a router for the operations of a table.
func newRouter(table *optable.Table) *optable.Router {
	routes := make([]optable.Route, len(table.Operations))
	for i := range table.Operations {
		op := &table.Operations[i]
		routes[i] = optable.Route{ID: op.ID, Method: op.Method, Path: op.Path}
	}
	return optable.NewRouter(routes)
}

// validName reports whether MCP allows the name (revision 2025-11-25, server/tools, "Tool Names").
func validName(name string) bool {
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
	return name != "" && len(name) <= 128 && strings.Trim(name, allowed) == ""
}

// New returns an adapter with a tool for each operation of the table. The client is an oapi-codegen client: a value
// with a method for each operation, whose name is the operationId in any case. The table must not change afterwards.
//
// It fails if the methods or types of the client do not match the table, if MCP does not allow a name, if two
// operations have the same name in any [NameStyle], and if the table itself is invalid, such as a pattern that does not
// compile.
func New(client any, table *optable.Table, opts ...Option) (*Adapter, error) {
	v := reflect.ValueOf(client)
	if client == nil || v.Kind() == reflect.Pointer && v.IsNil() || table == nil {
		return nil, errors.New("workos/mcpadapter: the client or the table is nil")
	}
	if !slices.IsSortedFunc(table.Schemas, func(a, b optable.Schema) int { return strings.Compare(a.Name, b.Name) }) {
		return nil, errors.New("workos/mcpadapter: the schemas of the table are not sorted by name")
	}
	o, err := newOptions(opts)
	if err != nil {
		return nil, fmt.Errorf("workos/mcpadapter: %w", err)
	}
	e, err := newEngine(o, table)
	if err != nil {
		return nil, fmt.Errorf("workos/mcpadapter: %w", err)
	}
	methods := methodsOf(v)
	derive := &deriver{schema.NewDeriver(table)}
	a := &Adapter{engine: e, byName: make(map[string]*tool, 2*len(table.Operations))}
	for i := range table.Operations {
		t, err := newTool(&table.Operations[i], methods, derive, e)
		if err != nil {
			return nil, fmt.Errorf("workos/mcpadapter: operation %q: %w", table.Operations[i].ID, err)
		}
		if err := a.know(t); err != nil {
			return nil, err
		}
		a.tools = append(a.tools, t)
	}
	for i := range e.filters {
		if err := a.checkFilter(&e.filters[i]); err != nil {
			return nil, fmt.Errorf("workos/mcpadapter: %w", err)
		}
	}
	if len(e.filters) > 0 && len(a.permitted(e.filters)) == 0 {
		return nil, fmt.Errorf("workos/mcpadapter: %w", &FilterError{Problem: "the filters together permit no operation"})
	}
	e.neighbours = sync.OnceValue(func() *neighbours { return newNeighbours(a.tools) })
	if e.terse {
		a.common, a.telling = commonArguments(a.permitted(e.filters))
	}
	for _, t := range a.tools {
		t.publish(a.common)
	}
	a.searchIndex = sync.OnceValue(func() *search.Index { return newSearchIndex(a.tools, table) })
	return a, nil
}

// know makes a tool available under its names in every style.
func (a *Adapter) know(t *tool) error {
	for style := NamesDots; style <= NamesShort; style++ {
		name := style.Name(t.name)
		switch other := a.byName[name]; {
		case other == nil:
			a.byName[name] = t
		case other.name == t.name && other != t:
			return fmt.Errorf("workos/mcpadapter: operation %q is in the table twice", t.name)
		case other != t:
			return fmt.Errorf("workos/mcpadapter: operations %q and %q have the same name %s", other.name, t.name, name)
		}
	}
	return nil
}

// permitted returns the tools that all filters permit, in the order of the table.
func (a *Adapter) permitted(filters []Filter) []*tool {
	return slices.DeleteFunc(slices.Clone(a.tools), func(t *tool) bool { return !passes(filters, t) })
}

// Tools returns the tools that the filters of [WithFilter] permit, in the order of the table. The slice is the
// caller's.
func (a *Adapter) Tools() []Tool { return wrapped(a.permitted(a.engine.filters)) }

// AllTools returns the tools of all operations, including those that the filters of [WithFilter] reject, for servers
// that explain why a call is rejected. The slice is the caller's.
func (a *Adapter) AllTools() []Tool { return wrapped(a.tools) }

// Tool returns the tool with a name in any [NameStyle]. It also returns a tool that a filter rejects, because a call of
// it reports the filter. The error is an [UnknownToolError], which suggests similar names.
func (a *Adapter) Tool(name string) (Tool, error) {
	t, err := a.tool(name)
	return Tool{t}, err
}

func (a *Adapter) tool(name string) (*tool, error) {
	if t := a.byName[name]; t != nil {
		return t, nil
	}
	names := make([]string, 0, len(a.tools))
	for _, t := range a.tools {
		names = append(names, t.name)
	}
	return nil, &UnknownToolError{Name: name, Nearest: phrase.Nearest(name, names, 3)}
}
