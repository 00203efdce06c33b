package mcpadapter

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// DefaultMaxElements is how many elements all_pages gathers at most, unless [WithMaxElements] says otherwise.
const DefaultMaxElements = 10_000

// WithMaxElements sets how many elements all_pages gathers at most, and from how many pages. The last page is taken
// whole.
func WithMaxElements(n int) Option {
	return func(o *options) error {
		if n <= 0 {
			return fmt.Errorf("WithMaxElements: %d is not positive", n)
		}
		o.maxElements = n
		return nil
	}
}

// Progress is how far a call is that takes several requests.
type Progress struct {
	Pages    int // that have been read
	Elements int // that they had
}

// String returns the progress in a few words, such as "120 elements of 2 pages".
func (p Progress) String() string {
	return phrase.Plural(p.Elements, "element") + " of " + phrase.Plural(p.Pages, "page")
}

type progressKey struct{}

// WithProgress returns a context whose calls tell how far they are, before each request but the first. The function is
// called by the goroutine of the call.
func WithProgress(ctx context.Context, report func(Progress)) context.Context {
	return context.WithValue(ctx, progressKey{}, report)
}

// gather reads the pages that follow the first and puts them together. What ends it before the last page is told in
// the answer, with the cursor to go on from; what it has by then is kept.
func (c *call) gather(ctx context.Context, first page) page {
	e, l := c.tool.engine, c.tool.engine.list(c.tool.operation)
	report, _ := ctx.Value(progressKey{}).(func(Progress))
	all := first
	all.elements, all.gathered = slices.Clone(first.elements), true
	size := len(first.json(l))
	seen := map[string]bool{}
	if given, ok := c.request.params[e.cursors.After].(string); ok {
		seen[given] = true
	}
	for pages := 1; ; pages++ {
		cursor := all.next(e, l)
		switch {
		case cursor == "":
			return all
		case seen[cursor]:
			all.setNext(e, l, json.RawMessage(null))
			return all.endsEarly("The API gave the same cursor twice, so there is no way to go on.")
		case len(all.elements) >= e.maxElements:
			return all.endsEarly("At most %d elements are gathered.", e.maxElements)
		case pages >= e.maxElements:
			return all.endsEarly("At most %s are read.", phrase.Plural(e.maxElements, "page"))
		case ctx.Err() != nil:
			return all.endsEarly("The call may take %s at most.", e.timeout)
		case int64(size) >= e.maxResponse:
			return all.endsEarly("At most %d bytes are gathered.", e.maxResponse)
		}
		seen[cursor] = true
		if report != nil {
			report(Progress{Pages: pages, Elements: len(all.elements)})
		}
		c.request.params[e.cursors.After] = cursor
		var err error
		if c.in, err = c.tool.arguments(c.request); err != nil {
			return all.endsEarly("The next page cannot be asked for: %s.", err)
		}
		result := c.send(ctx)
		next, ok := e.page(l, result.JSON)
		switch {
		case result.Failure != nil:
			return all.endsEarly("The next page failed: %s.", result.Failure.brief())
		case !ok:
			return all.endsEarly("The next page is no list.")
		}
		size += len(result.JSON)
		all.elements = append(all.elements, next.elements...)
		if all.key == "" {
			all.key = next.key
		}
		all.setNext(e, l, next.nextJSON(e, l))
	}
}

func (p page) endsEarly(format string, args ...any) page {
	p.rest.more = true
	p.rest.becausef(format, args...)
	return p
}

// nextJSON is the cursor that leads on, as it came.
func (p page) nextJSON(e *engine, l list) json.RawMessage {
	if cursor := jsontext.Lookup(jsontext.Members(jsontext.Lookup(p.root, l.metadata)), e.cursors.After); cursor != nil {
		return cursor
	}
	return json.RawMessage(null)
}
