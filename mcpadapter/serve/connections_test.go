package serve

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
)

// namedConn is a connection that notes its end.
type namedConn struct {
	net.Conn

	name   string
	closed *[]string
}

func (c namedConn) Close() error {
	*c.closed = append(*c.closed, c.name)
	return nil
}

// Beyond what the system permits no connection is accepted: those that send slowly would keep everybody out.
func TestConnectionsAreAsManyAsTheSystemPermits(t *testing.T) {
	for _, c := range []struct{ want, calls, descriptors, limit int }{
		{1024, 256, 1 << 20, 1024},
		{1024, 256, 0, 1024}, // unknown
		{1024, 256, 1024, 736},
		{1024, 4096, 1024, 512}, // not all of the calls have a connection at once
		{1024, 256, 64, 32},
		{10, 256, 64, 10},
		{1024, 256, 1, 1},
	} {
		if got := connectionLimit(c.want, c.calls, c.descriptors); got != c.limit {
			t.Errorf("%+v: got %d", c, got)
		}
	}
	log := &shared{}
	logger := program{stderr: log}.logger(flags{})
	l := listening{maxConnections: 1024}
	if got := l.connectionLimit(1<<20, logger); got != 1024 || log.String() != "" {
		t.Errorf("got %d and %q, want what the flag says", got, log)
	}
	if got := l.connectionLimit(1024, logger); got != 512 || !strings.Contains(log.String(), "level=WARN") ||
		!strings.Contains(log.String(), "limit=512") {
		t.Errorf("got %d and %q, want a warning with the limit", got, log)
	}
}

func TestTheConnectionThatIsIdleLongestIsClosed(t *testing.T) {
	var closed []string
	c := newConnections(3, NewMetrics(), nil)
	conn := func(name string) net.Conn { return &namedConn{name: name, closed: &closed} }
	handle := func(conn net.Conn) {
		c.changed(conn, http.StateActive)
		arrived(c.context(t.Context(), conn))
	}
	a, b, d := conn("a"), conn("b"), conn("d")
	for _, other := range []net.Conn{a, b, d} {
		c.changed(other, http.StateNew)
		handle(other)
	}
	c.changed(conn("e"), http.StateNew) // the requests of all are handled
	c.changed(b, http.StateIdle)
	c.changed(a, http.StateIdle)
	f := conn("f")
	c.changed(f, http.StateNew)
	c.changed(b, http.StateClosed)
	handle(f)
	handle(a)
	c.changed(conn("g"), http.StateNew)
	c.changed(d, http.StateClosed)
	h := conn("h")
	c.changed(h, http.StateNew)
	c.changed(conn("i"), http.StateNew) // h has sent nothing
	if want := []string{"e", "b", "g", "h"}; !slices.Equal(closed, want) {
		t.Errorf("got %v closed, want %v", closed, want)
	}
	if len(c.open) != 3 || c.idle.Len() != 1 {
		t.Errorf("got %d open and %d idle, want 3 and 1", len(c.open), c.idle.Len())
	}
}

// A connection whose request does not arrive is closed for another one, however busy it seems.
func TestTheConnectionThatSendsSlowestIsClosed(t *testing.T) {
	var closed []string
	c := newConnections(2, NewMetrics(), nil)
	slow, handled := &namedConn{name: "slow", closed: &closed}, &namedConn{name: "handled", closed: &closed}
	for _, conn := range []net.Conn{handled, slow} {
		c.changed(conn, http.StateNew)
		c.changed(conn, http.StateActive)
	}
	arrived(c.context(t.Context(), handled))
	c.changed(&namedConn{name: "new", closed: &closed}, http.StateNew)
	if want := []string{"slow"}; !slices.Equal(closed, want) {
		t.Errorf("got %v closed, want %v", closed, want)
	}
	arrived(c.context(t.Context(), slow)) // too late
	if len(c.open) != 2 || c.idle.Len() != 1 {
		t.Errorf("got %d open and %d idle, want 2 and 1", len(c.open), c.idle.Len())
	}
}

// Clients that open connections and send nothing keep nobody out.
func TestIdleConnectionsKeepNobodyOut(t *testing.T) {
	m := NewMetrics()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "ok")
	}))
	newConnections(10, m, nil).watch(server.Config)
	server.Start()
	defer server.Close()
	dial := func() net.Conn {
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	for range 50 {
		conn := dial()
		defer func() { _ = conn.Close() }()
	}
	conn := dial()
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if string(body) != "ok" {
		t.Errorf("got %q, want the response", body)
	}
	var text strings.Builder
	m.write(&text)
	if n := metricValue(t, text.String(), "mcp_connections"); n > 10 {
		t.Errorf("got %g connections, want at most 10", n)
	}
	if n := metricValue(t, text.String(), `mcp_refusals_total{reason="connection"}`); n < 40 {
		t.Errorf("got %g closed, want at least 40", n)
	}
}
