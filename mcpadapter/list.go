package mcpadapter

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
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

// listing describes how an operation responds with a list, as far as the table describes it. The zero value is no list.
type listing struct {
	items    string // property with the items
	metadata string // property with the cursors; "": none
	limit    int    // maximum of the limit parameter; 0: unknown
}

// listingOf reports whether an operation responds with a list: an array beside cursors for its query parameters, or an
// array alone or with constants.
func (e *engine) listingOf(op *optable.Operation) listing {
	forms := e.responseSchemas(op)
	var l listing
	for _, name := range propertyNames(forms) {
		inner := e.propertySchemas(forms, name)
		switch types := typesOf(inner); {
		case types.Has(optable.Array) && l.items == "":
			l.items = name
		case types.Has(optable.Array):
			return listing{}
		case slices.Contains(propertyNames(inner), e.cursors.After):
			l.metadata = name
		case !slices.ContainsFunc(inner, func(s *optable.Schema) bool { return s.Const != "" || len(s.Enum) > 0 }):
			return listing{}
		}
	}
	after := parameterOf(op, e.cursors.After)
	risk, err := riskOf(op)
	read := err == nil && op.Method == http.MethodGet && risk.Effect() == EffectRead
	if l.items == "" || after == nil || after.In != optable.InQuery || !read {
		l.metadata = ""
	}
	if p := parameterOf(op, e.cursors.Limit); p != nil && p.In == optable.InQuery {
		l.limit, _ = strconv.Atoi(p.Schema.Maximum)
	}
	return l
}

// page is one response of a list, or several combined.
type page struct {
	members  []jsontext.Member
	elements []json.RawMessage
	// cursorKey is the property of an item that serves as cursor: the only one that has, in the item at each end of the
	// page, the value of the cursor for that end. "": unknown.
	cursorKey string
	gathered  bool // whether it combines several
	rest      leftOut
}

// cursorOf returns the cursor that follows an item, or nil if it is not known.
func (p page) cursorOf(element json.RawMessage) json.RawMessage {
	if p.cursorKey == "" {
		return nil
	}
	cursor := jsontext.Lookup(jsontext.Members(element), p.cursorKey)
	if text, ok := jsontext.String(cursor); !ok || text == "" {
		return nil
	}
	return cursor
}

// readPage reads a response as a page of the list. It returns false if the response does not have that shape.
func (e *engine) readPage(l listing, response json.RawMessage) (page, bool) {
	p := page{members: jsontext.Members(response)}
	if l.items == "" {
		return p, false
	}
	p.elements = jsontext.Elements(jsontext.Lookup(p.members, l.items))
	if p.elements == nil {
		return p, false
	}
	if n := len(p.elements); n > 0 && l.metadata != "" {
		metadata := jsontext.Members(jsontext.Lookup(p.members, l.metadata))
		p.cursorKey = keyOf(
			end{p.elements[n-1], jsontext.Lookup(metadata, e.cursors.After)},
			end{p.elements[0], jsontext.Lookup(metadata, e.cursors.Before)},
		)
	}
	return p, true
}

// end is an end of a page: the item there, and the cursor that leads beyond it.
type end struct{ element, cursor json.RawMessage }

// keyOf returns the property whose value is the cursor at each end that has one. It returns "" if several are, because
// third parties choose the values of some properties, and the wrong one would lead elsewhere.
func keyOf(ends ...end) string {
	var keys []string
	without := func(e end) bool { text, _ := jsontext.String(e.cursor); return text == "" }
	for i, e := range slices.DeleteFunc(ends, without) {
		var here []string
		for _, m := range jsontext.Members(e.element) {
			if bytes.Equal(m.Value, e.cursor) && (i == 0 || slices.Contains(keys, m.Name)) {
				here = append(here, m.Name)
			}
		}
		keys = here
	}
	if len(keys) != 1 {
		return ""
	}
	return keys[0]
}

// next returns the cursor of the next page, or "" on the last.
func (p page) next(e *engine, l listing) string {
	metadata := jsontext.Members(jsontext.Lookup(p.members, l.metadata))
	cursor, _ := jsontext.String(jsontext.Lookup(metadata, e.cursors.After))
	return cursor
}

// setNext sets the cursor of the next page.
func (p page) setNext(e *engine, l listing, cursor json.RawMessage) {
	metadata := jsontext.Members(jsontext.Lookup(p.members, l.metadata))
	p.set(l.metadata, jsontext.AppendObject(nil, jsontext.Set(metadata, e.cursors.After, cursor)))
}

func (p page) set(name string, value json.RawMessage) {
	for i := range p.members {
		if p.members[i].Name == name {
			p.members[i].Value = value
		}
	}
}

// json returns the page with its current items.
func (p page) json(l listing) json.RawMessage {
	size := 0
	for _, e := range p.elements {
		size += len(e) + 1
	}
	p.set(l.items, jsontext.AppendArray(make([]byte, 0, size+2), p.elements))
	return jsontext.AppendObject(make([]byte, 0, size+512), p.members)
}

// continuation returns the arguments that continue where reading pages ended early, or nil.
func (e *engine) continuation(l listing, p page) json.RawMessage {
	if cursor := p.next(e, l); cursor != "" && p.rest.more {
		return e.after(cursor)
	}
	return nil
}

// after returns the arguments that continue from a cursor.
func (e *engine) after(cursor string) json.RawMessage {
	return append(jsontext.AppendMember([]byte{'{'}, e.cursors.After, string(jsontext.AppendString(nil, cursor))), '}')
}

// maxEmptyPages is how many empty pages in a row all_pages reads: more show an API that lost its way.
const maxEmptyPages = 3

// DefaultMaxElements is the default of [WithMaxElements].
const DefaultMaxElements = 10_000

// WithMaxElements limits how many items all_pages gathers, and from how many pages. The last page is included whole.
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
func (c *call) gather(ctx context.Context, first page) page {
	engine, listing := c.tool.engine, c.tool.engine.listingOf(c.tool.operation)
	report, _ := ctx.Value(progressKey{}).(func(Progress))
	all := first
	all.elements, all.gathered = slices.Clone(first.elements), true
	size := len(first.json(listing))
	seen := map[string]bool{}
	if given, ok := c.request.params[engine.cursors.After].(string); ok {
		seen[given] = true
	}
	empty := 0 // pages in a row
	count := func(p page) {
		if empty++; len(p.elements) > 0 {
			empty = 0
		}
	}
	count(first)
	for pages := 1; ; pages++ {
		cursor := all.next(engine, listing)
		switch {
		case cursor == "":
			return all
		case seen[cursor]:
			all.setNext(engine, listing, json.RawMessage(null))
			return all.endsEarly("The API returned the same cursor twice, so the rest cannot be read.")
		case empty == maxEmptyPages:
			return all.endsEarly("%d pages in a row were empty.", maxEmptyPages)
		case len(all.elements) >= engine.maxElements:
			return all.endsEarly("At most %d elements are gathered.", engine.maxElements)
		case pages >= engine.maxElements:
			return all.endsEarly("At most %s are read.", phrase.Plural(engine.maxElements, "page"))
		case errors.Is(ctx.Err(), context.Canceled):
			return all.endsEarly("The call was canceled.")
		case ctx.Err() != nil:
			return all.endsEarly("The call may take %s at most.", engine.timeout)
		case int64(size) >= engine.maxResponse:
			return all.endsEarly("At most %d bytes are gathered.", engine.maxResponse)
		}
		seen[cursor] = true
		if report != nil {
			report(Progress{Pages: pages, Elements: len(all.elements)})
		}
		c.request.params[engine.cursors.After] = cursor
		var err error
		if c.in, err = c.tool.goArguments(c.request); err != nil {
			return all.endsEarly("The next page cannot be asked for: %s.", err)
		}
		result := c.send(ctx)
		next, ok := engine.readPage(listing, result.JSON)
		switch {
		case result.Failure != nil && errors.Is(ctx.Err(), context.Canceled):
			return all.endsEarly("The call was canceled.")
		case result.Failure != nil:
			return all.endsEarly("The next page failed: %s.", result.Failure.brief())
		case !ok:
			return all.endsEarly("The next page is not a list.")
		}
		size += len(result.JSON)
		count(next)
		all.elements = append(all.elements, next.elements...)
		if all.cursorKey == "" {
			all.cursorKey = next.cursorKey
		}
		all.setNext(engine, listing, next.nextJSON(engine, listing))
	}
}

func (p page) endsEarly(format string, args ...any) page {
	p.rest.more = true
	p.rest.addReasonf(format, args...)
	return p
}

// nextJSON returns the cursor of the next page as it came.
func (p page) nextJSON(e *engine, l listing) json.RawMessage {
	metadata := jsontext.Members(jsontext.Lookup(p.members, l.metadata))
	if cursor := jsontext.Lookup(metadata, e.cursors.After); cursor != nil {
		return cursor
	}
	return json.RawMessage(null)
}

// null is the JSON value.
const null = "null"
