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

// Cursors are the names by which an API pages through its lists: query parameters, of which the first two are also the
// properties that hold the next cursors in an answer.
type Cursors struct {
	After  string // the page that begins behind this cursor
	Before string // the page that ends in front of it; "": there is none
	Limit  string // how many elements a page has at most; "": there is none
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

// list is how an operation answers with a list, as far as the table tells. The zero value is no list.
type listing struct {
	elements string // property with the elements
	metadata string // property with the cursors; "": there are none to go on with
	limit    int    // most elements of a page; 0: not known
}

// list finds out whether an operation answers with a list: an array beside cursors for its query parameters, or an
// array alone or with constants.
func (e *engine) listingOf(op *optable.Operation) listing {
	forms := e.responseSchemas(op)
	var l listing
	for _, name := range propertyNames(forms) {
		inner := e.propertySchemas(forms, name)
		switch types := typesOf(inner); {
		case types.Has(optable.Array) && l.elements == "":
			l.elements = name
		case types.Has(optable.Array):
			return listing{}
		case slices.Contains(propertyNames(inner), e.cursors.After):
			l.metadata = name
		case !slices.ContainsFunc(inner, func(s *optable.Schema) bool { return s.Const != "" || len(s.Enum) > 0 }):
			return listing{}
		}
	}
	after := parameterOf(op, e.cursors.After)
	read := op.Method == http.MethodGet && annotationsOf(op).ReadOnly
	if l.elements == "" || after == nil || after.In != optable.InQuery || !read {
		l.metadata = ""
	}
	if p := parameterOf(op, e.cursors.Limit); p != nil && p.In == optable.InQuery {
		l.limit, _ = strconv.Atoi(p.Schema.Maximum)
	}
	return l
}

// page is one answer of a list, or several that have been put together.
type page struct {
	members  []jsontext.Member
	elements []json.RawMessage
	// key is the property of an element that serves as cursor: seen where each cursor of the answer is the value that the
	// element at that end of the page has there, and no other property could be it. "": none was seen.
	cursorKey string
	gathered  bool // whether it is several
	rest      leftOut
}

// cursorOf is the cursor behind an element, nil if it is not known.
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

// page reads an answer as a page of the list. It returns false for an answer that has not the shape of one.
func (e *engine) readPage(l listing, answer json.RawMessage) (page, bool) {
	p := page{members: jsontext.Members(answer)}
	if l.elements == "" {
		return p, false
	}
	p.elements = jsontext.Elements(jsontext.Lookup(p.members, l.elements))
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

// end is an end of a page: the element there, and the cursor that leads beyond it.
type end struct{ element, cursor json.RawMessage }

// keyOf returns the property whose value is the cursor at each end that has one. It is "" where several are, as third
// parties choose what some properties hold, and the wrong one would lead elsewhere.
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

// next is the cursor that leads on from a page, "" on the last.
func (p page) next(e *engine, l listing) string {
	cursor, _ := jsontext.String(jsontext.Lookup(jsontext.Members(jsontext.Lookup(p.members, l.metadata)), e.cursors.After))
	return cursor
}

// setNext makes the page end at a cursor.
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

// json writes the page with its elements as they are now.
func (p page) json(l listing) json.RawMessage {
	size := 0
	for _, e := range p.elements {
		size += len(e) + 1
	}
	p.set(l.elements, jsontext.AppendArray(make([]byte, 0, size+2), p.elements))
	return jsontext.AppendObject(make([]byte, 0, size+512), p.members)
}

// carryOn writes the argument that goes on from where reading pages ended early, if it did.
func (e *engine) continuation(l listing, p page) json.RawMessage {
	if cursor := p.next(e, l); cursor != "" && p.rest.more {
		return e.after(cursor)
	}
	return nil
}

// after writes the argument that goes on from a cursor.
func (e *engine) after(cursor string) json.RawMessage {
	return append(jsontext.AppendMember([]byte{'{'}, e.cursors.After, string(jsontext.AppendString(nil, cursor))), '}')
}

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
	e, l := c.tool.engine, c.tool.engine.listingOf(c.tool.operation)
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
			return all.endsEarly("The API returned the same cursor twice, so the rest cannot be read.")
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
		if c.in, err = c.tool.goArguments(c.request); err != nil {
			return all.endsEarly("The next page cannot be asked for: %s.", err)
		}
		result := c.send(ctx)
		next, ok := e.readPage(l, result.JSON)
		switch {
		case result.Failure != nil:
			return all.endsEarly("The next page failed: %s.", result.Failure.brief())
		case !ok:
			return all.endsEarly("The next page is not a list.")
		}
		size += len(result.JSON)
		all.elements = append(all.elements, next.elements...)
		if all.cursorKey == "" {
			all.cursorKey = next.cursorKey
		}
		all.setNext(e, l, next.nextJSON(e, l))
	}
}

func (p page) endsEarly(format string, args ...any) page {
	p.rest.more = true
	p.rest.addReasonf(format, args...)
	return p
}

// nextJSON is the cursor that leads on, as it came.
func (p page) nextJSON(e *engine, l listing) json.RawMessage {
	if cursor := jsontext.Lookup(jsontext.Members(jsontext.Lookup(p.members, l.metadata)), e.cursors.After); cursor != nil {
		return cursor
	}
	return json.RawMessage(null)
}

// null is the JSON value.
const null = "null"
