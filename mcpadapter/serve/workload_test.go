package serve

import (
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
)

func TestConnectionsThatAreOpenedAreWork(t *testing.T) {
	var set []bool // whether one
	work := &workload{processors: processors{company: 2, one: true, set: func(one bool) { set = append(set, one) }}}
	var closed []string
	c := newConnections(3, NewMetrics(), work)
	conn := func(name string) net.Conn { return &namedConn{name: name, closed: &closed} }
	a, b, d, e := conn("a"), conn("b"), conn("d"), conn("e")
	for _, step := range []struct {
		conn    net.Conn
		state   http.ConnState
		running int
		set     []bool
	}{
		{a, http.StateNew, 1, nil},
		{a, http.StateActive, 0, nil},
		{a, http.StateIdle, 0, nil},
		{b, http.StateNew, 1, nil},
		{a, http.StateActive, 1, nil},
		{d, http.StateNew, 2, []bool{false}},
		{d, http.StateClosed, 1, []bool{false}},
		{b, http.StateHijacked, 0, []bool{false}},
		{a, http.StateClosed, 0, []bool{false}},
		{e, http.StateNew, 1, []bool{false}},
		{e, http.StateClosed, 0, []bool{false}},
	} {
		c.changed(step.conn, step.state)
		if work.running != step.running || !slices.Equal(set, step.set) {
			t.Errorf("%v, %v: got %d and %v set, want %d and %v", step.conn, step.state, work.running, set, step.running, step.set)
		}
	}
	if len(c.opening) > 0 || closed != nil {
		t.Errorf("got %v opening and %v closed, want none", c.opening, closed)
	}
}

// A request that is refused takes a processor, too.
func TestEveryRequestIsWorkUntilItEnds(t *testing.T) {
	work := &workload{}
	during := 0
	handler := work.handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		during = work.running
		panic(http.ErrAbortHandler)
	}))
	defer func() {
		if recover() == nil || during != 1 || work.running != 0 {
			t.Errorf("got %d running within the request and %d after it, want 1 and 0", during, work.running)
		}
	}()
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
}
