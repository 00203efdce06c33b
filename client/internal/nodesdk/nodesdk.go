// Package nodesdk calls methods of the official Node SDK in tests, because other services of a
// company may run it: each SDK must verify and open what the other signs and seals. .ci/e2e/peer.mjs is the other end.
package nodesdk

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// Peer is a process of Node.js that runs the SDK. It is safe for concurrent use; calls run one after the other.
type Peer struct {
	mu  sync.Mutex
	in  io.Writer
	out *bufio.Reader
}

// Bytes is an argument that arrives as a Uint8Array, or a result that was one.
type Bytes []byte

// bytesJSON is how peer.mjs writes bytes.
type bytesJSON struct {
	Base64 []byte `json:"$bytes"`
}

// MarshalJSON writes the bytes as peer.mjs reads them.
func (b Bytes) MarshalJSON() ([]byte, error) {
	return json.Marshal(bytesJSON{b}) //nolint:wrapcheck // encoding/json names the type
}

// UnmarshalJSON reads the bytes as peer.mjs writes them.
func (b *Bytes) UnmarshalJSON(data []byte) error {
	var wire bytesJSON
	if err := json.Unmarshal(data, &wire); err != nil {
		return fmt.Errorf("bytes: %w", err)
	}
	*b = wire.Base64
	return nil
}

// Error is what a method has thrown.
type Error struct {
	Name    string `json:"name"`
	Message string `json:"message"`
}

// Error is the name of the exception and its message.
func (e *Error) Error() string { return e.Name + ": " + e.Message }

// Start runs the SDK until the test ends. A test that asks for it fails where Node.js or the package is missing:
// `npm ci --prefix .ci/e2e` installs both.
func Start(tb testing.TB) *Peer {
	tb.Helper()
	return start(tb)
}

// StartWithAPI is [Start] for methods that call the API, which is at that URL, such as one of a httptest.Server.
func StartWithAPI(tb testing.TB, baseURL string) *Peer {
	tb.Helper()
	return start(tb, baseURL)
}

func start(tb testing.TB, args ...string) *Peer {
	tb.Helper()
	dir := filepath.Join(root(tb), ".ci", "e2e")
	cmd := exec.CommandContext(tb.Context(), //nolint:gosec // a path in this repository
		filepath.Join(dir, "node_modules", ".bin", "node"), append([]string{filepath.Join(dir, "peer.mjs")}, args...)...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		tb.Fatalf("node SDK: %v", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		tb.Fatalf("node SDK: %v", err)
	}
	if err := cmd.Start(); err != nil {
		tb.Fatalf("node SDK: %v (install it with: npm ci --prefix .ci/e2e)", err)
	}
	tb.Cleanup(func() {
		_ = in.Close() // its loop ends with its input
		_ = cmd.Wait() // or is killed, as the test's context has ended
	})
	return &Peer{in: in, out: bufio.NewReader(out)}
}

// Call runs a method, such as "webhooks.verifyHeader", and decodes what it returns into result, unless that is nil.
// The error is an [*Error] if the method has thrown; any other failure ends the test.
func (p *Peer) Call(tb testing.TB, method string, result any, args ...any) error {
	tb.Helper()
	return p.call(tb, result, request{Method: method, Args: append([]any{}, args...)})
}

// Time returns how long a method takes, on average over so many calls within the process of Node.js. It makes as many
// before, which compile it.
func (p *Peer) Time(tb testing.TB, method string, times int, args ...any) time.Duration {
	tb.Helper()
	var total float64 // milliseconds
	for range 2 {
		if err := p.call(tb, &total, request{Method: method, Args: args, Times: times}); err != nil {
			tb.Fatalf("node SDK: %s: %v", method, err)
		}
	}
	return time.Duration(total * float64(time.Millisecond) / float64(times))
}

// request is what peer.mjs reads.
type request struct {
	Method string `json:"call"`
	Args   []any  `json:"args"`
	Times  int    `json:"times,omitempty"`
}

func (p *Peer) call(tb testing.TB, result any, req request) error {
	tb.Helper()
	method := req.Method
	line, err := json.Marshal(req)
	if err != nil {
		tb.Fatalf("node SDK: %s: encode the arguments: %v", method, err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if _, err := p.in.Write(append(line, '\n')); err != nil {
		tb.Fatalf("node SDK: %s: %v", method, err)
	}
	line, err = p.out.ReadBytes('\n')
	if err != nil {
		tb.Fatalf("node SDK: %s: it has ended: %v", method, err)
	}
	var answer struct {
		Result json.RawMessage `json:"result"`
		Error  *Error          `json:"error"`
	}
	if err := json.Unmarshal(line, &answer); err != nil {
		tb.Fatalf("node SDK: %s: decode %s: %v", method, line, err)
	}
	if answer.Error != nil {
		return answer.Error
	}
	if result == nil {
		return nil
	}
	if err := json.Unmarshal(answer.Result, result); err != nil {
		tb.Fatalf("node SDK: %s: decode the result %s: %v", method, answer.Result, err)
	}
	return nil
}

// root is the directory of go.mod, above the package under test.
func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatalf("node SDK: %v", err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			tb.Fatal("node SDK: no go.mod above the working directory")
		}
		dir = parent
	}
}
