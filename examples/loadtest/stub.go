package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// stubRole is the subcommand of the process that stands for the API.
const stubRole = "stub"

// Kinds of keys. A key is sk_KIND_NUMBER, and the stub responds to it as its kind says.
const (
	kindGood    = "good"    // an organization, or a page of ten
	kindInvalid = "invalid" // 401
	kindLarge   = "large"   // a gigabyte with its length
	kindEndless = "endless" // a list that does not end
	kindBomb    = "bomb"    // a gigabyte in a megabyte of gzip
	kindHung    = "hung"    // nothing
	kindDrip    = "drip"    // a byte in a while
	kindCursors = "cursors" // pages of a hundred, each with another cursor
	kindNumbers = "numbers" // 15 MB of small numbers
	kindWide    = "wide"    // a page of a hundred large organizations
)

const organization = `{"object":"organization","id":"org_01","name":"Acme",` +
	`"allow_profiles_outside_organization":false,"domains":[],` +
	`"created_at":"2026-01-01T00:00:00.000Z","updated_at":"2026-01-01T00:00:00.000Z"}`

const gigabyte = 1 << 30

// serveStub serves the stub at a URL, the first line of its output, until its input ends.
func serveStub(ctx context.Context, in io.Reader, out io.Writer) error {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	s := &http.Server{Handler: newStub(), ReadHeaderTimeout: time.Minute}
	go func() { _ = s.Serve(listener) }()
	fmt.Fprintf(out, "http://%s\n", listener.Addr())
	_, _ = io.Copy(io.Discard, in)
	if err := s.Close(); err != nil {
		return fmt.Errorf("end the stub: %w", err)
	}
	return nil
}

// stub is the API.
type stub struct {
	cursor  atomic.Int64
	network sync.Mutex
	bomb    func() []byte
	numbers func() []byte
	wide    func() []byte
}

func newStub() *stub {
	return &stub{
		bomb: sync.OnceValue(func() []byte {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = io.WriteString(z, `{"name":"`)
			_, _ = io.Copy(z, io.LimitReader(repeated(" "), gigabyte))
			_ = z.Close()
			return b.Bytes()
		}),
		numbers: sync.OnceValue(func() []byte {
			const n = 7_500_000
			return []byte(`{"object":"list","data":[` + strings.Repeat("1,", n) + `1],"list_metadata":{}}`)
		}),
		wide: sync.OnceValue(func() []byte { return page(100, strings.Repeat("x", 5000), "") }),
	}
}

func (s *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	kind, _, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer sk_"), "_")
	w.Header().Set("Content-Type", "application/json")
	switch kind {
	case kindInvalid:
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"message":"Unauthorized"}`)
	case kindLarge:
		w.Header().Set("Content-Length", strconv.Itoa(gigabyte))
		_, _ = io.Copy(w, io.LimitReader(paced{repeated("[1,2,3],"), &s.network}, gigabyte))
	case kindEndless:
		_, _ = io.WriteString(w, `{"data":[`)
		_, _ = io.Copy(w, paced{repeated(organization + ","), &s.network})
	case kindBomb:
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(s.bomb())
	case kindHung:
		<-r.Context().Done()
	case kindDrip:
		for r.Context().Err() == nil {
			_, _ = io.WriteString(w, " ")
			_ = http.NewResponseController(w).Flush()
			time.Sleep(time.Second)
		}
	case kindCursors:
		_, _ = w.Write(page(100, "Acme", strconv.FormatInt(s.cursor.Add(1), 10)))
	case kindNumbers:
		_, _ = w.Write(s.numbers())
	case kindWide:
		_, _ = w.Write(s.wide())
	default:
		if strings.HasSuffix(r.URL.Path, "/organizations") {
			_, _ = w.Write(page(10, "Acme", ""))
			return
		}
		_, _ = io.WriteString(w, organization)
	}
}

// page returns a page of organizations with a name. The cursor is that of the next page; "": there is none.
func page(n int, name, cursor string) []byte {
	one := strings.Replace(organization, "Acme", name, 1)
	if cursor = `"` + cursor + `"`; cursor == `""` {
		cursor = "null"
	}
	return []byte(`{"object":"list","data":[` + strings.TrimSuffix(strings.Repeat(one+",", n), ",") +
		`],"list_metadata":{"before":null,"after":` + cursor + `}}`)
}

// repeated reads a text again and again. It must divide a power of two or the end of a read cuts it, which matters to
// nobody here.
func repeated(text string) io.Reader {
	const block = 64 << 10
	return repeating(strings.Repeat(text, block/len(text)))
}

// paced reads like a network that all responses share: at full speed, this process would take all processors.
type paced struct {
	io.Reader

	network *sync.Mutex
}

func (p paced) Read(b []byte) (int, error) {
	p.network.Lock()
	time.Sleep(300 * time.Microsecond) // about 100 MB/s
	p.network.Unlock()
	return p.Reader.Read(b) //nolint:wrapcheck // io.EOF ends it
}

type repeating string

func (r repeating) Read(p []byte) (int, error) { return copy(p, r), nil }
