package client

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/seed-f165d83c/workos/client/internal/redact"
	"github.com/seed-f165d83c/workos/gen/optable"
)

const (
	maxErrorBody   = 64 << 10  // bytes kept
	maxErrorRead   = 320 << 10 // bytes read
	maxShownErrors = 8         // field errors printed by Error
)

// Errors that errors.Is matches with an [Error] by status. Other statuses have only [Error.StatusCode].
var (
	ErrBadRequest   = errors.New("bad request")       // 400
	ErrUnauthorized = errors.New("unauthorized")      // 401: the credential is missing, invalid or expired
	ErrForbidden    = errors.New("forbidden")         // 403; also a sign-in that needs another step, see Error.StepUp
	ErrNotFound     = errors.New("not found")         // 404
	ErrConflict     = errors.New("conflict")          // 409
	ErrValidation   = errors.New("validation failed") // 422, or 400 with Error.Errors
	ErrRateLimited  = errors.New("rate limited")      // 429, see Error.RetryAfter
	ErrServer       = errors.New("server error")      // 5xx
	// ErrInvalidResponse is a success that cannot be read: not JSON although documented, incomplete, or of another
	// shape. The server has carried out the operation, unless the response is the page of a proxy.
	ErrInvalidResponse = errors.New("invalid response")
	// ErrResponseTooLarge is an [ErrInvalidResponse] that exceeds [WithMaxResponseBytes].
	ErrResponseTooLarge = errors.New("response too large")
)

// codeInvalidResponse is the [Error.Code] of ErrInvalidResponse.
const codeInvalidResponse = "invalid_response"

// Error is a response that is not a success, or a success that cannot be decoded ([ErrInvalidResponse]). errors.Is
// matches it with [ErrNotFound], [ErrRateLimited] and so on.
//
// Its text and text fields are single lines of limited length, without the request's credentials and anything that
// looks like an API key. Body and Response are as received; the printed forms of Error omit them.
type Error struct { //nolint:recvcheck // a copy must not print its Body either
	// Operation is the operation's ID, such as organizations.get; "" for a request built by hand.
	Operation string `json:"operation,omitempty"`
	Method    string `json:"method"`
	// Path is the operation's path template, such as /organizations/{id}; "" for a request built by hand.
	Path string `json:"path,omitempty"`

	StatusCode int `json:"status"`
	// Code is the API's error code, such as entity_not_found, or the error of an OAuth 2.0 response (RFC 6749 section
	// 5.2), such as invalid_grant; "" if the response has none.
	Code string `json:"code,omitempty"`
	// Message is the API's message, or the beginning of a body that is not JSON; "" if the body is empty. Several
	// messages are joined by "; ".
	Message string `json:"message,omitempty"`
	// Errors are the invalid fields, at most 100.
	Errors []FieldError `json:"errors,omitempty"`
	// RequestID identifies the request to WorkOS support; "" if the response has none.
	RequestID string `json:"request_id,omitempty"`

	// Response is the HTTP response. Its Request has no credential. Its Body is Body, and can be read again.
	Response *http.Response `json:"-"`
	// Body is the response's body, at most 64 KiB. After a step-up error it contains a token; see [Error.StepUp].
	Body []byte `json:"-"`
	// Truncated means that Body is incomplete: it was longer, or the connection failed.
	Truncated bool `json:"truncated,omitempty"`

	whole    []byte // all that was read of the body: a step-up error lists every organization of a user
	document []byte // the Body without credentials, if it is a JSON object
	cause    error  // why a success could not be read
}

// FieldError is an invalid field of a request. Any of its fields may be empty.
type FieldError struct {
	Field   string `json:"field,omitempty"` // path in the request, such as domain_data.0.domain
	Code    string `json:"code,omitempty"`  // such as required
	Message string `json:"message,omitempty"`
}

// statusError reads and closes a response that is not a success, and returns its error.
func (c *call) statusError(resp *http.Response) *Error {
	body, truncated := readErrorBody(resp.Body)
	found, whole := parseProblem(body), body
	if len(body) > maxErrorBody {
		body, truncated = body[:maxErrorBody:maxErrorBody], true
	}
	e := c.newError(resp, body, truncated)
	e.whole = whole
	maxMessage := maxText
	if found.raw {
		maxMessage = maxExcerpt
	}
	e.Code, e.Message = c.text(found.code, maxText), c.text(found.message, maxMessage)
	for _, f := range found.errors {
		e.Errors = append(e.Errors, FieldError{
			Field: c.text(f.Field, maxText), Code: c.text(f.Code, maxText), Message: c.text(f.Message, maxText),
		})
	}
	if isRedirect(resp) {
		e.Message = c.text(redirectMessage(resp.Header.Get("Location")), maxText)
	} else {
		e.document = c.object(body) // now, because the error must not keep the credentials
	}
	return e
}

// newError returns an error without code, message and field errors.
func (c *call) newError(resp *http.Response, body []byte, truncated bool) *Error {
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return &Error{
		Operation: c.operation(), Method: c.req.Method, Path: c.path(),
		StatusCode: resp.StatusCode,
		RequestID:  c.text(resp.Header.Get(headerRequestID), maxText),
		Response:   resp, Body: body, Truncated: truncated,
	}
}

// redirectMessage shows only the host: the rest of the target, and the body, may contain a code or token.
func redirectMessage(location string) string {
	if target, err := url.Parse(location); err == nil && target.Host != "" {
		return "redirect to " + target.Scheme + "://" + target.Host + ", which is not followed"
	}
	return "redirect, which is not followed"
}

// readErrorBody reads more than an Error keeps, so that errors are parsed whole and the connection can usually be
// reused. It reports whether reading failed.
func readErrorBody(body io.ReadCloser) (text []byte, broken bool) {
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(io.LimitReader(body, maxErrorRead))
	return text, err != nil
}

// ResponseError returns the response without the credentials of the request, for programs that pass it on, such as an
// MCP server. Details are the field errors, nil if there are none. Body is nil if it is not a whole JSON object; after
// a step-up error it contains a token (see [Error.StepUp]).
func (e *Error) ResponseError() optable.ResponseError {
	response := optable.ResponseError{
		Status: e.StatusCode, Code: e.Code, Message: e.Message, RequestID: e.RequestID,
		Body: e.document,
	}
	if len(e.Errors) > 0 {
		response.Details = e.Errors
	}
	return response
}

// Error returns operation, status, code, message, the first field errors and the request ID, as far as known.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.name())
	b.WriteString(": ")
	b.WriteString(strconv.Itoa(e.StatusCode))
	for _, part := range e.reasons() {
		b.WriteString(part)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, " (request ID %s)", e.RequestID)
	}
	return b.String()
}

func (e *Error) name() string { return cmp.Or(e.Operation, e.Method+" request") }

func (e *Error) reasons() []string {
	var parts []string
	if e.Code != "" {
		parts = append(parts, " "+e.Code)
	}
	if e.Message != "" && e.Message != e.Code {
		parts = append(parts, ": "+e.Message)
	}
	if len(e.Errors) > 0 {
		parts = append(parts, ": "+e.fields())
	}
	if text := http.StatusText(e.StatusCode); len(parts) == 0 && text != "" {
		parts = append(parts, " "+text)
	}
	return parts
}

func (e *Error) fields() string {
	texts := make([]string, 0, maxShownErrors+1)
	for i, f := range e.Errors {
		if i == maxShownErrors {
			texts = append(texts, fmt.Sprintf("and %d more", len(e.Errors)-i))
			break
		}
		texts = append(texts, cut(f.String(), maxText/maxShownErrors))
	}
	return strings.Join(texts, "; ")
}

// String returns the field and the message or code.
func (f FieldError) String() string {
	what := cmp.Or(f.Message, f.Code)
	switch {
	case f.Field == "":
		return what
	case what == "":
		return f.Field
	default:
		return f.Field + ": " + what
	}
}

// Is reports whether the error matches one of the Err… variables.
func (e *Error) Is(target error) bool {
	switch target {
	case ErrBadRequest:
		return e.StatusCode == http.StatusBadRequest
	case ErrUnauthorized:
		return e.StatusCode == http.StatusUnauthorized
	case ErrForbidden:
		return e.StatusCode == http.StatusForbidden
	case ErrNotFound:
		return e.StatusCode == http.StatusNotFound
	case ErrConflict:
		return e.StatusCode == http.StatusConflict
	case ErrValidation:
		return e.StatusCode == http.StatusUnprocessableEntity || e.StatusCode == http.StatusBadRequest && len(e.Errors) > 0
	case ErrRateLimited:
		return e.StatusCode == http.StatusTooManyRequests
	case ErrServer:
		return e.StatusCode >= http.StatusInternalServerError
	case ErrInvalidResponse:
		return e.cause != nil
	}
	return false
}

// Unwrap returns why a success could not be read, such as [io.ErrUnexpectedEOF]; nil for other statuses.
func (e *Error) Unwrap() error { return e.cause }

// Format writes Error for every verb, including %#v, because Body may contain tokens.
func (e Error) Format(state fmt.State, verb rune) { redact.Format(state, verb, e.Error()) }

// LogValue returns the parts of Error as a group.
func (e *Error) LogValue() slog.Value {
	if e == nil {
		return slog.AnyValue(nil)
	}
	attrs := []slog.Attr{slog.String("operation", e.name()), slog.Int("status", e.StatusCode)}
	for _, a := range []slog.Attr{
		slog.String("code", e.Code), slog.String("message", e.Message),
		slog.String("errors", e.fields()), slog.String("request_id", e.RequestID),
	} {
		if a.Value.String() != "" {
			attrs = append(attrs, a)
		}
	}
	return slog.GroupValue(attrs...)
}
