package mcpadapter

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/gen/optable/phrase"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/budget"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/forms"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
)

// Members of the result for a response that is not a JSON object. The package documentation lists them too.
const (
	dataMember        = "data"         // a bare array
	valueMember       = "value"        // any other JSON value
	locationMember    = "location"     // the target of a redirect
	textMember        = "text"         // a body that is not JSON
	contentTypeMember = "content_type" // the Content-Type of that body
)

// readResponse returns the result for a response and closes its body.
func (c *call) readResponse(ctx context.Context, resp *http.Response) Result {
	t := c.tool
	defer func() { _ = resp.Body.Close() }()
	if location := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && location != "" && t.redirects() {
		return objectResult(map[string]string{locationMember: location})
	}
	limit := t.engine.maxResponse
	body, unended, err := t.readBody(ctx, c.memory.Reader(ctx, resp.Body), resp)
	if err == nil && len(body) > budget.Free {
		err = c.work(ctx)
	}
	if err != nil {
		f := t.engine.clientFailure(ctx, err)
		f.Status = resp.StatusCode
		return failed(f)
	}
	if resp.StatusCode/100 != 2 {
		return failed(t.engine.responseFailure(resp, body[:min(len(body), int(limit))]))
	}
	if int64(len(body)) > limit {
		return failed(&Failure{
			Status: resp.StatusCode, Code: CodeRequestFailed,
			Message: fmt.Sprintf("the call succeeded, but its response has more than %d bytes; ask for less", limit),
		})
	}
	declared := resp.Header.Get("Content-Type")
	switch kind := media.KindOf(declared); {
	case kind == media.Events, kind == media.Lines && !isJSONValue(body):
		return t.stream(ctx, kind, body, unended)
	case len(body) > 0 && isBinary(kind, declared, body):
		return t.binary(ctx, resp, body)
	}
	return t.success(ctx, resp, body)
}

// redirects reports whether a redirect is a documented response.
func (t *tool) redirects() bool {
	return slices.ContainsFunc(t.operation.Responses, func(a optable.Response) bool { return a.Status/100 == 3 })
}

// success converts the body of a 2xx response to one JSON object.
func (t *tool) success(ctx context.Context, resp *http.Response, body []byte) Result {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return Result{JSON: json.RawMessage(`{}`)}
	}
	compact := bytes.NewBuffer(make([]byte, 0, len(body)))
	if err := json.Compact(compact, validText(body)); err != nil {
		if isJSON(resp) || !utf8.Valid(body) && slices.Contains(body, 0) {
			return failed(&Failure{
				Status: resp.StatusCode, Code: CodeRequestFailed,
				Message: "the call succeeded, but its body does not match its content type: " +
					beginning(body, t.engine.hides(ctx)),
			})
		}
		mediaType := resp.Header.Get("Content-Type")
		return objectResult(map[string]string{contentTypeMember: mediaType, textMember: text(mediaType, body)})
	}
	if jsontext.TooDeep(compact.Bytes()) {
		return failed(&Failure{
			Status: resp.StatusCode, Code: CodeRequestFailed,
			Message: fmt.Sprintf("the call succeeded, but its response is nested deeper than %d", jsontext.MaxDepth),
		})
	}
	if len(body) > 2*jsontext.MaxValues && jsontext.Values(compact.Bytes()) > jsontext.MaxValues { // each has a comma, too
		return failed(&Failure{
			Status: resp.StatusCode, Code: CodeRequestFailed,
			Message: fmt.Sprintf("the call succeeded, but its response has more than %d JSON values; ask for less",
				jsontext.MaxValues),
		})
	}
	text := jsontext.Escape(compact.Bytes())
	switch text[0] {
	case '{':
		return Result{JSON: text}
	case '[':
		return objectResult(map[string]json.RawMessage{dataMember: text})
	}
	return objectResult(map[string]json.RawMessage{valueMember: text})
}

// validText replaces bytes that are not UTF-8, which would make the whole MCP message invalid.
func validText(b []byte) []byte {
	if utf8.Valid(b) {
		return b
	}
	return bytes.ToValidUTF8(b, []byte(string(utf8.RuneError)))
}

func objectResult(v any) Result {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false) // a location is easier to read with its &
	if err := enc.Encode(v); err != nil {
		return failed(&Failure{Code: CodeInternal, Message: "the response cannot be written as JSON"})
	}
	return Result{JSON: jsontext.Escape(bytes.TrimSpace(b.Bytes()))}
}

func isJSON(resp *http.Response) bool {
	mediaType, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	return strings.HasSuffix(mediaType, "json")
}

// beginning returns the start of a body that cannot be read. With hide it returns nothing of what looks like JSON, any
// part of which may be a secret.
func beginning(body []byte, hide bool) string {
	text := phrase.Preview(strings.TrimSpace(phrase.Printable(body)))
	if hide && strings.ContainsAny(text, "{[") {
		return "unreadable JSON"
	}
	return text
}

// responseForms returns the forms of the result of a successful call, with an array wrapped as in the result. It is
// empty if the table describes none.
func (e *engine) responseForms(op *optable.Operation) forms.Forms {
	var list forms.Forms
	for i := range op.Responses {
		a := &op.Responses[i]
		if a.Status/100 != http.StatusOK/100 || a.Schema == nil {
			continue
		}
		for _, s := range forms.Of(e.table, a.Schema) {
			if s.Types.Has(optable.Array) && !s.Types.Has(optable.Object) {
				s = &optable.Schema{
					Types: optable.Object, Properties: []optable.Property{{Name: dataMember, Required: true, Schema: *s}},
				}
			}
			list = append(list, s)
		}
	}
	return list
}
