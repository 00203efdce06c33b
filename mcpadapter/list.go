package mcpadapter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/excerpt"
)

// Cursors are the names that an API uses to page through lists: query parameters, of which After and Before are also
// the properties with the next cursors in a response.
type Cursors struct {
	After  string // requests the page that follows this cursor
	Before string // requests the page that precedes this cursor; "": not supported
	Limit  string // limits the items of a page; "": not supported
}

// WithCursors sets the names of cursors. The default is after, before and limit.
func WithCursors(names Cursors) Option {
	return func(o *options) error {
		if names.After == "" {
			return errors.New("WithCursors: After is empty")
		}
		o.cursors = names
		return nil
	}
}

// listOf reports whether an operation responds with a list: an array beside cursors for its query parameters, or an
// array alone or with constants.
func (e *engine) listOf(op *optable.Operation) excerpt.List {
	described := e.responseForms(op)
	l := excerpt.List{After: e.cursors.After, Before: e.cursors.Before}
	for _, name := range described.Names() {
		inner := described.Property(e.table, name)
		switch types := inner.Types(); {
		case types.Has(optable.Array) && l.Items == "":
			l.Items = name
		case types.Has(optable.Array):
			return excerpt.List{}
		case slices.Contains(inner.Names(), e.cursors.After):
			l.Metadata = name
		case !slices.ContainsFunc(inner, func(s *optable.Schema) bool { return s.Const != "" || len(s.Enum) > 0 }):
			return excerpt.List{}
		}
	}
	after := parameterOf(op, e.cursors.After)
	risk, err := riskOf(op)
	read := err == nil && op.Method == http.MethodGet && risk.Effect() == EffectRead
	if l.Items == "" || after == nil || after.In != optable.InQuery || !read {
		l.Metadata = ""
	}
	if p := parameterOf(op, e.cursors.Limit); p != nil && p.In == optable.InQuery {
		l.Limit, _ = strconv.Atoi(p.Schema.Constrained().Maximum)
	}
	return l
}

// maxEmptyPages is how many empty pages in a row all_pages reads: more show an API that lost its way.
const maxEmptyPages = 3

// DefaultMaxElements is the default of [WithMaxElements].
const DefaultMaxElements = 10_000

// WithMaxElements limits how many items all_pages gathers, and from how many pages. The last page is included whole.
// The default is [DefaultMaxElements].
func WithMaxElements(n int) Option {
	return func(o *options) error {
		if n <= 0 {
			return fmt.Errorf("WithMaxElements: %d is not positive", n)
		}
		o.maxElements = n
		return nil
	}
}

// Progress reports how far a call with several requests is.
type Progress struct {
	Pages    int // read so far
	Elements int // items read so far
}

// String returns the progress in a few words, such as "120 elements of 2 pages".
func (p Progress) String() string {
	return phrase.Plural(p.Elements, "element") + " of " + phrase.Plural(p.Pages, "page")
}

type progressKey struct{}

// WithProgress returns a context whose calls report their progress before each request but the first. The goroutine of
// the call calls the function.
func WithProgress(ctx context.Context, report func(Progress)) context.Context {
	return context.WithValue(ctx, progressKey{}, report)
}

// gather reads the pages that follow the first and combines them. If it ends before the last page, the page says why
// and has the cursor to continue from; the items read by then stay.
func (c *call) gather(ctx context.Context, first excerpt.Page) excerpt.Page {
	engine, list := c.tool.engine, c.tool.engine.listOf(c.tool.operation)
	report, _ := ctx.Value(progressKey{}).(func(Progress))
	all := first.Gather()
	size := len(first.JSON())
	seen := map[string]bool{}
	if given, ok := c.request.params[engine.cursors.After].(string); ok {
		seen[given] = true
	}
	empty := 0 // pages in a row
	count := func(p excerpt.Page) {
		if empty++; len(p.Elements) > 0 {
			empty = 0
		}
	}
	count(first)
	for pages := 1; ; pages++ {
		cursor := all.Next()
		switch {
		case cursor == "":
			return all
		case seen[cursor]:
			all.SetNext(json.RawMessage(null))
			return all.EndsEarly("The API returned the same cursor twice, so the rest cannot be read.")
		case empty == maxEmptyPages:
			return all.EndsEarly("%d pages in a row were empty.", maxEmptyPages)
		case len(all.Elements) >= engine.maxElements:
			return all.EndsEarly("At most %d elements are gathered.", engine.maxElements)
		case pages >= engine.maxElements:
			return all.EndsEarly("At most %s are read.", phrase.Plural(engine.maxElements, "page"))
		case errors.Is(ctx.Err(), context.Canceled):
			return all.EndsEarly("The call was canceled.")
		case ctx.Err() != nil:
			return all.EndsEarly("The call may take %s at most.", engine.timeout)
		case int64(size) >= engine.maxResponse:
			return all.EndsEarly("At most %d bytes are gathered.", engine.maxResponse)
		}
		seen[cursor] = true
		if report != nil {
			report(Progress{Pages: pages, Elements: len(all.Elements)})
		}
		c.request.params[engine.cursors.After] = cursor
		var err error
		if c.in, err = c.tool.goArguments(c.request); err != nil {
			return all.EndsEarly("The next page cannot be asked for: %s.", err)
		}
		result := c.send(ctx)
		next, ok := list.Read(result.JSON)
		switch {
		case result.Failure != nil && errors.Is(ctx.Err(), context.Canceled):
			return all.EndsEarly("The call was canceled.")
		case result.Failure != nil:
			return all.EndsEarly("The next page failed: %s.", result.Failure.brief())
		case !ok:
			return all.EndsEarly("The next page is not a list.")
		}
		size += len(result.JSON)
		count(next)
		all = all.Add(next)
	}
}

// null is the JSON value.
const null = "null"
