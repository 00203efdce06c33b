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

// Adapter holds the tools of one client.
type Adapter struct {
	engine      *engine
	tools       []*tool          // all, whether a filter permits them or not
	byName      map[string]*tool // in every style
	common      []schema.Argument
	telling     []schema.Argument    // of common, those whose description says more than the name
	searchIndex func() *search.Index // built by the first search
}

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

// validName tells whether MCP allows the name (revision 2025-11-25, server/tools, "Tool Names").
func validName(name string) bool {
	const allowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."
	return name != "" && len(name) <= 128 && strings.Trim(name, allowed) == ""
}

// New derives a tool from each operation of the table. The client is an oapi-codegen client: the value that has a
// method of the operation's name, however that name is cased.
//
// It fails when the table and the client's methods or types disagree, when a name is not allowed by MCP or, in any
// [NameStyle], taken twice, and when a part of the table is broken, such as a pattern that does not compile.
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

// know makes a tool known by its names in every style.
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

// permitted lists the tools that all filters permit, in the order of the table.
func (a *Adapter) permitted(filters []Filter) []*tool {
	return slices.DeleteFunc(slices.Clone(a.tools), func(t *tool) bool { return !passes(filters, t) })
}

// Tools returns the tools that the filters of [WithFilter] permit, in the order of the table. The slice is the
// caller's.
func (a *Adapter) Tools() []Tool { return wrapped(a.permitted(a.engine.filters)) }

// AllTools returns the tools of all operations, also those that the filters of [WithFilter] do not permit: for servers
// that explain why a call is refused. The slice is the caller's.
func (a *Adapter) AllTools() []Tool { return wrapped(a.tools) }

// Tool returns the tool of that name, in any [NameStyle]: also one that a filter does not permit, as a call of it
// reports the filter. The error is an [UnknownToolError], which names the nearest ones.
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
