package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
)

// dialog is a connection with a client and a server whose tools a test releases. It lives in a bubble of
// testing/synctest.
type dialog struct {
	in      feed
	out     shared
	log     shared
	stop    context.CancelFunc // as a signal does
	release chan struct{}      // lets one call of the tool "hold" end
	started atomic.Int32       // calls of tools
	ended   atomic.Pointer[error]
}

// shared is a buffer that one goroutine writes to while another looks at it.
type shared struct {
	mu   sync.Mutex
	buf  bytes.Buffer
	fail error
}

func (s *shared) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fail != nil {
		return 0, s.fail
	}
	return s.buf.Write(b)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// feed is an input of lines; closed, it ends.
type feed chan string

func (f feed) Read(b []byte) (int, error) {
	line, ok := <-f
	if !ok {
		return 0, io.EOF
	}
	if line == "" {
		return 0, errors.New("reset")
	}
	return copy(b, line), nil
}

func talk(t *testing.T) *dialog {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	d := &dialog{in: make(feed, 100), stop: stop, release: make(chan struct{})}
	s := server.NewMCPServer("test", "1", server.WithElicitation())
	s.AddTool(mcp.NewTool("hold"), func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		d.started.Add(1)
		select {
		case <-d.release:
			return mcp.NewToolResultText("released"), nil
		case <-ctx.Done():
			return mcp.NewToolResultText("canceled"), nil
		}
	})
	s.AddTool(mcp.NewTool("ask"), func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		d.started.Add(1)
		answer, err := s.RequestElicitation(ctx, mcp.ElicitationRequest{Params: mcp.ElicitationParams{
			Message: "Well?", RequestedSchema: map[string]any{"type": "object"},
		}})
		if err != nil {
			return mcp.NewToolResultText("error: " + err.Error()), nil
		}
		return mcp.NewToolResultText(string(answer.Action)), nil
	})
	s.AddTool(mcp.NewTool("deaf"), func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		<-d.release
		return mcp.NewToolResultText("released"), nil
	})
	s.AddTool(mcp.NewTool("panic"), func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		panic("a secret")
	})
	s.AddTool(mcp.NewTool("unwritable"), func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		return &mcp.CallToolResult{StructuredContent: make(chan int)}, nil
	})
	s.AddTool(mcp.NewTool("progress"), func(ctx context.Context, _ mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		for range maxNotifications {
			_ = s.SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress), nil)
		}
		return mcp.NewToolResultText("done"), nil
	})
	go func() {
		err := Stdio(ctx, s, d.in, &d.out, slog.New(slog.NewTextHandler(&d.log, nil)))
		d.ended.Store(&err)
	}()
	return d
}

// say sends lines, each of which is handled before the next.
func (d *dialog) say(lines ...string) {
	for _, line := range lines {
		d.in <- line + "\n"
		synctest.Wait()
	}
}

// let lets calls of "hold" end.
func (d *dialog) let(n int) {
	for range n {
		d.release <- struct{}{}
		synctest.Wait()
	}
}

// wantOutput checks what has been written for each ID, and that nothing else has. Text is what a result contains.
func (d *dialog) wantOutput(t *testing.T, want ...string) {
	t.Helper()
	var got []string
	for line := range strings.Lines(d.out.String()) {
		var m struct {
			ID     json.RawMessage
			Method string
			Result struct{ Content []struct{ Text string } }
			Error  struct {
				Code    int
				Message string
			}
		}
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		text := string(m.ID) + " " + m.Method
		if len(m.Result.Content) > 0 {
			text += m.Result.Content[0].Text
		}
		if m.Error.Code != 0 {
			text += fmt.Sprint(m.Error.Code, " ", m.Error.Message)
		}
		got = append(got, text)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got %q, want %q", got, want)
	}
}

// wantEnd checks when the connection ends: at once, or after a time.
func (d *dialog) wantEnd(t *testing.T, after time.Duration) {
	t.Helper()
	if after > 0 {
		time.Sleep(after - 1)
		synctest.Wait()
		if d.ended.Load() != nil {
			t.Errorf("it ended before %v", after)
		}
		time.Sleep(1)
	}
	if synctest.Wait(); d.ended.Load() == nil {
		t.Errorf("it did not end after %v", after)
		d.stop()
		time.Sleep(drainTime + cancelTime)
	} else if err := *d.ended.Load(); err != nil {
		t.Errorf("got the error %v, want none", err)
	}
}

func toolCall(id, tool string) string {
	return `{"jsonrpc":"2.0","id":` + id + `,"method":"tools/call","params":{"name":"` + tool + `"}}`
}

func cancelOf(id string) string {
	return `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":` + id + `}}`
}
