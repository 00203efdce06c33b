package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// timeFormat is RFC 3339 in milliseconds, as the API writes times.
const timeFormat = "2006-01-02T15:04:05.000Z07:00"

// page is a page of the list. Its events are decoded one by one, so that a malformed one does not block those before
// it.
type page struct {
	Data         []json.RawMessage `json:"data"`
	ListMetadata struct {
		After string `json:"after"`
	} `json:"list_metadata"`
}

// isLast reports whether nothing follows the page. The cursor of an empty page names a handled event.
func (p *page) isLast() bool { return p.ListMetadata.After == "" || len(p.Data) == 0 }

// leads reports whether the page has no events but a cursor that leads on.
func (p *page) leads(from Checkpoint) bool {
	return len(p.Data) == 0 && p.ListMetadata.After != "" && p.ListMetadata.After != from.After
}

// fetch requests the events after a checkpoint, oldest first.
func (c *Consumer) fetch(ctx context.Context, from Checkpoint) (*page, error) {
	ctx, cancel := context.WithTimeout(ctx, c.fetchTimeout)
	defer cancel()
	order, limit := gen.SortOrderAsc, c.pageSize
	params := &gen.EventsListParams{Events: c.types, Limit: &limit, Order: &order}
	if c.organization != "" {
		params.OrganizationID = &c.organization
	}
	switch {
	case from.After != "":
		params.After = &from.After
	case !from.Since.IsZero():
		// The API's range excludes its start.
		start := from.Since.UTC().Truncate(time.Millisecond).Add(-time.Millisecond).Format(timeFormat)
		params.RangeStart = &start
	}
	answer, err := c.api.EventsList(ctx, params)
	if failed, ok := errors.AsType[*client.Error](err); ok && failed.Code == "invalid_cursor" && from.After != "" {
		return nil, fmt.Errorf("workos/events: %w: %s: %w", ErrCursorExpired, quote(from.After), err)
	}
	if err != nil {
		return nil, fmt.Errorf("workos/events: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, fmt.Errorf("workos/events: read the list: %w", err)
	}
	p := new(page)
	if err := json.Unmarshal(body, p); err != nil {
		return nil, fmt.Errorf("workos/events: decode the list: %w", err)
	}
	if p.Data == nil { // not a list: if it passed for an empty one, the consumer would seem to be up to date
		return nil, fmt.Errorf("workos/events: %w: list has no data", client.ErrInvalidResponse)
	}
	return p, nil
}

// isPermanent reports whether another attempt cannot succeed: the request was rejected, or never sent.
func isPermanent(err error) bool {
	if errors.Is(err, client.ErrNoCredentials) || errors.Is(err, client.ErrResponseTooLarge) {
		return true
	}
	var failed *client.Error
	if !errors.As(err, &failed) {
		return false
	}
	switch failed.StatusCode {
	case http.StatusRequestTimeout, http.StatusTooEarly, http.StatusTooManyRequests:
		return false
	default:
		return failed.StatusCode >= 300 && failed.StatusCode < 500
	}
}
