package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
)

// ErrRepeatedCursor ends an iteration in which the server returned the same cursor twice, because it would never end.
var ErrRepeatedCursor = errors.New("workos: server returned the same cursor twice")

// all iterates over the items of all pages and requests each page when it is reached. Starting from the parameter
// before it goes backwards: each item is followed by its predecessor in the server's order.
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
				if page.lost != nil { // not the end
					yield(none, page.lost)
				}
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

// walk is the state of an iteration over pages.
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

// PageError ends an iteration whose next page failed. All items before that page have been yielded. To continue,
// iterate again with its cursor as parameter.
type PageError struct {
	After  string // cursor of the failed page; "" if iterating backwards
	Before string // cursor of the failed page if iterating backwards, else ""
	Err    error
}

// Error returns the cursor and the error of the call.
func (e *PageError) Error() string {
	if e.Before != "" {
		return fmt.Sprintf("page before %s: %v", clean(e.Before), e.Err)
	}
	return fmt.Sprintf("page after %s: %v", clean(e.After), e.Err)
}

// Unwrap returns the error of the call.
func (e *PageError) Unwrap() error { return e.Err }
