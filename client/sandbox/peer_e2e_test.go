//go:build e2e

package sandbox_test

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"strconv"
	"strings"
)

// peer is a server that is spoken to over one connection, with as little work as can be on this side of it: it has half
// of the machine on which its rate is measured.
type peer struct {
	host, key string

	conn    net.Conn
	in      *bufio.Reader
	request bytes.Buffer // the last one
	sent    int          // requests
}

func dial(url, key string) (*peer, error) {
	host := strings.TrimPrefix(url, "http://")
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", host) // which outlives no test
	if err != nil {
		return nil, err
	}
	return &peer{host: host, key: key, conn: conn, in: bufio.NewReaderSize(conn, 64<<10)}, nil
}

func (p *peer) send(method, path, body string) (answer, error) {
	p.request.Reset()
	for _, text := range []string{
		method, " ", path, " HTTP/1.1\r\nHost: ", p.host, "\r\nAuthorization: Bearer ", p.key,
	} {
		p.request.WriteString(text)
	}
	if body != "" || method != http.MethodGet {
		p.request.WriteString("\r\nContent-Length: " + strconv.Itoa(len(body)))
	}
	if body != "" {
		p.request.WriteString("\r\nContent-Type: application/json")
	}
	p.request.WriteString("\r\n\r\n" + body)
	if _, err := p.conn.Write(p.request.Bytes()); err != nil {
		return answer{}, err
	}
	p.sent++
	return p.receive()
}

// receive reads a response (RFC 9112): of its header what scenarios look at, and what says where the body ends.
func (p *peer) receive() (answer, error) {
	line, err := p.in.ReadSlice('\n')
	if err != nil {
		return answer{}, err
	}
	a := answer{header: http.Header{}}
	const status = len("HTTP/1.1 ")
	if a.status, err = strconv.Atoi(string(line[status : status+3])); err != nil {
		return answer{}, err
	}
	var body io.Reader = http.NoBody
	chunked := false
	for {
		if line, err = p.in.ReadSlice('\n'); err != nil {
			return answer{}, err
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case isHeader(name, "content-length"):
			n, err := strconv.ParseInt(string(value), 10, 64)
			if err != nil {
				return answer{}, err
			}
			body = io.LimitReader(p.in, n)
		case isHeader(name, "transfer-encoding"):
			body, chunked = httputil.NewChunkedReader(p.in), true
		case isHeader(name, "location"):
			a.header.Set("Location", string(value))
		}
	}
	var text strings.Builder
	if _, err := io.Copy(&text, body); err != nil {
		return answer{}, err
	}
	if chunked { // the end of the trailer, which is empty
		if _, err := p.in.ReadSlice('\n'); err != nil {
			return answer{}, err
		}
	}
	a.text = text.String()
	return a, nil
}

// isHeader reports whether a name is that of a header field, in any case.
func isHeader(name []byte, lower string) bool {
	return len(name) == len(lower) && bytes.EqualFold(name, []byte(lower))
}
