package client

import (
	"context"
	"errors"
	"fmt"
	"iter"
)

// ErrRepeatedCursor ends an iteration in which the server returned the same cursor twice, because it would never end.
var ErrRepeatedCursor = errors.New("workos: server returned the same cursor twice")

// ErrNoProgress ends an iteration after 100 pages in a row without an item, because it might never end. The [PageError]
// around it has the cursor to continue from.
var ErrNoProgress = errors.New("workos: server returned too many empty pages in a row")

// maxEmptyPages is how many pages in a row may be empty, as with a filter that the server applies after it has cut the
// pages. It is the number of empty reads after which package bufio gives up with [io.ErrNoProgress].
const maxEmptyPages = 100

// all iterates over the items of all pages and requests each page when it is reached. Starting from the parameter
// before it goes backwards: each item is followed by its predecessor in the server's order. If it were inlined, each
// method that calls it would have a copy of the loop.
//
//go:noinline
func all[T any](ctx context.Context, c *Client, opts []Option, r *request) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		first := *r // list changes it, and the iteration may start again
		page, err := list[T](ctx, c, opts, &first)
		for w := new(walk); err == nil; err = w.failure(err) {
			w.enter(&page.state, len(page.Data))
			for i := range page.Data {
				if !yield(page.Data[w.index(i, len(page.Data))], nil) {
					return
				}
			}
			var next *call
			if next, err = w.next(ctx, &page.state, page.Before, page.After); next == nil {
				break
			}
			page, err = fetchPage[T](ctx, next, nil)
		}
		if err != nil {
			var none T
			yield(none, err)
		}
	}
}

// walk is the state of an iteration over pages.
type walk struct {
	backwards bool
	cursor    string          // of the current page; "": the first one
	visited   map[string]bool // cursors; nil before the first page
	empty     int             // pages in a row without an item
}

// enter notes a page of n items. It begins the walk at its first page.
func (w *walk) enter(s *pageState, n int) {
	w.empty++
	if n > 0 {
		w.empty = 0
	}
	if w.visited == nil {
		before, after := cursors(s.from)
		w.backwards, w.visited = before != "", map[string]bool{before: true, after: true}
	}
}

// index returns the place of the i-th of n items of a page in the order of the walk.
func (w *walk) index(i, n int) int {
	if w.backwards {
		return n - 1 - i
	}
	return i
}

// next returns the call for the next page; nil without an error after the last one.
func (w *walk) next(ctx context.Context, s *pageState, before, after string) (*call, error) {
	param := paramAfter
	w.cursor = after
	if w.backwards {
		param, w.cursor = paramBefore, before
	}
	if w.cursor == "" {
		return nil, s.lost // if it is not nil, this is not the end
	}
	if w.visited[w.cursor] {
		return nil, w.failure(ErrRepeatedCursor)
	}
	if w.empty >= maxEmptyPages {
		return nil, w.failure(ErrNoProgress)
	}
	w.visited[w.cursor] = true
	call, err := s.neighbor(ctx, param, w.cursor)
	return call, w.failure(err)
}

// failure wraps an error of the current page with the cursor of that page. It returns nil for nil.
func (w *walk) failure(err error) error {
	switch {
	case err == nil:
		return nil
	case w.backwards:
		return &PageError{Before: w.cursor, Err: err}
	default:
		return &PageError{After: w.cursor, Err: err}
	}
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
