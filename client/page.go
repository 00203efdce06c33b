package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

// Parameters and fields of cursors.
const (
	paramBefore = "before"
	paramAfter  = "after"
)

// ErrNoPage means that there is no page after the last one or before the first.
var ErrNoPage = errors.New("workos: no further page")

// Page is one page of a list, in the server's order. Lists without pagination are one page.
//
// Several goroutines may use a page if none changes it. The methods of a page that no call returned return [ErrNoPage].
type Page[T any] struct {
	// Data are the items.
	Data []T `json:"data"`
	// Before and After are the cursors of the neighboring pages; "" if there is none.
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`

	// fetch requests the page at a cursor. It is a function so that package fmt cannot print the call's credential.
	fetch func(ctx context.Context, param, cursor string) (*Page[T], error)
	from  *url.URL
	lost  error // why the cursors are unknown; nil if they are known
}

// HasNext reports whether a page follows.
func (p *Page[T]) HasNext() bool { return p.After != "" || p.lost != nil }

// HasPrevious reports whether a page precedes.
func (p *Page[T]) HasPrevious() bool { return p.Before != "" || p.lost != nil }

// Next requests the page after this one with the parameters and options of the original call. It returns [ErrNoPage] if
// there is none. It can be called again after an error.
func (p *Page[T]) Next(ctx context.Context) (*Page[T], error) {
	return p.neighbor(ctx, paramAfter, p.After)
}

// Previous is like [Page.Next], for the page before this one. The order of its items is the same.
func (p *Page[T]) Previous(ctx context.Context) (*Page[T], error) {
	return p.neighbor(ctx, paramBefore, p.Before)
}

func (p *Page[T]) neighbor(ctx context.Context, param, cursor string) (*Page[T], error) {
	switch {
	case p.fetch != nil && cursor != "":
		return p.fetch(ctx, param, cursor)
	case p.lost != nil:
		return nil, p.lost
	default:
		return nil, ErrNoPage
	}
}

// withCursor replaces the cursor of a query. Other parameters keep their encoding: a comma between the items of a list
// must not be escaped.
func withCursor(query, param, cursor string) string {
	parts := make([]string, 0, strings.Count(query, "&")+2) //nolint:mnd // one part more than separators, and the cursor
	for part := range strings.SplitSeq(query, "&") {
		if part != "" && !strings.HasPrefix(part, paramBefore+"=") && !strings.HasPrefix(part, paramAfter+"=") {
			parts = append(parts, part)
		}
	}
	return strings.Join(append(parts, param+"="+url.QueryEscape(cursor)), "&")
}

// list calls an operation that returns a list.
func list[T any](ctx context.Context, c *Client, opts []Option, r request) (*Page[T], error) {
	call, err := c.prepare(ctx, opts, &r)
	if err != nil {
		return nil, err
	}
	if before, after := cursors(call.req.URL); before != "" && after != "" {
		return nil, fmt.Errorf("%s: parameters before and after exclude each other", r.id)
	}
	return fetchPage[T](ctx, call)
}

func cursors(at *url.URL) (before, after string) {
	query := at.Query()
	return query.Get(paramBefore), query.Get(paramAfter)
}

// fetchPage runs the call and decodes the page.
func fetchPage[T any](ctx context.Context, call *call) (*Page[T], error) {
	got, err := call.run(ctx)
	if err != nil {
		return nil, err
	}
	page := &Page[T]{from: call.req.URL, fetch: func(ctx context.Context, param, cursor string) (*Page[T], error) {
		if ctx == nil {
			return nil, fmt.Errorf("%s: context is nil", call.name())
		}
		req := call.req.Clone(ctx)
		req.URL.RawQuery = withCursor(req.URL.RawQuery, param, cursor)
		return fetchPage[T](ctx, newCall(call.config, call.route, req, true))
	}}
	if body := bytes.TrimLeft(got.body, " \t\r\n"); len(body) > 0 && body[0] == '[' {
		if _, err := call.decode(ctx, got, &page.Data); err != nil {
			return nil, err
		}
		return page, nil
	}
	var list struct {
		Data     []T `json:"data"`
		Metadata struct {
			Before string `json:"before"` // null leaves it empty
			After  string `json:"after"`
		} `json:"list_metadata"`
	}
	if call.response != nil {
		call.response.result = reflect.TypeFor[pageOf[T]]()
	}
	invalid, err := call.decode(ctx, got, &list)
	if err != nil {
		return nil, err
	}
	if list.Data == nil {
		return nil, call.invalidResponse(got.resp, got.body, false, fmt.Errorf("%w: list has no data", ErrInvalidResponse))
	}
	page.Data, page.Before, page.After = list.Data, list.Metadata.Before, list.Metadata.After
	if slices.ContainsFunc(invalid, func(path string) bool { return strings.HasPrefix(path, "list_metadata") }) {
		page.lost = call.invalidResponse(got.resp, got.body, false, fmt.Errorf("%w: invalid cursor", ErrInvalidResponse))
	}
	return page, nil
}
