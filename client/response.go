package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
)

const headerRequestID = "X-Request-Id"

// Response is the metadata of a response; see [WithResponse].
type Response struct {
	// StatusCode is the status of the last response; 0 if there was none.
	StatusCode int
	// Header is the header of the same response; nil if there was none.
	Header http.Header
	// RequestID identifies the request to WorkOS support; "" if the response has none.
	RequestID string
	// RateLimit is the state of the rate limit that the call counts towards.
	RateLimit RateLimit
	// Attempts is the number of requests sent: 1 unless the call was retried, 0 if it failed before the first.
	Attempts int
	// Invalid are the paths of values that did not fit their types, such as data[0].created_at, at most 100. Their
	// fields are zero, and elements of slices and maps are missing. See [WithStrictDecoding].
	Invalid []string
	// Body is the body of a success as received; nil after a failure, for which see [Error.Body]. It may contain
	// secrets, which the printed forms of Response omit. [Response.Unknown] returns what the result's type lacks.
	Body []byte

	result reflect.Type // that Body is decoded into; nil if none
}

// capture sets the caller's [Response].
func (c *call) capture(got rawResponse, err error) {
	if c.response == nil {
		return
	}
	resp := got.resp
	if failed := (*Error)(nil); errors.As(err, &failed) {
		resp = failed.Response
	}
	*c.response = Response{Attempts: c.attempts, Body: got.body}
	if resp != nil {
		c.response.StatusCode, c.response.Header = resp.StatusCode, resp.Header
		c.response.RequestID = resp.Header.Get(headerRequestID)
		c.response.RateLimit = rateLimit(resp.Header, time.Now())
	}
}

// read reads a success and returns an error for every other response. It closes the body.
func (c *call) read(ctx context.Context, resp *http.Response) (rawResponse, error) {
	switch {
	case isSuccess(resp.StatusCode) && hasWrongContentType(c.route, resp):
		return rawResponse{}, c.wrongContentType(resp)
	case isSuccess(resp.StatusCode):
		return c.readSuccess(ctx, resp)
	case isRedirect(resp) && c.route != nil && c.route.Redirect:
		if _, err := resp.Location(); err != nil {
			return rawResponse{}, c.unreadResponse(resp, fmt.Errorf("%w: invalid URL in Location", ErrInvalidResponse))
		}
		return c.readSuccess(ctx, resp)
	}
	return rawResponse{}, c.statusError(resp)
}

func isSuccess(status int) bool {
	return status >= http.StatusOK && status < http.StatusMultipleChoices
}

// hasWrongContentType reports whether a success that is documented as JSON declares another type, as a proxy's page
// does.
func hasWrongContentType(route *optable.Route, resp *http.Response) bool {
	return documentsJSON(route, resp.StatusCode) &&
		!strings.Contains(strings.ToLower(resp.Header.Get("Content-Type")), "json")
}

func documentsJSON(route *optable.Route, status int) bool {
	return route != nil && slices.Contains(route.JSON, status)
}

func isRedirect(resp *http.Response) bool {
	return resp.StatusCode >= http.StatusMultipleChoices && resp.StatusCode < http.StatusBadRequest &&
		resp.Header.Get("Location") != ""
}

// trusted is the largest declared length that is allocated before any of the body has arrived.
const trusted = 1 << 20

// undeclared is the length for which a body without a declared one is allocated at first.
const undeclared = 8<<10 - 1

// readSuccess reads the whole body of a success, up to the limit.
func (c *call) readSuccess(ctx context.Context, resp *http.Response) (rawResponse, error) {
	if resp.ContentLength > c.maxResponse {
		return rawResponse{}, c.unreadResponse(resp, c.tooLarge())
	}
	body, complete, err := readAll(resp.Body, resp.ContentLength, c.maxResponse)
	switch {
	case err != nil:
		return rawResponse{}, c.invalidResponse(resp, body, true, &brokenBodyError{endOf(ctx, err)})
	case !complete:
		return rawResponse{}, c.invalidResponse(resp, body, true, c.tooLarge())
	}
	if isPage(c.route, resp, body) {
		return rawResponse{}, c.invalidResponse(resp, body, false, fmt.Errorf("%w: it is an HTML page: %s",
			ErrInvalidResponse, c.text(string(body), maxExcerpt)))
	}
	_ = resp.Body.Close()
	return rawResponse{resp, body}, nil
}

// isPage reports whether a success is an HTML page, as a proxy or a server at a wrong base URL returns for every
// request. No operation returns one, except those that redirect browsers. JSON that is declared as HTML is no page.
func isPage(route *optable.Route, resp *http.Response, body []byte) bool {
	media, _, _ := strings.Cut(resp.Header.Get("Content-Type"), ";")
	return route != nil && !route.Redirect && strings.EqualFold(strings.TrimSpace(media), "text/html") &&
		len(bytes.TrimSpace(body)) > 0 && !json.Valid(body)
}

// readAll reads a body of at most limit bytes. If it is longer, complete is false; then, and with an error, body is
// only its beginning. The declared length only sizes the first buffer: middleware may have replaced the body, and
// responses built by hand often declare none. Further buffers are as large as what has arrived, so that little more is
// allocated than was received. The transport reports a body that is shorter than declared.
func readAll(from io.Reader, declared, limit int64) (body []byte, complete bool, err error) {
	var full [][]byte // buffers before the last one
	var length int64  // of their bytes
	if declared < 0 {
		declared = undeclared
	}
	size := min(declared, trusted) + 1 // where the end is noticed
	last := make([]byte, 0, min(size, limit+1))
	for {
		if len(last) == cap(last) {
			full, length = append(full, last), length+int64(len(last))
			last = make([]byte, 0, min(length, limit+1-length))
		}
		n, err := from.Read(last[len(last):cap(last)])
		last = last[:len(last)+n]
		switch {
		case length+int64(len(last)) > limit:
			return beginning(append(full, last)), false, nil
		case err == io.EOF && len(full) == 0: // never wrapped by an io.Reader
			return last, true, nil
		case err == io.EOF:
			return slices.Concat(append(full, last)...), true, nil
		case err != nil:
			return beginning(append(full, last)), false, err // brokenBodyError wraps it
		}
	}
}

// beginning returns at least as much of a body in buffers as an [Error] keeps.
func beginning(buffers [][]byte) []byte {
	var body []byte
	for _, buffer := range buffers {
		if body = append(body, buffer...); len(body) >= maxErrorBody {
			break
		}
	}
	return body
}

// wrongContentType includes the beginning of the body, which is not JSON. Other invalid bodies are not shown, because
// they may contain secrets.
func (c *call) wrongContentType(resp *http.Response) error {
	body, truncated := readErrorBody(resp.Body)
	return c.invalidResponse(resp, body, truncated, fmt.Errorf("%w: Content-Type is %q, expected JSON: %s",
		ErrInvalidResponse, resp.Header.Get("Content-Type"), c.text(string(body), maxExcerpt)))
}

func (c *call) tooLarge() error {
	return fmt.Errorf("%w: larger than the limit of %d bytes", ErrResponseTooLarge, c.maxResponse)
}

// unreadResponse returns the error of a success whose body was not read. It keeps the beginning of the body.
func (c *call) unreadResponse(resp *http.Response, cause error) error {
	body, truncated := readErrorBody(resp.Body)
	return c.invalidResponse(resp, body, truncated, cause)
}

// invalidResponse returns the error of a success that cannot be used.
func (c *call) invalidResponse(resp *http.Response, body []byte, truncated bool, cause error) error {
	_ = resp.Body.Close()
	kept := body[:min(len(body), maxErrorBody):min(len(body), maxErrorBody)]
	e := c.newError(resp, kept, truncated || len(kept) < len(body))
	e.Code, e.Message, e.cause = codeInvalidResponse, c.text(cause.Error(), maxText), cause
	return e
}

// brokenBodyError reports a body that ended early.
type brokenBodyError struct{ cause error }

func (e *brokenBodyError) Error() string { return "the response body ended early: " + e.cause.Error() }

func (e *brokenBodyError) Unwrap() []error { return []error{ErrInvalidResponse, e.cause} }
