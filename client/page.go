package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"
)

// The parameters and fields that hold cursors.
const (
	paramBefore = "before"
	paramAfter  = "after"
)

var (
	// ErrNoPage is returned for the page after the last one, or before the first.
	ErrNoPage = errors.New("there is no further page")
	// ErrRepeatedCursor ends an iteration whose server gives out a cursor for the second time, which would go on for ever.
	ErrRepeatedCursor = errors.New("the server gave out the same cursor twice")
)

// Page is a part of a list, in the order of the server. Lists that have no pages come as one.
//
// A page can be used by several goroutines that do not change it. The methods of a page that was not returned by a
// call return [ErrNoPage].
type Page[T any] struct {
	// Data are the entries.
	Data []T `json:"data"`
	// Before and After are the cursors of the neighbouring pages, as parameters take them; "" if there is none.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`

	// turn calls for the page that a cursor leads to. It is a function, so that no verb of package fmt finds the
	// credential of the call.
	turn func(ctx context.Context, param, cursor string) (*Page[T], error)
	from *url.URL
}

// HasNext tells whether there is a page after this one.
func (p *Page[T]) HasNext() bool { return p.After != "" }

// HasPrevious tells whether there is a page before this one.
func (p *Page[T]) HasPrevious() bool { return p.Before != "" }

// Next calls for the page after this one, with the parameters and options of the call that returned this one. It
// returns [ErrNoPage] where there is none. After a failure it can be called again.
func (p *Page[T]) Next(ctx context.Context) (*Page[T], error) {
	return p.open(ctx, paramAfter, p.After)
}

// Previous is as [Page.Next], for the page before this one. Its entries are in the same order as those of this one.
func (p *Page[T]) Previous(ctx context.Context) (*Page[T], error) {
	return p.open(ctx, paramBefore, p.Before)
}

func (p *Page[T]) open(ctx context.Context, param, cursor string) (*Page[T], error) {
	if p.turn == nil || cursor == "" {
		return nil, ErrNoPage
	}
	return p.turn(ctx, param, cursor)
}

// withCursor puts a cursor in place of those in a query, whose other parameters stay as they are written: a comma
// between the entries of a list must not be escaped.
func withCursor(query, param, cursor string) string {
	parts := make([]string, 0, strings.Count(query, "&")+2) //nolint:mnd // one more part than separators, and the cursor
	for part := range strings.SplitSeq(query, "&") {
		if part != "" && !strings.HasPrefix(part, paramBefore+"=") && !strings.HasPrefix(part, paramAfter+"=") {
			parts = append(parts, part)
		}
	}
	return strings.Join(append(parts, param+"="+url.QueryEscape(cursor)), "&")
}

// list calls an operation that answers with a list.
func list[T any](ctx context.Context, c *Client, opts []Option, r request) (*Page[T], error) {
	call, err := c.begin(ctx, opts, &r)
	if err != nil {
		return nil, err
	}
	if before, after := cursors(call.req.URL); before != "" && after != "" {
		return nil, fmt.Errorf("%s: before and after are given; a page is on one side of one of them", r.id)
	}
	return open[T](ctx, call)
}

func cursors(at *url.URL) (before, after string) {
	query := at.Query()
	return query.Get(paramBefore), query.Get(paramAfter)
}

// open carries the call out and reads the page that it answers with.
func open[T any](ctx context.Context, call *call) (*Page[T], error) {
	got, err := call.run(ctx)
	if err != nil {
		return nil, err
	}
	page := &Page[T]{from: call.req.URL, turn: func(ctx context.Context, param, cursor string) (*Page[T], error) {
		if ctx == nil {
			return nil, fmt.Errorf("%s: the context is nil", call.name())
		}
		req := call.req.Clone(ctx)
		req.URL.RawQuery = withCursor(req.URL.RawQuery, param, cursor)
		return open[T](ctx, newCall(call.config, call.route, req, true))
	}}
	if body := bytes.TrimLeft(got.body, " \t\r\n"); len(body) > 0 && body[0] == '[' {
		if err := call.decode(got, &page.Data); err != nil {
			return nil, err
		}
		return page, nil
	}
	var answer struct {
		Data     []T `json:"data"`
		Metadata struct {
			Before string `json:"before"` // null leaves it empty
			After  string `json:"after"`
		} `json:"list_metadata"`
	}
	if err := call.decode(got, &answer); err != nil {
		return nil, err
	}
	if answer.Data == nil {
		return nil, call.failed(got.resp, got.body, false, fmt.Errorf("%w: the list has no data", ErrInvalidResponse))
	}
	page.Data, page.Before, page.After = answer.Data, answer.Metadata.Before, answer.Metadata.After
	return page, nil
}

// all iterates over the entries of a list and of the pages that follow, which it calls for as it comes to them. From a
// cursor in the parameter before it goes backwards, so that each entry is followed by the one that precedes it in the
// order of the server.
func all[T any](ctx context.Context, c *Client, opts []Option, r request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var none T
		page, err := list[T](ctx, c, opts, r)
		if err != nil {
			yield(none, err)
			return
		}
		w := newWalk(page.from)
		for {
			for i := range page.Data {
				if w.backwards {
					i = len(page.Data) - 1 - i
				}
				if !yield(page.Data[i], nil) {
					return
				}
			}
			cursor := w.cursor(page.Before, page.After)
			if cursor == "" {
				return
			}
			if page, err = step(ctx, page, w, cursor); err != nil {
				yield(none, err)
				return
			}
		}
	}
}

func step[T any](ctx context.Context, page *Page[T], w *walk, cursor string) (*Page[T], error) {
	if !w.visit(cursor) {
		return nil, w.failure(cursor, ErrRepeatedCursor)
	}
	turn := page.Next
	if w.backwards {
		turn = page.Previous
	}
	next, err := turn(ctx)
	if err != nil {
		return nil, w.failure(cursor, err)
	}
	return next, nil
}

// walk is the way of an iteration through pages.
type walk struct {
	backwards bool
	visited   map[string]bool // cursors
}

func newWalk(from *url.URL) *walk {
	before, after := cursors(from)
	return &walk{backwards: before != "", visited: map[string]bool{before: true, after: true}}
}

func (w *walk) cursor(before, after string) string {
	if w.backwards {
		return before
	}
	return after
}

func (w *walk) visit(cursor string) bool {
	if w.visited[cursor] {
		return false
	}
	w.visited[cursor] = true
	return true
}

func (w *walk) failure(cursor string, err error) error {
	if w.backwards {
		return &PageError{Before: cursor, Err: err}
	}
	return &PageError{After: cursor, Err: err}
}

// PageError ends an iteration at a page that could not be had. All entries before that page have been given. To go on
// from there, iterate again with its cursor in the parameters.
type PageError struct {
	After  string // cursor of the page; "" in an iteration that goes backwards
	Before string // cursor of the page in an iteration that goes backwards, else ""
	Err    error
}

// Error names the page by its cursor and says what went wrong.
func (e *PageError) Error() string {
	if e.Before != "" {
		return fmt.Sprintf("page before %s: %v", clean(e.Before), e.Err)
	}
	return fmt.Sprintf("page after %s: %v", clean(e.After), e.Err)
}

// Unwrap returns the error of the call.
func (e *PageError) Unwrap() error { return e.Err }
