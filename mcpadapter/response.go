package mcpadapter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
)

// answer makes the result of a response and closes its body.
func (t *tool) answer(ctx context.Context, resp *http.Response) Result {
	defer func() { _ = resp.Body.Close() }()
	if location := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && location != "" && t.redirects() {
		return object(map[string]string{"location": location})
	}
	limit := t.engine.maxResponse
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		f := t.engine.describe(ctx, err)
		f.Status = resp.StatusCode
		return failed(f)
	}
	if resp.StatusCode/100 != 2 {
		return failed(t.engine.responseFailure(resp, body[:min(len(body), int(limit))]))
	}
	if int64(len(body)) > limit {
		return failed(&Failure{
			Status: resp.StatusCode, Code: CodeRequestFailed,
			Message: fmt.Sprintf("the call succeeded, but its answer has more than %d bytes; ask for less", limit),
		})
	}
	return t.success(ctx, resp, body)
}

// redirects tells whether a redirect is a documented answer.
func (t *tool) redirects() bool {
	return slices.ContainsFunc(t.operation.Responses, func(a optable.Response) bool { return a.Status/100 == 3 })
}

// success makes one JSON object of whatever came with a 2xx status.
func (t *tool) success(ctx context.Context, resp *http.Response, body []byte) Result {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return Result{JSON: json.RawMessage(`{}`)}
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, validText(body)); err != nil {
		if isJSON(resp) || !utf8.Valid(body) {
			return failed(&Failure{
				Status: resp.StatusCode, Code: CodeRequestFailed,
				Message: "the call succeeded, but its answer is not what it says it is: " + beginning(body, t.engine.hides(ctx)),
			})
		}
		return object(map[string]string{"content_type": resp.Header.Get("Content-Type"), "text": string(body)})
	}
	if jsontext.TooDeep(compact.Bytes()) {
		return failed(&Failure{
			Status: resp.StatusCode, Code: CodeRequestFailed,
			Message: fmt.Sprintf("the call succeeded, but its answer is nested deeper than %d", jsontext.MaxDepth),
		})
	}
	text := jsontext.Escape(compact.Bytes())
	switch text[0] {
	case '{':
		return Result{JSON: text}
	case '[':
		return object(map[string]json.RawMessage{bareArray: text})
	}
	return object(map[string]json.RawMessage{"value": text})
}

// validText replaces bytes that are no UTF-8, which would make the whole MCP message unreadable.
func validText(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	return bytes.ToValidUTF8(b, []byte(string(utf8.RuneError)))
}

func object(v any) Result {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // a location is easier to read with its &
	if err := enc.Encode(v); err != nil {
		return failed(&Failure{Code: CodeInternal, Message: "the answer cannot be written as JSON"})
	}
	return Result{JSON: jsontext.Escape(bytes.TrimSpace(b.Bytes()))}
}

func isJSON(resp *http.Response) bool {
	mediaType, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return strings.HasSuffix(mediaType, "json")
}

// beginning is how an answer begins that cannot be read. With hide it tells nothing of what looks like JSON: any part
// of that may be a secret.
func beginning(body []byte, hide bool) string {
	text := phrase.Preview(strings.TrimSpace(phrase.Printable(body)))
	if hide && strings.ContainsAny(text, "{[") {
		return "unreadable JSON"
	}
	return text
}

// responseFailure reads an error answer as leniently as it can: the usual fields if they are there, else its first
// words. What goes by the name of a secret, such as the token of a step-up, is hidden.
func (e *engine) responseFailure(resp *http.Response, body []byte) *Failure {
	f := &Failure{
		Status: resp.StatusCode, Code: statusCode(resp.StatusCode),
		RequestID: resp.Header.Get("X-Request-Id"), RetryAfter: retryAfter(resp.Header),
	}
	body = validText(body)
	var compact bytes.Buffer
	if json.Compact(&compact, body) != nil || compact.Len() == 0 || jsontext.TooDeep(compact.Bytes()) {
		f.Message = beginning(body, true)
		return f
	}
	body = e.withoutSecrets(nil, compact.Bytes(), nil)
	var fields, nested map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil {
		f.Message = beginning(body, false)
		return f
	}
	if json.Unmarshal(fields["error"], &nested) == nil && nested != nil {
		fields = nested // {"error": {"code": …, "message": …}}
	}
	f.Code = first(fields, f.Code, "code", "error")
	f.Message = first(fields, "", "message", "error_description", "detail", "title")
	for _, name := range []string{"errors", "details"} {
		if details := fields[name]; len(details) > 2 && f.Details == nil {
			f.Details = details
		}
	}
	if f.Message == "" && f.Details == nil {
		f.Message = phrase.Preview(strings.TrimSpace(phrase.Printable(body)))
	}
	return f
}

// first returns the first of the fields that is a text.
func first(fields map[string]json.RawMessage, otherwise string, names ...string) string {
	for _, name := range names {
		var text string
		if json.Unmarshal(fields[name], &text) == nil && text != "" {
			return text
		}
	}
	return otherwise
}
