package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

const (
	// maxRequests is how many requests a connection works on at once, beside those that wait for the client. They wait
	// for the network, not for the processor.
	maxRequests = 32
	// maxListening limits the requests that stay open, which are not counted among the others.
	maxListening = 32
	// drainTime limits how long the end of a connection waits for responses.
	drainTime = 2 * time.Minute
	// cancelTime limits how long it then waits for requests that it has canceled.
	cancelTime = 5 * time.Second
)

// connection is one client over stdio.
type connection struct {
	server *server.MCPServer
	fast   *fastPath // nil: mcp-go handles every message
	client *stdioClient
	out    *lineWriter
	log    *slog.Logger
	jobs   chan job // for goroutines that have worked before
	// started is called after the response to each request but initialize.
	started       func()
	notifications notifications
	// patience is how long requests may go on after the context ends.
	patience   time.Duration
	processors processors

	mu        sync.Mutex
	room      *sync.Cond // signals that there may be room for a request, or that the connection ends
	requests  map[string]*inFlight
	running   int           // requests, those that wait for the client included
	waiting   int           // requests of the server that wait for the client
	listening int           // requests that stay open
	ending    bool          // no further request is accepted
	idle      chan struct{} // closed when nothing runs and nothing will
}

// inFlight is one request of the client that is worked on.
type inFlight struct {
	ctx       context.Context //nolint:containedctx // of the request, which this is
	cancel    context.CancelFunc
	key       string // its ID
	listens   bool   // it stays open until it is canceled
	cancelled bool   // by the client, so that it gets no response
}

func newConnection(s *server.MCPServer, out io.Writer, logger *slog.Logger) *connection {
	c := &connection{
		server: s, out: newLineWriter(out), log: logger, jobs: make(chan job), started: func() {},
		patience: drainTime,
		requests: map[string]*inFlight{}, idle: make(chan struct{}),
	}
	c.room = sync.NewCond(&c.mu)
	c.client = newStdioClient(c.out, c.wait)
	c.notifications = newNotifications(c.client.notifications, func(n mcp.JSONRPCNotification) { c.respond(n) })
	return c
}

// serve reads messages until the input, the output or ctx ends, and then waits for the responses.
func (c *connection) serve(ctx context.Context, in io.Reader) error {
	if err := c.server.RegisterSession(ctx, c.client); err != nil {
		return fmt.Errorf("serve stdio: %w", err)
	}
	defer c.server.UnregisterSession(ctx, c.client.SessionID())
	requests, cancel := context.WithCancel(c.server.WithContext(context.WithoutCancel(ctx), c.client))
	defer cancel()
	var notifying sync.WaitGroup
	notifying.Go(c.notifications.write)
	read := make(chan error, 1)
	go func() { read <- c.read(requests, in) }() // a read that blocks ends with the process
	var err error
	patience := drainTime
	select {
	case err = <-read:
		if err != nil {
			patience = 0
		}
	case <-c.out.failed:
		patience = 0
	case <-ctx.Done():
		c.log.Info("ending: calls in flight finish first")
		patience = c.patience
	}
	c.drain(patience, cancel)
	close(c.notifications.stop)
	notifying.Wait()
	if err != nil {
		return fmt.Errorf("serve stdio: %w", err)
	}
	return nil
}

// read handles messages until the input ends or the connection does.
func (c *connection) read(ctx context.Context, in io.Reader) error {
	lines := newLineReader(in)
	for {
		line, err := lines.next()
		if c.ended() {
			return nil
		}
		long := (*longLineError)(nil)
		switch {
		case errors.As(err, &long):
			c.refuse(long.id, mcp.INVALID_REQUEST, fmt.Sprintf("the message has more than %d bytes", maxLineBytes))
			continue
		case err == nil || len(line) > 0:
			c.receive(ctx, line)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// receive handles one message. It returns when the next one may be read.
func (c *connection) receive(ctx context.Context, line []byte) {
	m, valid := readEnvelope(line)
	var found *defect
	if valid {
		found = inspect(line)
	}
	switch key := idKey(m.id); {
	case found != nil:
		if m.method == "" { // no ID of a request
			m.id = nil
		}
		c.refuse(m.id, mcp.INVALID_REQUEST, found.message)
	case !valid:
		c.refuse(nil, mcp.PARSE_ERROR, "Parse error")
	case malformed(line, m) != nil:
		wrong := malformed(line, m)
		c.refuse(wrong.id, mcp.INVALID_REQUEST, wrong.message)
	case m.method == methodCancelled && m.id == nil:
		c.cancel(idKey(cancelledID(m.params)))
	case m.method == "" && key != "" && (m.result != nil || m.failure != nil):
		if !c.client.receive(m) {
			c.log.Debug("response to no request", "id", key)
		}
	case key == "" || m.method == "":
		c.respond(c.handle(ctx, m, line)) // a notification, or a message that mcp-go rejects
	default:
		if c.inUse(key) {
			// With the ID, the error would be the response to the first request.
			c.refuse(nil, mcp.INVALID_REQUEST, "the id "+string(m.id)+" is that of a request that still runs")
			return
		}
		switch r := c.begin(ctx, key, m.method == methodListen); {
		case r == nil && !c.ended():
			c.refuse(m.id, mcp.INTERNAL_ERROR, fmt.Sprintf("%d subscriptions are open already", maxListening))
		case r == nil:
		case m.method == methodInitialize: // later messages depend on the client that it names
			c.work(job{r, m, line}) //nolint:contextcheck // the job has its context
		default:
			c.start(job{r, m, line}) //nolint:contextcheck // the job has its context
		}
	}
}

// begin waits for room for a request and counts it. It returns nil if the connection ends, or if too many requests stay
// open already.
func (c *connection) begin(ctx context.Context, key string, listens bool) *inFlight {
	c.mu.Lock()
	defer c.mu.Unlock()
	for !c.ending && c.running-c.waiting-c.listening >= maxRequests {
		c.room.Wait()
	}
	if c.ending || listens && c.listening == maxListening {
		return nil
	}
	r := &inFlight{key: key, listens: listens}
	r.ctx, r.cancel = context.WithCancel(ctx)
	c.requests[key] = r
	c.running++
	c.processors.begun(len(c.requests) - c.waiting - c.listening)
	if listens {
		c.listening++
	}
	return r
}

// inUse reports whether a request with the ID runs.
func (c *connection) inUse(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.requests[key] != nil
}

// job is a request that has begun, with its message.
type job struct {
	*inFlight

	envelope envelope
	line     []byte
}

// start has a goroutine work on a job: one that has worked before, because its stack has grown already, or a new one.
func (c *connection) start(j job) {
	select {
	case c.jobs <- j:
	default:
		go func() {
			for more := true; more; {
				c.work(j)
				c.started()
				select {
				case j = <-c.jobs:
				case <-c.idle:
					more = false
				}
			}
		}()
	}
}

// work handles a request and writes its response.
func (c *connection) work(j job) {
	l := newRequestLog()
	l.method, l.client = j.envelope.method, c.client.GetClientInfo().Name
	l.continues(traceOfMeta(j.envelope.params))
	ctx := l.within(j.ctx)
	if response := c.fast.respond(ctx, j.envelope, sender{client: l.client}, l); response != nil {
		if !c.forget(j.inFlight) {
			c.logWrite(c.out.writeParts(response))
		}
	} else {
		response := c.handle(ctx, j.envelope, j.line)
		if failed, ok := response.(mcp.JSONRPCError); ok && l.err == "" {
			l.err = codeText(failed.Error.Code)
		}
		if !c.forget(j.inFlight) {
			c.notifications.flush()
			c.respond(response)
		}
	}
	if c.fast != nil {
		l.write(j.ctx, c.log, time.Since(l.began))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.running--; c.running == 0 && c.ending {
		close(c.idle)
	}
	if j.listens {
		c.listening--
	}
	c.room.Signal()
}

// forget makes a request one that can no longer be canceled, and reports whether the client has canceled it.
func (c *connection) forget(r *inFlight) (cancelled bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r.cancel()
	if c.requests[r.key] == r { // and not a later one of the same ID
		delete(c.requests, r.key)
	}
	return r.cancelled
}

// handle returns the response to a message, or nil.
func (c *connection) handle(ctx context.Context, m envelope, line []byte) (response mcp.JSONRPCMessage) {
	defer func() {
		if recover() != nil { // the value may contain arguments
			c.log.ErrorContext(ctx, "panic in a request", "method", m.method, "stack", string(debug.Stack()))
			if response = nil; idKey(m.id) != "" {
				response = errorResponse(m.id, mcp.INTERNAL_ERROR, "the request failed inside the server")
			}
		}
	}()
	return c.server.HandleMessage(ctx, line)
}

// respond writes a response, if there is one.
func (c *connection) respond(response mcp.JSONRPCMessage) {
	if response == nil {
		return
	}
	err := json.NewEncoder(c.out).Encode(response)
	c.logWrite(err)
	if err != nil && c.out.failure() == nil { // a result that is not JSON
		if r, ok := response.(mcp.JSONRPCResponse); ok {
			//nolint:errchkjson // the ID comes from JSON
			_ = json.NewEncoder(c.out).Encode(mcp.NewJSONRPCError(r.ID, mcp.INTERNAL_ERROR, "the result is not JSON", nil))
		}
	}
}

func (c *connection) logWrite(err error) {
	if err != nil {
		c.log.Error("write a response", "error", err)
	}
}

// refuse responds to a message with an error. The ID is nil if it is unknown.
func (c *connection) refuse(id json.RawMessage, code int, message string) {
	c.respond(errorResponse(id, code, message))
}

// errorResponse returns an error response to the request with an ID, as it came; nil: the ID is unknown.
func errorResponse(id json.RawMessage, code int, message string) mcp.JSONRPCError {
	return mcp.NewJSONRPCError(mcp.NewRequestId(id), code, message, nil)
}

// cancel cancels a request for the client.
func (c *connection) cancel(key string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r := c.requests[key]; r != nil {
		r.cancelled = true
		r.cancel()
	}
}

// wait counts the requests that wait for the client; other requests may run in their place.
func (c *connection) wait(change int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting += change
	c.room.Signal()
}

func (c *connection) ended() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ending
}

// drain ends the connection: it waits for the requests that run, up to the time, and then cancels them.
func (c *connection) drain(patience time.Duration, cancel context.CancelFunc) {
	c.mu.Lock()
	c.ending = true
	if c.running == 0 {
		close(c.idle)
	}
	for _, r := range c.requests {
		if r.listens {
			r.cancel()
		}
	}
	c.room.Broadcast()
	c.mu.Unlock()
	c.client.leave()
	if !c.idles(patience) {
		cancel()
		if !c.idles(cancelTime) {
			c.log.Warn("requests did not end when they were canceled")
		}
	}
}

// idles waits for the requests that run, up to the time, and reports whether they have ended.
func (c *connection) idles(patience time.Duration) bool {
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case <-c.idle:
		return true
	case <-timeout.C:
		return false
	}
}
