package client

import (
	"bytes"
	"cmp"
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
	maxErrorBody = 64 << 10  // bytes kept
	maxErrorRead = 320 << 10 // bytes read
	maxShown     = 8         // field errors that Error prints
)

// Error is an answer that is of no use: one that is not a success, or one that is and cannot be read
// ([ErrInvalidResponse]). errors.Is tells the kinds apart: [ErrNotFound], [ErrRateLimited] and so on.
//
// Its own text and those of its fields are one line each, bounded, and free of the request's credentials and of
// anything like an API key; Body and Response are as the server sent them, which is why nothing here prints them.
type Error struct { //nolint:recvcheck // a copy must not print its Body either
	// Operation is the operation's ID, such as organizations.get; "" for a request built by hand.
	Operation string `json:"operation,omitempty"`
	Method    string `json:"method"`
	// Path is the operation's path template, such as /organizations/{id}; "" for a request built by hand.
	Path string `json:"path,omitempty"`

	StatusCode int `json:"status"`
	// Code tells the failure apart from others of its status, such as entity_not_found; "" if the answer has none.
	// An OAuth 2.0 error (RFC 6749 section 5.2), such as invalid_grant, stands here too.
	Code string `json:"code,omitempty"`
	// Message is what the answer says to people: its text, or the beginning of a body that is not JSON; "" if the
	// body is empty. Several messages are joined by "; ".
	Message string `json:"message,omitempty"`
	// Errors are the fields at fault, at most 100.
	Errors []FieldError `json:"errors,omitempty"`
	// RequestID is what WorkOS support asks for, "" if the answer has none.
	RequestID string `json:"request_id,omitempty"`

	// Response is the answer, for a closer look at its headers and at the request that it answers, which is without
	// its credential. Its body is Body, to be read once more.
	Response *http.Response `json:"-"`
	// Body is the answer's, at most 64 KiB. After a step-up error it holds a token, which [Error.StepUp] reads.
	Body []byte `json:"-"`
	// Truncated tells that Body is not all of it: there was more, or the connection broke.
	Truncated bool `json:"truncated,omitempty"`

	cause error // why a success is of no use
}

// FieldError is one reason why a request was refused. Any field may be empty.
type FieldError struct {
	Field   string `json:"field,omitempty"` // as a path into the request, such as domain_data.0.domain
	Code    string `json:"code,omitempty"`  // such as required
	Message string `json:"message,omitempty"`
}

// refusal is the error of an answer that is not a success. It reads the answer and closes it.
func (c *call) refusal(resp *http.Response) *Error {
	body, truncated := readErrorBody(resp.Body)
	found := parseProblem(body)
	if len(body) > maxErrorBody {
		body, truncated = body[:maxErrorBody:maxErrorBody], true
	}
	e := c.newError(resp, body, truncated)
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
	}
	return e
}

// newError is an error that does not yet say what is wrong.
func (c *call) newError(resp *http.Response, body []byte, truncated bool) *Error {
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return &Error{
		Operation: c.operation(), Method: c.req.Method, Path: c.path(),
		StatusCode: resp.StatusCode,
		RequestID:  c.text(resp.Header.Get(headerRequestID), maxText),
		Response:   resp, Body: body, Truncated: truncated,
	}
}

// redirectMessage names the host alone: the rest of the target, and the body that repeats it, may hold a code or token.
func redirectMessage(location string) string {
	if target, err := url.Parse(location); err == nil && target.Host != "" {
		return "redirect to " + target.Scheme + "://" + target.Host + ", which is not followed"
	}
	return "redirect, which is not followed"
}

// readErrorBody reads more than an Error keeps, so that what it says is understood, and mostly to its end, so that the
// connection can be used again. It reports whether the body broke off.
func readErrorBody(body io.ReadCloser) (text []byte, broken bool) {
	defer func() { _ = body.Close() }()
	text, err := io.ReadAll(io.LimitReader(body, maxErrorRead))
	return text, err != nil
}

// ResponseError returns what the response said, without credentials, for programs that pass it on, such as an MCP
// server. Its details are the field errors, nil if there are none.
func (e *Error) ResponseError() optable.ResponseError {
	response := optable.ResponseError{
		Status: e.StatusCode, Code: e.Code, Message: e.Message, RequestID: e.RequestID,
	}
	if len(e.Errors) > 0 {
		response.Details = e.Errors
	}
	return response
}

// Error tells operation, status, code, message, the first fields at fault and the request ID, as far as known.
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
	texts := make([]string, 0, maxShown+1)
	for i, f := range e.Errors {
		if i == maxShown {
			texts = append(texts, fmt.Sprintf("and %d more", len(e.Errors)-i))
			break
		}
		texts = append(texts, cut(f.String(), maxText/maxShown))
	}
	return strings.Join(texts, "; ")
}

// String is the field and what is wrong with it.
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

// Unwrap returns why a success could not be read, such as [io.ErrUnexpectedEOF]; nil after any other status.
func (e *Error) Unwrap() error { return e.cause }

// Format writes Error for every verb, %#v too, also of a copy: Body may hold tokens.
func (e Error) Format(state fmt.State, verb rune) { redact.Format(state, verb, e.Error()) }

// LogValue gives the parts of Error as a group.
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
