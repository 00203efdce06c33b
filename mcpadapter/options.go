package mcpadapter

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// DefaultMaxResponseBytes is the default of [WithMaxResponseBytes].
const DefaultMaxResponseBytes = 16 << 20

// DefaultTimeout is the default of [WithTimeout]: shorter than MCP clients and the proxies in front of a server wait.
const DefaultTimeout = 50 * time.Second

// Option configures an [Adapter].
type Option func(*options) error

// options are the settings of an adapter.
type options struct {
	logger        *slog.Logger
	describeError func(error) (*Failure, bool)
	observer      func(context.Context, Observation)
	maxResponse   int64
	timeout       time.Duration
	strict        bool
	literalBodies bool
	requests      bool
	recorded      bool   // whether the table was made of requests, and so has no styles
	source        Source // nil: none
	knownValue    func(op *optable.Operation, argument string) (string, bool)

	scheme  string // of the URIs of resources
	profile Profile
	terse   bool
	outputs bool // whether output schemas are published

	filters      []Filter
	confirmation Confirmation

	shapingArguments bool
	hideSecrets      bool
	cursors          Cursors
	maxElements      int
	maxResult        int // bytes; 0: no limit
}

// newOptions applies the options to the defaults, in order.
func newOptions(opts []Option) (options, error) {
	o := options{
		logger: slog.New(slog.DiscardHandler), maxResponse: DefaultMaxResponseBytes, timeout: DefaultTimeout,
		cursors: Cursors{After: "after", Before: "before", Limit: "limit"}, maxElements: DefaultMaxElements,
		scheme: defaultScheme,
	}
	for _, opt := range opts {
		if opt == nil {
			return options{}, errors.New("an option is nil")
		}
		if err := opt(&o); err != nil {
			return options{}, err
		}
	}
	return o, nil
}

// WithLogger sets the logger for operations that New leaves out, for what a source cannot represent, and for panics
// during a call. The default discards them: check [Adapter.Skipped]. Neither arguments nor responses are logged.
func WithLogger(logger *slog.Logger) Option {
	return func(o *options) error {
		if logger == nil {
			return errors.New("WithLogger: the logger is nil")
		}
		o.logger = logger
		return nil
	}
}

// WithFailures sets a function that describes errors of the client to callers. It returns false for an error that it
// does not know, whose text then becomes the message, as for all errors without this option.
func WithFailures(describe func(error) (*Failure, bool)) Option {
	return func(o *options) error {
		if describe == nil {
			return errors.New("WithFailures: the function is nil")
		}
		o.describeError = describe
		return nil
	}
}

// WithMaxResponseBytes limits the size in bytes of a response that is read. The default is [DefaultMaxResponseBytes].
func WithMaxResponseBytes(n int64) Option {
	return func(o *options) error {
		if n <= 0 {
			return fmt.Errorf("WithMaxResponseBytes: %d is not positive", n)
		}
		o.maxResponse = min(n, math.MaxInt64-1) // one more byte is read, to detect longer responses
		return nil
	}
}

// WithTimeout limits the duration of a call: all attempts, waits and pages together, but not the time that a person
// takes to confirm it. A call that exceeds it is a [Failure] with [CodeTimeout]; a list of which some pages were read
// is returned with a note of what is missing. The default is [DefaultTimeout].
func WithTimeout(d time.Duration) Option {
	return func(o *options) error {
		if d <= 0 {
			return fmt.Errorf("WithTimeout: %s is not positive", d)
		}
		o.timeout = d
		return nil
	}
}

// WithKnown provides string arguments that the program knows, such as a client ID. If the function returns a value for
// an argument, callers may omit the argument. Only New calls the function; it fails if the argument does not accept the
// value. The function must not change the operation.
func WithKnown(value func(op *optable.Operation, argument string) (string, bool)) Option {
	return func(o *options) error {
		if value == nil {
			return errors.New("WithKnown: the function is nil")
		}
		o.knownValue = value
		return nil
	}
}

// WithLiteralBodies keeps a body optional that the table does not mark as required. Without it a POST, PUT or PATCH
// whose body has required properties requires the body, because descriptions often forget to say so and false is the
// default of OpenAPI. [WithStrict] implies it.
func WithLiteralBodies() Option {
	return func(o *options) error {
		o.literalBodies = true
		return nil
	}
}

// WithRequests makes the table of the client alone, if that of New is nil: it calls the methods of a copy of the
// client, whose HTTP client records requests and sends nothing, and reads methods, paths and the names of parameters
// off them. Schemas follow from the Go types.
//
// The client must be a *Client or *ClientWithResponses of oapi-codegen. What only a description says is missing: words,
// enum members, limits, names of path parameters, media types without a method of their own, and responses. Use a
// table or package spec where there is a description.
func WithRequests() Option {
	return func(o *options) error {
		o.requests = true
		return nil
	}
}

// Source makes the table of an adapter at start. Package spec has sources of OpenAPI documents. The problems are what
// the table lacks of the document.
type Source func() (*optable.Table, []SourceProblem, error)

// SourceProblem is something in a document that the table lacks or has in another form.
type SourceProblem struct {
	Line  int // from 1; 0: the document as a whole
	Found string
	Cure  string // what to change in the document; "": nothing needs to be
}

// WithSource makes the table when New is called, if that of New is nil. New logs the problems, see [WithLogger], and
// fails if there are some and [WithStrict] is set.
func WithSource(source Source) Option {
	return func(o *options) error {
		if source == nil {
			return errors.New("WithSource: the source is nil")
		}
		o.source = source
		return nil
	}
}

// read returns the table of a source.
func (o *options) read() (*optable.Table, error) {
	table, problems, err := o.source()
	if err != nil {
		return nil, err
	}
	if o.strict && len(problems) > 0 {
		return nil, fmt.Errorf("the document has %d problems; the first, in line %d: %s",
			len(problems), problems[0].Line, problems[0].Found)
	}
	for _, p := range problems {
		o.logger.Warn("OpenAPI document", slog.Int("line", p.Line), slog.String("found", p.Found),
			slog.String("cure", p.Cure))
	}
	return table, nil
}
