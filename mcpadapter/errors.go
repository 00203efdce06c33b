package mcpadapter

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/gen/optable/value"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// Codes of failures that the adapter itself reports. Every other code comes from the API.
const (
	CodeInvalidArguments = "invalid_arguments" // nothing was sent
	CodeFiltered         = "filtered"          // a [Filter] does not permit the operation; nothing was sent
	CodeRequestFailed    = "request_failed"    // no response, or an unreadable one
	CodeTimeout          = "upstream_timeout"  // the call took too long; it may have been carried out
	CodeCanceled         = "canceled"          // the caller gave up
	CodeInternal         = "internal_error"    // a fault of the adapter or the client
)

// Failure is a call that did not succeed, for people and models. It contains no credential.
type Failure struct {
	Status    int             `json:"status,omitempty"` // HTTP status; 0: no response
	Code      string          `json:"code"`
	Message   string          `json:"message"`
	RequestID string          `json:"request_id,omitempty"`
	Arguments []Problem       `json:"arguments,omitempty"`
	Example   json.RawMessage `json:"example,omitempty"` // valid arguments, if those given are not
	Details   json.RawMessage `json:"details,omitempty"` // what else the API said, such as errors by field
	Advice    string          `json:"advice,omitempty"`  // what it means for the operation, and what to do next
	// RetryAfter is how many seconds the API asks to wait before the next call; 0: not stated.
	RetryAfter int `json:"retry_after,omitempty"`

	Confirmation *PendingConfirmation `json:"confirmation,omitempty"` // with CodeConfirmationRequired
}

// String returns the failure in a few sentences.
func (f *Failure) String() string {
	var b strings.Builder
	if f.Status != 0 {
		b.WriteString(strconv.Itoa(f.Status) + " ")
	}
	b.WriteString(jsontext.OneLine(f.Code))
	if f.Message != "" {
		b.WriteString(": " + jsontext.OneLine(f.Message))
	}
	for _, p := range f.Arguments {
		b.WriteString("\n- " + p.String())
	}
	if len(f.Example) > 0 {
		b.WriteString("\nExample: " + string(f.Example))
	}
	if len(f.Details) > 0 {
		var details bytes.Buffer // on one line
		if json.Compact(&details, f.Details) == nil {
			b.WriteString("\nDetails: " + string(jsontext.Escape(details.Bytes())))
		}
	}
	if f.Confirmation != nil {
		b.WriteString("\nQuestion: " + f.Confirmation.Question + "\nToken: " + f.Confirmation.Token)
	}
	if f.RequestID != "" {
		b.WriteString("\nRequest ID: " + jsontext.OneLine(f.RequestID))
	}
	if f.Advice != "" {
		b.WriteString("\n" + f.Advice)
	}
	return b.String()
}

// Result returns the failure as the result of a call.
func (f *Failure) Result() Result { return failed(f) }

// brief returns the failure in half a sentence.
func (f *Failure) brief() string {
	text := f.Code
	if f.Status != 0 {
		text = strconv.Itoa(f.Status) + " " + text
	}
	if f.Message != "" {
		text += ", " + strings.TrimSuffix(phrase.Preview(f.Message), ".")
	}
	return jsontext.OneLine(text)
}

// statusCode returns the code of a failure whose response names none, such as not_found for 404.
func statusCode(status int) string {
	text := http.StatusText(status)
	if text == "" {
		return "http_" + strconv.Itoa(status)
	}
	return strings.ToLower(strings.NewReplacer(" ", "_", "-", "_", "'", "").Replace(text))
}

func invalidArguments(message string, problems []Problem) *Failure {
	f := &Failure{Code: CodeInvalidArguments, Arguments: problems, Message: message}
	if len(problems) == value.MaxProblems {
		f.Message += fmt.Sprintf("; the first %d problems", value.MaxProblems)
	}
	return f
}

func failed(f *Failure) Result {
	text, err := json.Marshal(struct {
		Error *Failure `json:"error"`
	}{f})
	if err != nil { // Details is not JSON
		f.Details = nil
		return failed(f)
	}
	return Result{JSON: jsontext.Escape(text), Failure: f}
}

// maxShortProblem is how many characters a shortened failure keeps of the path of an argument and of its problem.
const maxShortProblem = 200

// limited shortens a failure to a limit in bytes, 0 for none: it drops the details first, then shortens the message and
// the problems, then drops the example and as many problems as necessary. The question of a confirmation stays whole.
func (r Result) limited(limit int) Result {
	if limit == 0 || r.Failure == nil || len(r.JSON) <= limit || r.Failure.Confirmation != nil {
		return r
	}
	f := *r.Failure
	if f.Details != nil {
		f.Details = jsontext.AppendString(nil, "left out: too large")
		if short := failed(&f); len(short.JSON) <= limit {
			return short
		}
	}
	f.Message, f.Code, f.RequestID = phrase.Preview(f.Message), phrase.Preview(f.Code), phrase.Preview(f.RequestID)
	f.Arguments = slices.Clone(f.Arguments)
	for i := range f.Arguments {
		p := &f.Arguments[i]
		p.Argument, p.Message = phrase.Shorten(p.Argument, maxShortProblem), phrase.Shorten(p.Message, maxShortProblem)
	}
	short := failed(&f)
	if len(short.JSON) > limit {
		f.Example = nil
		short = failed(&f)
	}
	for n := len(f.Arguments); n > 1 && len(short.JSON) > limit; n-- {
		f.Arguments = f.Arguments[:n-1]
		short = failed(&f)
	}
	return short
}

// ErrorWithResponse is an error of a client with the response of the API, which becomes a failure with all of it. Other
// errors are described by [WithFailures] or by their text. If it also has a method
//
//	RetryAfter() (wait time.Duration, given bool)
//
// the failure has that wait.
type ErrorWithResponse interface {
	error
	ResponseError() optable.ResponseError
}

// UnsentError is an error of a client's transport that has not sent the request, such as one that limits requests. The
// call fails with its failure, whatever [WithFailures] says.
type UnsentError interface {
	error
	Failure() *Failure
}

func (e *engine) failureOf(err ErrorWithResponse) *Failure {
	response := err.ResponseError()
	f := &Failure{
		Status: response.Status, Code: response.Code, Message: response.Message, RequestID: response.RequestID,
	}
	if f.Code == "" {
		f.Code = statusCode(f.Status)
	}
	if asks, ok := err.(interface{ RetryAfter() (time.Duration, bool) }); ok {
		if wait, given := asks.RetryAfter(); given {
			f.RetryAfter = wholeSeconds(wait)
		}
	}
	if response.Details != nil {
		if text, err := json.Marshal(response.Details); err == nil {
			f.Details = text
		}
	}
	_, all := errorMembers(e.errorJSON(response.Body))
	if more := f.beside(all); slices.ContainsFunc(more, func(m jsontext.Member) bool { return !isDetails(m) }) {
		f.Details = jsontext.AppendObject(nil, more)
	}
	return f
}

// clientFailure returns the failure for an error of the client.
func (e *engine) clientFailure(ctx context.Context, err error) *Failure {
	if e.describeError != nil {
		if f, ok := e.describeError(err); ok && f != nil {
			own := *f // to add to
			return &own
		}
	}
	if refused := ErrorWithResponse(nil); errors.As(err, &refused) {
		return e.failureOf(refused)
	}
	if ctx.Err() != nil {
		return &Failure{Code: CodeCanceled, Message: "the call was canceled or ran out of time; it may have been sent"}
	}
	// The text of a url.Error has the whole URL, whose query may hold a secret.
	if u := new(url.Error); errors.As(err, &u) {
		err = u.Err
	}
	return &Failure{Code: CodeRequestFailed, Message: err.Error()}
}

// responseFailure returns the failure for an error response, leniently: from the usual members if it has them,
// otherwise from its first words. All other members are details. It hides values whose names mark them as secret, such
// as the token of a step-up.
func (e *engine) responseFailure(resp *http.Response, body []byte) *Failure {
	f := &Failure{
		Status: resp.StatusCode, Code: statusCode(resp.StatusCode),
		RequestID: resp.Header.Get("X-Request-Id"), RetryAfter: retryAfter(resp.Header),
	}
	switch text := e.errorJSON(body); {
	case text == nil:
		f.Message = beginning(validText(body), true)
	case text[0] != '{':
		f.Message = beginning(text, false)
	default:
		f.read(text)
	}
	return f
}

// maxRetryAfter is the longest wait that a failure reports.
const maxRetryAfter = 24 * time.Hour

// retryAfter returns the wait that a response asks for, in seconds or as a date (RFC 9110 section 10.2.3), in whole
// seconds from now; 0: none.
func retryAfter(header http.Header) int {
	text := header.Get("Retry-After")
	if seconds, err := strconv.ParseUint(text, 10, 32); err == nil {
		return wholeSeconds(time.Duration(seconds) * time.Second)
	}
	if date, err := http.ParseTime(text); err == nil {
		return wholeSeconds(time.Until(date))
	}
	return 0
}

// wholeSeconds rounds a wait up to seconds.
func wholeSeconds(wait time.Duration) int {
	if wait <= 0 {
		return 0
	}
	return int((min(wait, maxRetryAfter) + time.Second - 1) / time.Second)
}

// UnknownToolError reports a name that no tool has.
type UnknownToolError struct {
	Name    string
	Nearest []string // best first; may be empty
	Skipped *Skipped // why the operation of that name is not a tool; nil: there is none
}

func (e *UnknownToolError) Error() string {
	text := fmt.Sprintf("unknown tool %q", e.Name)
	switch {
	case e.Skipped != nil:
		text += ": " + e.Skipped.String()
	case len(e.Nearest) > 0:
		text += "; did you mean " + strings.Join(e.Nearest, " or ") + "?"
	}
	return text
}

// errorJSON returns the body of an error response without its secrets, whose names mark them as such, or nil if it is
// not JSON.
func (e *engine) errorJSON(body []byte) json.RawMessage {
	var compact bytes.Buffer
	if json.Compact(&compact, validText(body)) != nil || compact.Len() == 0 || jsontext.TooDeep(compact.Bytes()) {
		return nil
	}
	return e.hider().Append(nil, compact.Bytes(), nil)
}

// errorMembers lists the members of an error response. Some APIs have those of the error in a member of their own, as
// in {"error": {"code": …}}: only these are the error's, and they are first. There are none if the body is no object.
func errorMembers(body json.RawMessage) (own, all []jsontext.Member) {
	all = jsontext.Members(body)
	for i, m := range all {
		if m.Name == "error" && m.Value[0] == '{' {
			own = jsontext.Members(m.Value)
			return own, slices.Concat(own, all[:i], all[i+1:])
		}
	}
	return all, all
}

// read takes the code and the message from the members of an error response, in the order of preference. All others
// are details.
func (f *Failure) read(body json.RawMessage) {
	own, all := errorMembers(body)
	f.Code = cmp.Or(first(own, "code", "error"), f.Code)
	f.Message = first(own, "message", "error_description", "detail", "title")
	more := f.beside(all)
	if f.Message == "" && !slices.ContainsFunc(more, isDetails) {
		text := strings.TrimSpace(phrase.Printable(body))
		if f.Message = phrase.Preview(text); f.Message == text {
			return
		}
	}
	switch {
	case len(more) == 1 && isDetails(more[0]):
		f.Details = more[0].Value
	case len(more) > 0:
		f.Details = jsontext.AppendObject(nil, more)
	}
}

// isDetails reports whether a member holds details by its name.
func isDetails(m jsontext.Member) bool { return m.Name == "errors" || m.Name == "details" }

// beside returns the members of an error response that the failure does not say yet, each name once.
func (f *Failure) beside(members []jsontext.Member) []jsontext.Member {
	var more []jsontext.Member
	for _, m := range members {
		known := slices.ContainsFunc(more, func(other jsontext.Member) bool { return other.Name == m.Name })
		if !known && !f.says(m) {
			more = append(more, m)
		}
	}
	return more
}

// says reports whether a member of the response adds nothing to the failure.
func (f *Failure) says(m jsontext.Member) bool {
	switch text := string(m.Value); text {
	case `""`, "[]", "{}", "null", `"about:blank"`: // the last one is the type of no problem in particular (RFC 9457)
		return true
	case strconv.Itoa(f.Status):
		return strings.HasPrefix(strings.ToLower(m.Name), "status")
	}
	text, ok := jsontext.String(m.Value)
	return ok && (text == f.Code || text == f.Message || text == f.RequestID)
}

// first returns the first of the members that is a text and not empty, in the order of the names, or "".
func first(members []jsontext.Member, names ...string) string {
	for _, name := range names {
		for _, m := range members {
			if text, ok := jsontext.String(m.Value); ok && m.Name == name && text != "" {
				return text
			}
		}
	}
	return ""
}
