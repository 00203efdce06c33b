package mcpadapter

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/budget"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/confirm"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/conversation"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/recorded"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/schema"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/search"
)

// Adapter has the tools of one client. It is immutable, and safe for concurrent use if the client is.
type Adapter struct {
	engine      *engine
	tools       []*tool          // of all operations that can be one
	byName      map[string]*tool // names in every style, and operationIds
	skipped     []Skipped
	common      []schema.Argument
	telling     []schema.Argument    // those of common whose description adds to the name
	searchIndex func() *search.Index // built by the first search
	dynamic     func() []*tool       // in place of the tools, made when they are first asked for
	limits      []placedLimit        // in the order of the index's notes
}

// engine is what the calls of all tools of an adapter share. It is immutable once [New] has returned.
type engine struct {
	options

	table        *optable.Table
	router       func() *optable.Router // made by the first call
	sealer       *confirm.Sealer
	programTurns chan struct{}  // one element for each running jq program
	largeTurns   chan struct{}  // one element for each large response that is worked on
	memory       *budget.Budget // of responses
	neighbours   func() *neighbours
	prefixes     func() []string // of IDs

	conversations conversation.Conversations[*Failure]
}

func newEngine(o options, table *optable.Table) (*engine, error) {
	e := &engine{
		options: o, table: table, memory: budget.New(sharedMemory),
		programTurns: make(chan struct{}, someProcessors()), largeTurns: make(chan struct{}, someProcessors()),
	}
	e.router = sync.OnceValue(func() *optable.Router { return newRouter(table) })
	e.prefixes = sync.OnceValue(func() []string { return idPrefixes(table) })
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

// New returns an adapter with a tool for each operation of the table. The client is an oapi-codegen client: a value
// with a method for each operation, whose name is the operationId in any case. The table must not change afterwards.
//
// An operation that cannot be a tool is left out: [Adapter.Skipped] lists it, and the logger of [WithLogger] gets a
// warning; with [WithStrict] it is an error. Operations that the filters of [WithFilter] reject are not examined. Every
// other tool has been tried: New has converted an example of its arguments to those of the method.
//
// With [WithSource] or [WithRequests] the table may be nil.
//
// New fails if the table has no operations, if none of them can be a tool, and if an option is invalid.
func New(client any, table *optable.Table, opts ...Option) (*Adapter, error) {
	v := reflect.ValueOf(client)
	byName := func(a, b optable.Schema) int { return strings.Compare(a.Name, b.Name) }
	if client == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, errors.New("workos/mcpadapter: the client is nil")
	}
	o, err := newOptions(opts)
	if err != nil {
		return nil, fmt.Errorf("workos/mcpadapter: %w", err)
	}
	var unread []recorded.Problem
	if table == nil && o.source != nil {
		if table, err = o.read(); err != nil {
			return nil, fmt.Errorf("workos/mcpadapter: %w", err)
		}
	}
	if table == nil && o.requests {
		if table, unread, err = recorded.Table(v); err != nil {
			return nil, fmt.Errorf("workos/mcpadapter: WithRequests: %w", err)
		}
		o.recorded = true
	}
	if table == nil {
		return nil, errors.New("workos/mcpadapter: the table is nil: " + howToMakeATable)
	}
	if !slices.IsSortedFunc(table.Schemas, byName) {
		return nil, errors.New("workos/mcpadapter: the schemas of the table are not sorted by name")
	}
	if len(table.Operations) == 0 {
		return nil, errors.New("workos/mcpadapter: the table has no operations: " + howToMakeATable)
	}
	e, err := newEngine(o, table)
	if err != nil {
		return nil, fmt.Errorf("workos/mcpadapter: %w", err)
	}
	a := &Adapter{engine: e, byName: make(map[string]*tool, 4*len(table.Operations))}
	for _, p := range unread {
		a.skip(&optable.Operation{ID: p.Method}, unfit(p.Err, "use a table or a description"))
	}
	if err := a.load(v); err != nil {
		return nil, fmt.Errorf("workos/mcpadapter: %w", err)
	}
	e.neighbours = sync.OnceValue(func() *neighbours { return newNeighbours(a.tools) })
	if e.terse {
		a.common, a.telling = commonArguments(a.permitted(e.filters))
	}
	for _, t := range a.tools {
		t.common = a.common
		t.publish(t.input().published())
		// What bind has derived goes with its schema. It is most of the memory of an adapter, and of hundreds of tools few
		// are called.
		t.input = sync.OnceValue(t.derive)
	}
	a.limits = limitsOf(a.tools, table)
	a.dynamic = sync.OnceValue(a.newDynamicTools)
	a.searchIndex = sync.OnceValue(func() *search.Index { return newSearchIndex(a.tools, table) })
	return a, nil
}

const howToMakeATable = "make one of the OpenAPI document with gen/tablegen, or use package spec or WithRequests"

// load makes the tools: names first, then the filters, then what the client has for the operations that they permit.
func (a *Adapter) load(client reflect.Value) error {
	tools, err := a.nameTools()
	if err != nil {
		return err
	}
	a.tools = tools
	for i := range a.engine.filters {
		if err := a.checkFilter(&a.engine.filters[i]); err != nil {
			return err
		}
	}
	if len(a.engine.filters) > 0 && len(a.permitted(a.engine.filters)) == 0 {
		return &FilterError{Problem: "the filters together permit no operation"}
	}
	b := binder{methods: methodsOf(client), derive: newDeriver(a.engine)}
	a.tools = nil
	for _, t := range tools {
		err := error(nil)
		if a.engine.strict || passes(a.engine.filters, t) {
			err = b.bind(t)
		} else {
			t.derive = func() *input { return newInput(t.operation) }
			t.input = t.derive
		}
		switch {
		case err == nil:
			a.tools = append(a.tools, t)
		case a.engine.strict, errors.As(err, new(knownValueError)):
			return fmt.Errorf("operation %q: %w", t.operation.ID, err)
		default:
			a.remove(t)
			a.skip(t.operation, err)
		}
	}
	if len(a.permitted(a.engine.filters)) == 0 {
		return fmt.Errorf("none of %d operations can be a tool; the first: %s", len(a.skipped), a.skipped[0])
	}
	return nil
}

// nameTools returns a tool with a name for each operation that may have one, not yet bound to the client.
func (a *Adapter) nameTools() ([]*tool, error) {
	var tools []*tool
	for i := range a.engine.table.Operations {
		op := &a.engine.table.Operations[i]
		if a.engine.strict {
			if err := a.checkName(op); err != nil {
				return nil, err
			}
		}
		settings, err := mcpSettingsOf(op)
		switch {
		case err != nil && a.engine.strict:
			return nil, fmt.Errorf("operation %q: %w", op.ID, err)
		case err != nil:
			a.skip(op, err)
			continue
		case settings.Skip:
			continue
		}
		t := newTool(op, a.engine)
		settings.apply(t)
		tools = append(tools, t)
		if t.name == op.ID || t.name == settings.Name { // before names that are derived
			a.claim(t)
		}
	}
	for _, t := range tools {
		if a.byName[t.name] != t {
			a.name(t)
		}
	}
	for _, t := range tools {
		a.alias(t)
	}
	return tools, nil
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
	e := &UnknownToolError{Name: name}
	for i := range a.skipped {
		if s := &a.skipped[i]; s.Operation == name {
			e.Skipped = s
			return nil, e
		}
	}
	e.Nearest = a.nearest(name)
	return nil, e
}

// nearest returns the names of at most three tools that an unknown name may mean, best first: those that are spelled
// alike in any style, or else those that its words find. It omits what the filters of [WithFilter] reject.
func (a *Adapter) nearest(name string) []string {
	const most = 3
	if len(name) > maxQuery {
		return nil
	}
	plain := strings.NewReplacer(".", "_", "-", "_")
	var names, folded []string
	for _, t := range a.permitted(a.engine.filters) {
		names, folded = append(names, t.name), append(folded, plain.Replace(t.name))
	}
	var found []string
	for _, alike := range phrase.Nearest(plain.Replace(name), folded, most) {
		found = append(found, names[slices.Index(folded, alike)])
	}
	if len(found) > 0 {
		return found
	}
	for _, t := range a.Search(context.Background(), strings.Join(phrase.Words(name), " "), most) {
		found = append(found, t.name)
	}
	return found
}

// Skipped is an operation of the table that is no tool, because it cannot be called.
type Skipped struct {
	Operation string // operationId
	Method    string
	Path      string
	Reason    string
	Cure      string // what would make it a tool
}

// String returns the operation, the reason and the cure in one line.
func (s Skipped) String() string {
	return fmt.Sprintf("operation %q (%s %s) is not a tool: %s; to cure it, %s",
		s.Operation, s.Method, s.Path, s.Reason, s.Cure)
}

// WithStrict makes New fail at the first operation that cannot be a tool, instead of leaving it out, and at whatever
// the client's types and the table disagree about, even if a call would succeed. It also requires operationIds that are
// names of tools as they are. It is for a client and a table of one's own, whose tests cover every operation: New does
// not try any.
func WithStrict() Option {
	return func(o *options) error {
		o.strict = true
		return nil
	}
}

// Skipped returns the operations that are not tools although the filters of [WithFilter] permit them, in the order of
// the table. The slice is the caller's. Each is also logged as a warning; see [WithLogger].
func (a *Adapter) Skipped() []Skipped { return slices.Clone(a.skipped) }

// unfitError is why an operation cannot be a tool, with a cure that the reason alone does not suggest.
type unfitError struct {
	error

	cure string
}

func (e unfitError) Unwrap() error { return e.error }

// unfit adds a cure to an error.
func unfit(err error, cure string) error { return unfitError{err, cure} }

// cureOf returns the cure of an error.
func cureOf(err error) string {
	var e unfitError
	errors.As(err, &e)
	return cmp.Or(e.cure, "generate the client and the table from the same document")
}

// skip records an operation that cannot be a tool.
func (a *Adapter) skip(op *optable.Operation, err error) {
	s := Skipped{Operation: op.ID, Method: op.Method, Path: op.Path, Reason: err.Error(), Cure: cureOf(err)}
	a.skipped = append(a.skipped, s)
	a.engine.logger.LogAttrs(context.Background(), slog.LevelWarn, "operation is not a tool",
		slog.String("operation", s.Operation), slog.String("method", s.Method), slog.String("path", s.Path),
		slog.String("reason", s.Reason), slog.String("cure", s.Cure))
}
