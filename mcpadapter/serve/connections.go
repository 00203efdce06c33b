package serve

import (
	fifo "container/list"
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"sync"
)

// connections limits the open connections of an HTTP server. Beyond the limit it closes the one that has waited
// longest for a whole request, so that idle ones and those that send slowly keep nobody out, and without such a one
// the new one. It is safe for concurrent use.
type connections struct {
	limit   int
	metrics *Metrics
	work    *workload // nil: opened connections are not counted

	mu      sync.Mutex
	open    map[net.Conn]*fifo.Element // nil: its request is handled
	idle    fifo.List                  // of net.Conn, that of the longest wait first
	opening map[net.Conn]struct{}      // those without a first byte of a request
}

// spareDescriptors are for files, for listeners, and for a connection that is closed at once.
const spareDescriptors = 32

// connectionLimit returns how many connections may be open, want at most: with those of so many calls to the API, and
// as far as the system permits. Beyond that none is accepted, and those that send slowly would keep everybody out.
func connectionLimit(want, calls, descriptors int) int {
	if descriptors == 0 {
		return want
	}
	return max(1, min(want, max(descriptors-calls-spareDescriptors, descriptors/2))) //nolint:mnd // half for the calls
}

func newConnections(limit int, m *Metrics, work *workload) *connections {
	c := &connections{
		limit: limit, metrics: m, work: work, open: map[net.Conn]*fifo.Element{}, opening: map[net.Conn]struct{}{},
	}
	m.gauge("mcp_connections", func() float64 {
		c.mu.Lock()
		defer c.mu.Unlock()
		return float64(len(c.open))
	})
	return c
}

// watch has the connections of a server limited.
func (c *connections) watch(s *http.Server) { s.ConnState, s.ConnContext = c.changed, c.context }

// changed is for [http.Server.ConnState].
func (c *connections) changed(conn net.Conn, state http.ConnState) {
	if excess := c.note(conn, state); excess != nil {
		c.metrics.refused(refusedConnection)
		_ = excess.Close() // it is gone in any case
	}
}

// note notes the state of a connection and returns the one to close, or nil.
func (c *connections) note(conn net.Conn, state http.ConnState) (excess net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count(conn, state)
	element := c.open[conn]
	if state == http.StateActive { // the first byte is there
		if element != nil {
			c.idle.MoveToBack(element)
		}
		return nil
	}
	if element != nil {
		c.idle.Remove(element)
	}
	if state == http.StateClosed || state == http.StateHijacked {
		delete(c.open, conn)
		return nil
	}
	if _, known := c.open[conn]; !known && len(c.open) >= c.limit {
		excess = conn
		if first := c.idle.Front(); first != nil {
			excess, _ = c.idle.Remove(first).(net.Conn)
			delete(c.open, excess)
		}
		if excess == conn {
			return excess
		}
	}
	c.open[conn] = c.idle.PushBack(conn)
	return excess
}

// count counts connections that are being opened.
func (c *connections) count(conn net.Conn, state http.ConnState) {
	if state == http.StateNew {
		c.opening[conn] = struct{}{}
		c.work.add(1)
	} else if _, opened := c.opening[conn]; opened {
		delete(c.opening, conn)
		c.work.add(-1)
	}
}

type arrivedKey struct{}

// writeBuffer is how many bytes of responses the kernel buffers for a connection. Left alone it buffers megabytes for a
// client that reads nothing, and the server makes the responses for that.
const writeBuffer = 128 << 10

// context is for [http.Server.ConnContext]: it lets a handler say that a request has arrived.
func (c *connections) context(ctx context.Context, conn net.Conn) context.Context {
	raw := conn
	if secure, ok := conn.(*tls.Conn); ok {
		raw = secure.NetConn()
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(writeBuffer) // otherwise as the system has it
	}
	return context.WithValue(ctx, arrivedKey{}, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if element := c.open[conn]; element != nil {
			c.idle.Remove(element)
			c.open[conn] = nil
		}
	})
}

// arrived notes that all of a request has arrived: from now on the server works for it, and does not close the
// connection for others.
func arrived(ctx context.Context) {
	if note, ok := ctx.Value(arrivedKey{}).(func()); ok {
		note()
	}
}
