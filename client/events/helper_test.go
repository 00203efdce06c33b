package events_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// stub serves a list of events, as many as have been emitted.
type stub struct {
	tb      testing.TB
	emitted atomic.Int64
	// broken answers some requests in its own way, and tells whether it has.
	broken func(w http.ResponseWriter, page []byte) bool
}

func stubID(i int) string { return fmt.Sprintf("event_%06d", i) }

func stubIndex(tb testing.TB, id string) int {
	tb.Helper()
	i, err := strconv.Atoi(strings.TrimPrefix(id, "event_"))
	if err != nil {
		tb.Fatalf("%q is no ID of an event", id)
	}
	return i
}

func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query()
	limit, err := strconv.Atoi(query.Get("limit"))
	if r.Method != http.MethodGet || r.URL.Path != "/events" || query.Get("order") != "asc" || err != nil {
		s.tb.Errorf("got %s %s, want GET /events?order=asc with a limit", r.Method, r.URL)
	}
	begin := 0
	if after := query.Get("after"); after != "" {
		begin = stubIndex(s.tb, after) + 1
	}
	emitted := int(s.emitted.Load())
	end := min(begin+limit, emitted)
	data := []map[string]any{}
	for i := begin; i < end; i++ {
		data = append(data, map[string]any{
			// Created now, because the consumer replaces a cursor that is about to expire.
			"object": "event", "id": stubID(i), "event": "group.member_added", "created_at": time.Now().UTC(),
			"data": map[string]any{"group_id": "group_01", "organization_membership_id": "om_" + strconv.Itoa(i)},
		})
	}
	var after any
	if end < emitted {
		after = stubID(end - 1)
	}
	page, err := json.Marshal(map[string]any{
		"object": "list", "data": data, "list_metadata": map[string]any{"before": nil, "after": after},
	})
	if err != nil {
		s.tb.Errorf("encode: %v", err)
	}
	if s.broken != nil && s.broken(w, page) {
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(page) // the consumer may have been killed
}

// faults answers every second request as a bad day would, in turn, and counts how.
type faults struct{ all, limited, failed, reset, cut, slow atomic.Int64 }

func (f *faults) answer(w http.ResponseWriter, page []byte) bool {
	switch f.all.Add(1) % 10 {
	case 0:
		f.limited.Add(1)
		w.Header().Set("Retry-After", "0")
		http.Error(w, `{"message":"Ratelimited"}`, http.StatusTooManyRequests)
	case 2:
		f.failed.Add(1)
		http.Error(w, "oops", http.StatusInternalServerError)
	case 4:
		f.reset.Add(1)
		abort(w)
	case 6: // the body ends before its length
		f.cut.Add(1)
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(page)))
		_, _ = w.Write(page[:rand.N(len(page))])
	case 8: // the body takes longer than the consumer waits, or almost
		f.slow.Add(1)
		w.Header().Set("Content-Type", "application/json")
		piece := len(page)/4 + 1
		for part := page; len(part) > 0; part = part[min(piece, len(part)):] {
			if _, err := w.Write(part[:min(piece, len(part))]); err != nil {
				return true
			}
			_ = http.NewResponseController(w).Flush()
			time.Sleep(rand.N(150 * time.Millisecond))
		}
	default:
		return false
	}
	return true
}

// abort resets the connection.
func abort(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
