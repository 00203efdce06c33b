package client

import (
	"cmp"
	"fmt"
	"io"
	"net/http"
)

// ResponseTooLargeError reports a success whose body is larger than the client takes; see [WithMaxResponseBytes].
// The server has carried the operation out.
type ResponseTooLargeError struct {
	Operation  string // operation ID, such as organizations.list; "" for a request built by hand
	StatusCode int
	Limit      int64 // bytes
}

// Error names the operation and the limit.
func (e *ResponseTooLargeError) Error() string {
	return fmt.Sprintf("%s: response with status %d is larger than the limit of %d bytes",
		cmp.Or(e.Operation, "request"), e.StatusCode, e.Limit)
}

// limitBody bounds the body of a response. One that is declared too large is refused at once.
func limitBody(c *call, resp *http.Response, limit int64) (*http.Response, error) {
	tooLarge := &ResponseTooLargeError{Operation: c.operation(), StatusCode: resp.StatusCode, Limit: limit}
	if resp.ContentLength > limit {
		_ = resp.Body.Close()
		return nil, tooLarge
	}
	resp.Body = &limitedBody{ReadCloser: resp.Body, call: c, left: limit, tooLarge: tooLarge}
	return resp, nil
}

type limitedBody struct {
	io.ReadCloser

	call     *call
	left     int64
	tooLarge *ResponseTooLargeError
	err      error
}

// Read asks for one byte more than is left, to tell a body that fits from a larger one.
func (b *limitedBody) Read(p []byte) (int, error) {
	if b.err != nil || len(p) == 0 {
		return 0, b.err
	}
	if int64(len(p))-1 > b.left {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	switch {
	case int64(n) > b.left:
		n, b.err = int(b.left), b.tooLarge
	case err == io.EOF: // the very value, as io.Reader has it: one that is wrapped tells of a broken body
		b.err = io.EOF
	case err != nil:
		b.err = b.call.failure(err)
	}
	b.left -= int64(n)
	return n, b.err
}
