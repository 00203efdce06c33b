package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// connection is one of an abuser, who writes HTTP by hand.
type connection struct {
	net.Conn

	target *target
	host   string
}

// dial opens a connection, which ctx closes when it ends.
func (t *target) dial(ctx context.Context) (*connection, error) {
	u, err := url.Parse(t.url)
	if err != nil {
		return nil, fmt.Errorf("read the URL: %w", err)
	}
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", u.Host)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	return &connection{conn, t, u.Host}, nil
}

// head is that of a request with a body of so many bytes.
func (c *connection) head(key string, length int) string {
	return "POST /mcp HTTP/1.1\r\nHost: " + c.host + "\r\nAuthorization: Bearer " + key +
		"\r\nContent-Type: application/json\r\nContent-Length: " + strconv.Itoa(length) + "\r\n\r\n"
}

// idle waits for the server to close the connection.
func idle(_ context.Context, c *connection) error {
	if _, err := io.Copy(io.Discard, c); err != nil {
		return fmt.Errorf("wait for the end of the connection: %w", err)
	}
	return nil
}

// slowly sends a text and then a byte in a while, until the server responds or closes the connection.
func slowly(first, rest string) func(ctx context.Context, c *connection) error {
	return func(ctx context.Context, c *connection) error {
		if first == "" {
			first = c.head(key(kindGood, abusers), 200_000)
		}
		if _, err := io.WriteString(c, first); err != nil {
			return fmt.Errorf("send the beginning: %w", err)
		}
		go func() {
			for ctx.Err() == nil {
				if _, err := io.WriteString(c, rest); err != nil {
					return
				}
				time.Sleep(500 * time.Millisecond)
			}
		}()
		return readAnswer(c)
	}
}

// readAnswer reads one response and notes it.
func readAnswer(c *connection) error {
	response, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return fmt.Errorf("read the response: %w", err)
	}
	text, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	c.target.note(answerOf(response.StatusCode, text, err))
	return nil
}

// unread asks for something again and again and reads nothing.
func unread(body string) func(ctx context.Context, c *connection) error {
	return func(ctx context.Context, c *connection) error {
		if tcp, ok := c.Conn.(*net.TCPConn); ok {
			_ = tcp.SetReadBuffer(4 << 10)
		}
		for ctx.Err() == nil {
			if _, err := io.WriteString(c, c.head(key(kindWide, abusers), len(body))+body); err != nil {
				return fmt.Errorf("send a request: %w", err)
			}
			time.Sleep(time.Millisecond)
		}
		return nil
	}
}
