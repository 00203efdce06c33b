package mcpadapter_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/shoptest"
)

// held is a large response that ends when it is let go.
type held struct {
	io.Reader

	read   *atomic.Int64
	letGo  chan struct{}
	closed bool
}

func (h *held) Read(p []byte) (int, error) {
	n, err := h.Reader.Read(p)
	h.read.Add(int64(n))
	if err == io.EOF {
		<-h.letGo
	}
	return n, err
}

func (h *held) Close() error { h.closed = true; return nil }

// Calls share the memory for large responses, whether the adapter reads them or a client below it, and small ones need
// none.
func TestLargeResponsesWaitForMemory(t *testing.T) {
	t.Parallel()
	const size = 15 << 20
	for name, whole := range map[string]bool{"streamed": false, "read by the client": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				letGo := make(chan struct{})
				var read [3]atomic.Int64
				var calls atomic.Int64
				a := shoptest.NewWith(t, func(r *http.Request) (*http.Response, error) {
					text, i := `{"id":"small"}`, calls.Add(1)-1
					if i >= int64(len(read)) {
						return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(text))}, nil
					}
					text = `{"id":"` + strings.Repeat("x", size) + `"}`
					var body io.ReadCloser = &held{Reader: strings.NewReader(text), read: &read[i], letGo: letGo}
					if whole {
						body = mcpadapter.LimitMemory(r.Context(), body)
						text, err := io.ReadAll(body)
						if err != nil {
							return nil, err
						}
						body = io.NopCloser(strings.NewReader(string(text)))
					}
					return &http.Response{StatusCode: http.StatusOK, Body: body}, nil
				})
				get := shoptest.Tool(t, a, "orders.get")
				results := make(chan mcpadapter.Result, len(read))
				for range read {
					go func() { results <- get.Invoke(t.Context(), json.RawMessage(`{"order_id":"1"}`)) }()
					synctest.Wait()
				}
				if first, second := read[0].Load(), read[1].Load(); first < size || second < size {
					t.Errorf("got %d and %d bytes read, want all", first, second)
				}
				if third := read[2].Load(); third > 1<<20 {
					t.Errorf("got %d bytes of the third response read, want few", third)
				}
				if r := get.Invoke(t.Context(), json.RawMessage(`{"order_id":"1"}`)); string(r.JSON) != `{"id":"small"}` {
					t.Errorf("got %s, want the small response", r.Text())
				}
				close(letGo)
				for range read {
					if r := <-results; r.Failure != nil {
						t.Errorf("got %s, want the response", r.Text())
					}
				}
			})
		})
	}
}

// A response takes memory by its values, too, whatever its size in bytes.
func TestAResponseOfTooManyValuesIsRefused(t *testing.T) {
	t.Parallel()
	list := func(n int) string { return `{"data":[` + strings.Repeat("1,", n) + `1]}` }
	for _, c := range []struct {
		values    int
		arguments string
		want      string
	}{
		{1_100_000, `{}`, "more than 1000000 JSON values; ask for less"},
		{600_000, `{"jq":".data|length"}`, "the response is too large for a program: it would take 37 MiB of 32; ask for less"},
		{400_000, `{"jq":".data|length"}`, `{"jq":[400001]}`},
	} {
		a := shoptest.NewWith(t, func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(list(c.values)))}, nil
		}, mcpadapter.WithShapingArguments())
		r := shoptest.Tool(t, a, "orders.list").Invoke(t.Context(), json.RawMessage(c.arguments))
		if !strings.Contains(r.Text(), c.want) {
			t.Errorf("%d: got %.300s, want %s", c.values, r.Text(), c.want)
		}
	}
}
