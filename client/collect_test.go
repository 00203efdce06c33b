package client_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

func TestCollectReturnsAtMostTheLimit(t *testing.T) {
	for limit, requests := range map[int]int{1: 1, 2: 1, 3: 2, 5: 3, 100: 3} {
		w := newWire(shelf(5))
		c := newClient(t, testKey, w.option())
		all := c.Organizations.All(t.Context(), &client.OrganizationsListParams{Limit: new(2)})
		got, err := client.Collect(t.Context(), all, limit)
		if err != nil || len(got) != min(limit, 5) || len(w.sent) != requests {
			t.Errorf("%d: got %d items, %v and %d requests, want %d requests", limit, len(got), err, len(w.sent), requests)
		}
	}
}

func TestCollectReturnsItemsBeforeAnError(t *testing.T) {
	broken := errors.New("broken")
	var items iter.Seq2[int, error] = func(yield func(int, error) bool) {
		_ = yield(1, nil) && yield(2, nil) && yield(0, broken)
	}
	if got, err := client.Collect(t.Context(), items, 9); len(got) != 2 || !errors.Is(err, broken) {
		t.Errorf("got %v and %v, want 2 items and the error", got, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := client.Collect(ctx, items, 9); len(got) != 0 || !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: got %v and %v, want none and context.Canceled", got, err)
	}
	w := newWire(respondJSON(http.StatusOK, `{}`))
	c := newClient(t, testKey, w.option())
	if _, err := client.Collect(t.Context(), c.Organizations.All(t.Context(), nil), 0); err == nil || len(w.sent) != 0 {
		t.Errorf("limit 0: got %v and %d requests, want an error and none", err, len(w.sent))
	}
}
