package serve

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// Limits of what the server sends to its client.
const (
	maxNotifications = 100 // that wait to be written
	maxQuestions     = 32  // requests of the server that wait for the client's response
)

var (
	errClientGone   = errors.New("the client sends no more responses")
	errTooManyAsked = errors.New("too many requests wait for the client's response")
)

// stdioClient is the client of a connection over stdio: its session, and the requests that the server sends to it.
type stdioClient struct {
	out           io.Writer // one line a write
	notifications chan mcp.JSONRPCNotification

	initialized  atomic.Bool
	logLevel     atomic.Pointer[mcp.LoggingLevel]
	info         atomic.Pointer[mcp.Implementation]
	capabilities atomic.Pointer[mcp.ClientCapabilities]
	version      atomic.Pointer[string]

	// waits is called with 1 when a request begins to wait for the client, and with -1 when it does no more.
	waits func(change int)

	mu      sync.Mutex
	gone    bool
	lastID  int64
	pending map[string]chan reply // by ID
}

// reply is the client's response to a request of the server.
type reply struct {
	result json.RawMessage
	err    error
}

var (
	_ server.ClientSession              = (*stdioClient)(nil)
	_ server.SessionWithLogging         = (*stdioClient)(nil)
	_ server.SessionWithClientInfo      = (*stdioClient)(nil)
	_ server.SessionWithProtocolVersion = (*stdioClient)(nil)
	_ server.SessionWithSampling        = (*stdioClient)(nil)
	_ server.SessionWithElicitation     = (*stdioClient)(nil)
	_ server.SessionWithRoots           = (*stdioClient)(nil)
)

func newStdioClient(out io.Writer, waits func(change int)) *stdioClient {
	return &stdioClient{
		out: out, waits: waits,
		notifications: make(chan mcp.JSONRPCNotification, maxNotifications), pending: map[string]chan reply{},
	}
}

// SessionID is that of mcp-go's own transport.
func (*stdioClient) SessionID() string { return "stdio" }

func (c *stdioClient) NotificationChannel() chan<- mcp.JSONRPCNotification { return c.notifications }

func (c *stdioClient) Initialize() {
	c.SetLogLevel(mcp.LoggingLevelError)
	c.initialized.Store(true)
}

func (c *stdioClient) Initialized() bool { return c.initialized.Load() }

func (c *stdioClient) SetLogLevel(level mcp.LoggingLevel) { c.logLevel.Store(&level) }

func (c *stdioClient) GetLogLevel() mcp.LoggingLevel {
	if level := c.logLevel.Load(); level != nil {
		return *level
	}
	return mcp.LoggingLevelError
}

func (c *stdioClient) SetClientInfo(info mcp.Implementation) { c.info.Store(&info) }

func (c *stdioClient) GetClientInfo() mcp.Implementation { return loaded(&c.info) }

func (c *stdioClient) SetClientCapabilities(capabilities mcp.ClientCapabilities) {
	c.capabilities.Store(&capabilities)
}

func (c *stdioClient) GetClientCapabilities() mcp.ClientCapabilities { return loaded(&c.capabilities) }

func (c *stdioClient) SetProtocolVersion(version string) { c.version.Store(&version) }

func (c *stdioClient) ProtocolVersion() string { return loaded(&c.version) }

// loaded returns the value behind a pointer, or the zero value.
func loaded[T any](p *atomic.Pointer[T]) (value T) {
	if v := p.Load(); v != nil {
		value = *v
	}
	return value
}

func (c *stdioClient) RequestElicitation(
	ctx context.Context, r mcp.ElicitationRequest,
) (*mcp.ElicitationResult, error) {
	return ask[mcp.ElicitationResult](ctx, c, mcp.MethodElicitationCreate, r.Params)
}

func (c *stdioClient) ListRoots(ctx context.Context, _ mcp.ListRootsRequest) (*mcp.ListRootsResult, error) {
	return ask[mcp.ListRootsResult](ctx, c, mcp.MethodListRoots, nil)
}

func (c *stdioClient) RequestSampling(
	ctx context.Context, r mcp.CreateMessageRequest,
) (*mcp.CreateMessageResult, error) {
	result, err := ask[mcp.CreateMessageResult](ctx, c, mcp.MethodSamplingCreateMessage, r.CreateMessageParams)
	if err != nil {
		return nil, err
	}
	if result.Content, err = mcp.ParseSamplingContent(result.Content); err != nil {
		return nil, fmt.Errorf("%s: read the content: %w", mcp.MethodSamplingCreateMessage, err)
	}
	return result, nil
}

// ask sends a request to the client and waits for its response.
func ask[T any](ctx context.Context, c *stdioClient, method mcp.MCPMethod, params any) (*T, error) {
	result, err := c.request(ctx, method, params)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", method, err)
	}
	value := new(T)
	if err := json.Unmarshal(result, value); err != nil {
		return nil, fmt.Errorf("%s: read the result: %w", method, err)
	}
	return value, nil
}

func (c *stdioClient) request(ctx context.Context, method mcp.MCPMethod, params any) (json.RawMessage, error) {
	id, response, err := c.open()
	if err != nil {
		return nil, err
	}
	defer c.settle(strconv.FormatInt(id, 10), reply{err: context.Canceled})
	c.waits(1)
	defer c.waits(-1)
	err = json.NewEncoder(c.out).Encode(struct {
		JSONRPC string        `json:"jsonrpc"`
		ID      int64         `json:"id"`
		Method  mcp.MCPMethod `json:"method"`
		Params  any           `json:"params,omitempty"`
	}{mcp.JSONRPC_VERSION, id, method, params})
	if err != nil {
		return nil, fmt.Errorf("send: %w", err)
	}
	select {
	case r := <-response:
		return r.result, r.err
	case <-ctx.Done():
		return nil, ctx.Err() //nolint:wrapcheck // callers distinguish a timeout
	}
}

// open returns a new ID and where its response will arrive.
func (c *stdioClient) open() (id int64, response <-chan reply, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.gone:
		return 0, nil, errClientGone
	case len(c.pending) >= maxQuestions:
		return 0, nil, errTooManyAsked
	}
	c.lastID++
	arrives := make(chan reply, 1)
	c.pending[strconv.FormatInt(c.lastID, 10)] = arrives
	return c.lastID, arrives, nil
}

// settle delivers the response to a request and reports whether one waited for it.
func (c *stdioClient) settle(key string, r reply) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	response, waits := c.pending[key]
	if waits {
		delete(c.pending, key)
		response <- r
	}
	return waits
}

// receive delivers a response of the client and reports whether a request waited for it.
func (c *stdioClient) receive(m envelope) bool {
	r := reply{result: m.result}
	if m.result == nil {
		var failure struct {
			Message string `json:"message"`
		}
		_ = json.Unmarshal(m.failure, &failure) // without a message the error still is one
		r.err = fmt.Errorf("the client failed: %s", failure.Message)
	}
	return c.settle(idKey(m.id), r)
}

// leave ends all requests that wait for the client, now and later.
func (c *stdioClient) leave() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.gone = true
	for key, response := range c.pending {
		delete(c.pending, key)
		response <- reply{err: errClientGone}
	}
}
