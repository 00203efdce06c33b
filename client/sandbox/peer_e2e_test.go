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
	"slices"
	"strconv"
	"strings"
)

// peer is a server that is spoken to over one connection, with as little work as can be on this side of it: it has half
// of the machine on which its rate is measured.
type peer struct {
	host, key string

	conn    net.Conn
	in      *bufio.Reader
	request []byte // the last one
	sent    int    // requests

	status   int // of the last response, as what follows
	location string
	body     []byte // until the next one
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
	if err := p.exchange(method, path, body); err != nil {
		return answer{}, err
	}
	return answer{status: p.status, header: http.Header{"Location": {p.location}}, text: string(p.body)}, nil
}

// exchange puts a request and reads the response.
func (p *peer) exchange(method, path, body string) error {
	b := append(append(append(p.request[:0], method...), ' '), path...)
	b = append(append(b, " HTTP/1.1\r\nHost: "...), p.host...)
	b = append(append(b, "\r\nAuthorization: Bearer "...), p.key...)
	if body != "" || method != http.MethodGet {
		b = strconv.AppendInt(append(b, "\r\nContent-Length: "...), int64(len(body)), 10)
	}
	if body != "" {
		b = append(b, "\r\nContent-Type: application/json"...)
	}
	p.request = append(append(b, "\r\n\r\n"...), body...)
	if _, err := p.conn.Write(p.request); err != nil {
		return err
	}
	p.sent++
	return p.receive()
}

// receive reads a response (RFC 9112): of its header what scenarios look at, and what says where the body ends.
func (p *peer) receive() error {
	line, err := p.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	const status = len("HTTP/1.1 ")
	if p.status, err = strconv.Atoi(string(line[status : status+3])); err != nil {
		return err
	}
	length, chunked := 0, false
	p.location = ""
	for {
		if line, err = p.in.ReadSlice('\n'); err != nil {
			return err
		}
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case isHeader(name, "content-length"):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return err
			}
		case isHeader(name, "transfer-encoding"):
			chunked = true
		case isHeader(name, "location"):
			p.location = string(value)
		}
	}
	if chunked {
		return p.receiveChunks()
	}
	p.body = slices.Grow(p.body[:0], length)[:length]
	_, err = io.ReadFull(p.in, p.body)
	return err
}

func (p *peer) receiveChunks() (err error) {
	if p.body, err = io.ReadAll(httputil.NewChunkedReader(p.in)); err != nil {
		return err
	}
	_, err = p.in.ReadSlice('\n') // the end of the trailer, which is empty
	return err
}

// isHeader reports whether a name is that of a header field, in any case.
func isHeader(name []byte, lower string) bool {
	return len(name) == len(lower) && bytes.EqualFold(name, []byte(lower))
}
