package mcpadapter

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
)

// DefaultMaxResponseBytes is the size of the largest response that is read, unless [WithMaxResponseBytes] says
// otherwise.
const DefaultMaxResponseBytes = 16 << 20

// DefaultTimeout is how long a call may take, unless [WithTimeout] says otherwise: less than MCP clients and the
// proxies in front of a server wait.
const DefaultTimeout = 50 * time.Second

// Adapter holds the tools of one client.
type Adapter struct {
	config  *config
	tools   []*tool          // all, whether a filter permits them or not
	byName  map[string]*tool // in every style
	common  []Argument
	telling []Argument          // of common, those whose description says more than the name
	index   func() *searchIndex // built by the first search
}

// Option adjusts an [Adapter].
type Option func(*config) error

type config struct {
	logger      *slog.Logger
	failure     func(error) (*Failure, bool)
	maxResponse int64
	timeout     time.Duration
	known       func(op *optable.Operation, argument string) (string, bool)
	outputs     bool
	profile     Profile
	terse       bool
	router      *optable.Router
	table       *optable.Table
	filters     []Filter
	toolsets    []optable.Toolset

	confirmation Confirmation
	sealer       *sealer

	shapingArguments bool
	hideSecrets      bool
	cursors          Cursors
	maxElements      int
	maxResult        int           // bytes; 0: as large as the answer
	programs         chan struct{} // holds one for each jq program that runs
	neighbours       func() *neighbours
}

// WithLogger sets where panics during a call are reported. The default discards them. Neither arguments nor answers
// are logged.
func WithLogger(logger *slog.Logger) Option {
	return func(c *config) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil")
		}
		c.logger = logger
		return nil
	}
}

// WithFailures sets how an error of the client is told to the caller: the function returns what the error says, or
// false for an error that it does not know. Without it, and for such errors, the error's text is the message.
func WithFailures(describe func(error) (*Failure, bool)) Option {
	return func(c *config) error {
		if describe == nil {
			return errors.New("WithFailures: the function is nil")
		}
		c.failure = describe
		return nil
	}
}

// WithMaxResponseBytes sets the size in bytes of the largest answer that is read.
func WithMaxResponseBytes(n int64) Option {
	return func(c *config) error {
		if n <= 0 {
			return fmt.Errorf("WithMaxResponseBytes: %d is not positive", n)
		}
		c.maxResponse = min(n, math.MaxInt64-1) // one byte more is read, to tell
		return nil
	}
}

// WithTimeout limits how long a call may take: all its attempts, waits and pages together, but not the time that a
// person takes to confirm it. What ends by it is a [Failure] with [CodeTimeout]; a list of which some pages were read
// by then is returned with what was left out. The default is [DefaultTimeout].
func WithTimeout(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return fmt.Errorf("WithTimeout: %s is not positive", d)
		}
		c.timeout = d
		return nil
	}
}

// WithKnown fills in string arguments that the program knows, such as a client ID: where the function returns a value
// for an argument, callers may leave it out. The function is called by New alone, which fails on a value that the
// argument does not accept.
func WithKnown(value func(op *optable.Operation, argument string) (string, bool)) Option {
	return func(c *config) error {
		if value == nil {
			return errors.New("WithKnown: the function is nil")
		}
		c.known = value
		return nil
	}
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
		return nil, errors.New("mcpadapter: the client or the table is nil")
	}
	if !slices.IsSortedFunc(table.Schemas, func(a, b optable.Schema) int { return strings.Compare(a.Name, b.Name) }) {
		return nil, errors.New("mcpadapter: the schemas of the table are not sorted by name")
	}
	c := &config{
		logger: slog.New(slog.DiscardHandler), maxResponse: DefaultMaxResponseBytes, timeout: DefaultTimeout, table: table,
		cursors: Cursors{After: "after", Before: "before", Limit: "limit"}, maxElements: DefaultMaxElements,
		programs: make(chan struct{}, runtime.GOMAXPROCS(0)),
	}
	for _, opt := range opts {
		if opt == nil {
			return nil, errors.New("mcpadapter: an option is nil")
		}
		if err := opt(c); err != nil {
			return nil, fmt.Errorf("mcpadapter: %w", err)
		}
	}
	if err := c.confirmations(); err != nil {
		return nil, fmt.Errorf("mcpadapter: %w", err)
	}
	c.router, c.toolsets = newRouter(table), table.Toolsets
	methods := methodsOf(v)
	derive := newDeriver(table)
	a := &Adapter{config: c, byName: make(map[string]*tool, 2*len(table.Operations))}
	for i := range table.Operations {
		t, err := newTool(&table.Operations[i], methods, derive, c)
		if err != nil {
			return nil, fmt.Errorf("mcpadapter: operation %q: %w", table.Operations[i].ID, err)
		}
		if err := a.know(t); err != nil {
			return nil, err
		}
		a.tools = append(a.tools, t)
	}
	for i := range c.filters {
		if err := a.check(&c.filters[i]); err != nil {
			return nil, fmt.Errorf("mcpadapter: %w", err)
		}
	}
	if len(c.filters) > 0 && len(a.permitted(c.filters)) == 0 {
		return nil, fmt.Errorf("mcpadapter: %w", &FilterError{Problem: "the filters together permit no operation"})
	}
	c.neighbours = sync.OnceValue(func() *neighbours { return newNeighbours(a.tools) })
	if c.terse {
		a.common, a.telling = commonArguments(a.permitted(c.filters))
	}
	for _, t := range a.tools {
		t.publish(a.common)
	}
	a.index = sync.OnceValue(func() *searchIndex { return newSearchIndex(a.tools, table) })
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
			return fmt.Errorf("mcpadapter: operation %q stands in the table twice", t.name)
		case other != t:
			return fmt.Errorf("mcpadapter: operations %q and %q are both called %s", other.name, t.name, name)
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
func (a *Adapter) Tools() []Tool { return wrapped(a.permitted(a.config.filters)) }

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
