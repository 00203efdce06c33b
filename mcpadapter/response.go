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

// Members of the result for a response that is not a JSON object: see [Tool.Invoke].
const (
	dataMember        = "data"         // a bare array
	valueMember       = "value"        // any other JSON value
	locationMember    = "location"     // the target of a redirect
	textMember        = "text"         // a body that is not JSON
	contentTypeMember = "content_type" // the media type of that
)

// answer makes the result of a response and closes its body.
func (t *tool) readResponse(ctx context.Context, resp *http.Response) Result {
	defer func() { _ = resp.Body.Close() }()
	if location := resp.Header.Get("Location"); resp.StatusCode/100 == 3 && location != "" && t.redirects() {
		return objectResult(map[string]string{locationMember: location})
	}
	limit := t.engine.maxResponse
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
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
				Message: "the call succeeded, but its body does not match its content type: " + beginning(body, t.engine.hides(ctx)),
			})
		}
		return objectResult(map[string]string{contentTypeMember: resp.Header.Get("Content-Type"), textMember: string(body)})
	}
	if jsontext.TooDeep(compact.Bytes()) {
		return failed(&Failure{
			Status: resp.StatusCode, Code: CodeRequestFailed,
			Message: fmt.Sprintf("the call succeeded, but its response is nested deeper than %d", jsontext.MaxDepth),
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

// validText replaces bytes that are no UTF-8, which would make the whole MCP message unreadable.
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

// beginning is how an answer begins that cannot be read. With hide it tells nothing of what looks like JSON: any part
// of that may be a secret.
func beginning(body []byte, hide bool) string {
	text := phrase.Preview(strings.TrimSpace(phrase.Printable(body)))
	if hide && strings.ContainsAny(text, "{[") {
		return "unreadable JSON"
	}
	return text
}

// maxNested bounds how many references lead from one schema to the next.
const maxNested = 30

// forms lists what the table says of a value: the schema, what it refers to, its parts and its alternatives.
func (e *engine) schemasOf(facts ...*optable.Schema) []*optable.Schema {
	var list []*optable.Schema
	for _, s := range facts {
		list = e.appendSchemas(list, s, maxNested)
	}
	return list
}

func (e *engine) appendSchemas(list []*optable.Schema, s *optable.Schema, depth int) []*optable.Schema {
	if s == nil || depth == 0 {
		return list
	}
	list = append(list, s)
	if s.Ref != "" {
		list = e.appendSchemas(list, e.table.Schema(s.Ref), depth-1)
	}
	for _, parts := range [][]optable.Schema{s.AllOf, s.OneOf, s.AnyOf} {
		for i := range parts {
			list = e.appendSchemas(list, &parts[i], depth-1)
		}
	}
	return list
}

// inside lists the forms of a property of objects of some forms.
func (e *engine) propertySchemas(forms []*optable.Schema, property string) []*optable.Schema {
	var list []*optable.Schema
	for _, s := range forms {
		if p := s.Property(property); p != nil {
			list = e.appendSchemas(list, &p.Schema, maxNested)
		}
	}
	return list
}

// itemsOf lists the forms of the elements of arrays of some forms.
func (e *engine) itemSchemas(forms []*optable.Schema) []*optable.Schema {
	var list []*optable.Schema
	for _, s := range forms {
		list = e.appendSchemas(list, s.Items, maxNested)
	}
	return list
}

// othersOf lists the forms of the properties that objects of some forms do not name.
func (e *engine) additionalSchemas(forms []*optable.Schema) []*optable.Schema {
	var list []*optable.Schema
	for _, s := range forms {
		list = e.appendSchemas(list, s.Additional, maxNested)
	}
	return list
}

// propertyNames lists the properties of objects of some forms, each once.
func propertyNames(forms []*optable.Schema) []string {
	var names []string
	for _, s := range forms {
		for i := range s.Properties {
			if name := s.Properties[i].Name; !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

func typesOf(forms []*optable.Schema) optable.Types {
	var types optable.Types
	for _, s := range forms {
		types |= s.Types
	}
	return types
}

// answered lists the forms of what an operation answers when it succeeds, as the one object that the result is. It is
// empty if the table does not tell.
func (e *engine) responseSchemas(op *optable.Operation) []*optable.Schema {
	var list []*optable.Schema
	for i := range op.Responses {
		a := &op.Responses[i]
		if a.Status/100 != http.StatusOK/100 || a.Schema == nil {
			continue
		}
		for _, s := range e.schemasOf(a.Schema) {
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
