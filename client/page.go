package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
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

	state pageState
}

// pageState is what a page keeps to request its neighbors.
type pageState struct {
	// turn returns the call for the page at a cursor. It is a function so that package fmt cannot print the call's
	// credential.
	turn func(ctx context.Context, param, cursor string) (*call, error)
	from *url.URL
	lost error // why the cursors are unknown; nil if they are known
}

// LogValue returns items and cursors as a group. Items of the API are printed without their secrets.
func (p Page[T]) LogValue() slog.Value { return pageValue(p.Data, p.Before, p.After) }

func pageValue(items any, before, after string) slog.Value {
	return slog.GroupValue(slog.String("data", fmt.Sprintf("%+v", items)), slog.String("before", before),
		slog.String("after", after))
}

// HasNext reports whether a page follows.
func (p *Page[T]) HasNext() bool { return p.After != "" || p.state.lost != nil }

// HasPrevious reports whether a page precedes.
func (p *Page[T]) HasPrevious() bool { return p.Before != "" || p.state.lost != nil }

// Next requests the page after this one with the parameters and options of the original call. It returns [ErrNoPage] if
// there is none. It can be called again after an error.
func (p *Page[T]) Next(ctx context.Context) (*Page[T], error) {
	call, err := p.state.neighbor(ctx, paramAfter, p.After)
	return fetchPage[T](ctx, call, err)
}

// Previous is like [Page.Next], for the page before this one. The order of its items is the same.
func (p *Page[T]) Previous(ctx context.Context) (*Page[T], error) {
	call, err := p.state.neighbor(ctx, paramBefore, p.Before)
	return fetchPage[T](ctx, call, err)
}

// neighbor returns the call for the page at a cursor.
func (s *pageState) neighbor(ctx context.Context, param, cursor string) (*call, error) {
	switch {
	case s.turn != nil && cursor != "":
		return s.turn(ctx, param, cursor)
	case s.lost != nil:
		return nil, s.lost
	default:
		return nil, ErrNoPage
	}
}

// turn returns the call for another page of the same list.
func (c *call) turn(ctx context.Context, param, cursor string) (*call, error) {
	if ctx == nil {
		return nil, fmt.Errorf("%s: context is nil", c.name())
	}
	req := c.req.Clone(ctx)
	req.URL.RawQuery = withCursor(req.URL.RawQuery, param, cursor)
	return newCall(c.config, c.route, req, true), nil
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

// list calls an operation that returns a list. It and the other functions of a type parameter are short, because they
// are compiled for each type.
func list[T any](ctx context.Context, c *Client, opts []Option, r *request) (*Page[T], error) {
	call, err := c.prepareList(ctx, opts, r)
	return fetchPage[T](ctx, call, err)
}

func (c *Client) prepareList(ctx context.Context, opts []Option, r *request) (*call, error) {
	call, err := c.prepare(ctx, opts, r)
	if err != nil {
		return nil, err
	}
	if before, after := cursors(call.req.URL); before != "" && after != "" {
		return nil, fmt.Errorf("%s: %w", r.id, invalid(paramBefore, "cannot go together with %s", paramAfter))
	}
	return call, nil
}

func cursors(at *url.URL) (before, after string) {
	query := at.Query()
	return query.Get(paramBefore), query.Get(paramAfter)
}

// listBody is the body of a response that is a list.
type listBody[T any] struct {
	Data     []T          `json:"data"`
	Metadata listMetadata `json:"list_metadata"`
}

type listMetadata struct {
	Before string `json:"before"` // null leaves it empty
	After  string `json:"after"`
}

// fetchPage runs the call, unless preparing it failed with err, and decodes the page.
func fetchPage[T any](ctx context.Context, call *call, err error) (*Page[T], error) {
	if err != nil {
		return nil, err
	}
	var body listBody[T]
	state, err := call.page(ctx, &body, &body.Data, (*pageOf[T])(nil))
	if err != nil {
		return nil, err
	}
	return &Page[T]{Data: body.Data, Before: body.Metadata.Before, After: body.Metadata.After, state: state}, nil
}

// page runs the call and decodes the response into body, or into items, its slice, if the response is an array. The
// shape is a nil pointer to the type that has all fields of the response.
func (c *call) page(ctx context.Context, body, items, shape any) (pageState, error) {
	got, err := c.run(ctx)
	if err != nil {
		return pageState{}, err
	}
	state := pageState{from: c.req.URL, turn: c.turn}
	if text := bytes.TrimLeft(got.body, " \t\r\n"); len(text) > 0 && text[0] == '[' {
		_, err := c.decode(ctx, got, items)
		return state, err
	}
	if c.response != nil {
		c.response.result = reflect.TypeOf(shape).Elem()
	}
	invalid, err := c.decode(ctx, got, body)
	if err != nil {
		return state, err
	}
	if reflect.ValueOf(items).Elem().IsNil() {
		return state, c.invalidResponse(got.resp, got.body, false, fmt.Errorf("%w: list has no data", ErrInvalidResponse))
	}
	if slices.ContainsFunc(invalid, func(path string) bool { return strings.HasPrefix(path, "list_metadata") }) {
		state.lost = c.invalidResponse(got.resp, got.body, false, fmt.Errorf("%w: invalid cursor", ErrInvalidResponse))
	}
	return state, nil
}
