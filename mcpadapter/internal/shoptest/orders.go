package shoptest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// Orders is a server of a list with cursors, which are the IDs of its items.
type Orders struct {
	N        int
	PageSize int // elements of a page, whatever limit says; 0: as limit says
	// note is in each of them.
	Note string
	// opaque cursors are no property of an element.
	Opaque bool
	// change may change a page before it is written; false returns a failure.
	Change func(after string, page map[string]any) bool
}

// OrderID returns the ID of an item.
func OrderID(i int) string { return fmt.Sprintf("order_%06d", i) }

func (o Orders) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	after := r.URL.Query().Get("after")
	first := 0
	if after != "" {
		i, err := strconv.Atoi(strings.TrimPrefix(strings.TrimPrefix(after, "opaque-"), "order_"))
		if err != nil {
			http.Error(w, `{"message":"no such cursor"}`, http.StatusBadRequest)
			return
		}
		first = i + 1
	}
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil {
		limit = 10
	}
	if o.PageSize > 0 {
		limit = o.PageSize
	}
	data := []any{}
	for i := first; i < min(first+limit, o.N); i++ {
		data = append(data, map[string]any{"id": OrderID(i), "note": o.Note + strconv.Itoa(i)})
	}
	cursor := func(i int) any {
		if o.Opaque {
			return "opaque-" + strconv.Itoa(i)
		}
		return OrderID(i)
	}
	metadata := map[string]any{"before": nil, "after": nil}
	if first > 0 {
		metadata["before"] = cursor(first)
	}
	if last := first + len(data) - 1; last < o.N-1 {
		metadata["after"] = cursor(last)
	}
	page := map[string]any{"object": "list", "data": data, "list_metadata": metadata}
	if o.Change != nil && !o.Change(after, page) {
		http.Error(w, `{"message":"the till is broken"}`, http.StatusBadGateway)
		return
	}
	text, err := json.Marshal(page)
	if err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(text)
}

// NewOrders returns the tools of the shop and a server of orders, with arguments that shape responses.
func NewOrders(tb testing.TB, o Orders, opts ...mcpadapter.Option) (*mcpadapter.Adapter, *Server) {
	tb.Helper()
	return New(tb, o.ServeHTTP, append(opts, mcpadapter.WithShapingArguments())...)
}
