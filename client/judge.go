package client

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// judge reads a success and makes an error of everything else. It closes the body.
func (c *call) judge(resp *http.Response) (answer, error) {
	switch {
	case isSuccess(resp.StatusCode) && isMislabelled(c.route, resp):
		return answer{}, c.mislabelled(resp)
	case isSuccess(resp.StatusCode):
		return c.read(resp)
	case isRedirect(resp) && c.route != nil && c.route.Redirect:
		if _, err := resp.Location(); err != nil {
			return answer{}, c.unusable(resp, fmt.Errorf("%w: its Location is no URL", ErrInvalidResponse))
		}
		return c.read(resp)
	}
	return answer{}, c.refusal(resp)
}

func isSuccess(status int) bool {
	return status >= http.StatusOK && status < http.StatusMultipleChoices
}

// isMislabelled tells whether a success that is documented as JSON says that it is something else, such as the page of
// a proxy.
func isMislabelled(route *optable.Route, resp *http.Response) bool {
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

// trusted is the largest declared length for which memory is set aside before any of it has come.
const trusted = 1 << 20

// read takes the whole body of a success, bounded.
func (c *call) read(resp *http.Response) (answer, error) {
	if resp.ContentLength > c.maxResponse {
		return answer{}, c.unusable(resp, c.tooLarge())
	}
	body, err := readAll(resp.Body, resp.ContentLength, c.maxResponse)
	switch {
	case int64(len(body)) > c.maxResponse:
		return answer{}, c.failed(resp, body, true, c.tooLarge())
	case err != nil:
		return answer{}, c.failed(resp, body, true, &brokenBodyError{err})
	}
	_ = resp.Body.Close()
	return answer{resp, body}, nil
}

// readAll reads up to one byte more than limit. The declared length says how much memory to set aside and no more:
// middleware may have put another body in place, and a response made by hand often declares none. That a body is
// shorter than the server has declared is for the transport to tell.
func readAll(from io.Reader, declared, limit int64) ([]byte, error) {
	var body bytes.Buffer
	body.Grow(int(min(max(declared, 0), trusted)) + bytes.MinRead)
	_, err := body.ReadFrom(io.LimitReader(from, limit+1))
	return body.Bytes(), err
}

// mislabelled shows the beginning of a success that says itself that it is no JSON, such as the page of a proxy. Other
// answers are not shown, as they may hold secrets.
func (c *call) mislabelled(resp *http.Response) error {
	body, truncated := readErrorBody(resp.Body)
	return c.failed(resp, body, truncated, fmt.Errorf("%w: Content-Type is %q, expected JSON: %s", ErrInvalidResponse,
		resp.Header.Get("Content-Type"), c.text(string(body), maxExcerpt)))
}

func (c *call) tooLarge() error {
	return fmt.Errorf("%w: larger than the limit of %d bytes", ErrResponseTooLarge, c.maxResponse)
}

// unusable is the error of a success whose body was not read. Its beginning is kept.
func (c *call) unusable(resp *http.Response, cause error) error {
	body, truncated := readErrorBody(resp.Body)
	return c.failed(resp, body, truncated, cause)
}

// failed is the error of a success that is of no use. Its body is kept as far as an [Error] keeps it.
func (c *call) failed(resp *http.Response, body []byte, truncated bool, cause error) error {
	_ = resp.Body.Close()
	kept := body[:min(len(body), maxErrorBody):min(len(body), maxErrorBody)]
	e := c.newError(resp, kept, truncated || len(kept) < len(body))
	e.Code, e.Message, e.cause = codeInvalidResponse, c.text(cause.Error(), maxText), cause
	return e
}

// brokenBodyError is an answer that ended before its end.
type brokenBodyError struct{ cause error }

func (e *brokenBodyError) Error() string { return "the answer broke off: " + e.cause.Error() }

func (e *brokenBodyError) Unwrap() []error { return []error{ErrInvalidResponse, e.cause} }
