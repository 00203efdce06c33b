package mcpadapter

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"runtime"
	"slices"
	"strconv"
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
	if resp.StatusCode == http.StatusSwitchingProtocols { // the body is the connection, whose reads heed no deadline
		_ = resp.Body.Close()
		resp.Body = http.NoBody
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

// success converts the body of a 2xx response to one JSON object.
func (t *tool) success(ctx context.Context, resp *http.Response, body []byte) Result {
	body = bytes.TrimSpace(body)
	if len(body) == 0 {
		return Result{JSON: json.RawMessage(`{}`)}
	}
	mediaType := resp.Header.Get("Content-Type")
	compact := bytes.NewBuffer(make([]byte, 0, len(body)))
	if err := json.Compact(compact, validText(body)); err != nil {
		if isJSON(resp) || !utf8.Valid(body) && slices.Contains(body, 0) {
			return failed(&Failure{
				Status: resp.StatusCode, Code: CodeRequestFailed,
				Message: "the call succeeded, but its body does not match its content type: " +
					beginning(body, t.engine.hides(ctx)),
			})
		}
		if media.IsPage(mediaType, body) && !t.mayBePage() {
			return failed(&Failure{
				Status: resp.StatusCode, Code: CodeRequestFailed,
				Message: "the response is an HTML page, which this operation does not have, as of a proxy or at a wrong base " +
					"URL; the operation may not have been carried out: " + beginning(body, t.engine.hides(ctx)),
			})
		}
		return textResult(mediaType, body)
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
	value := jsontext.Escape(compact.Bytes())
	switch {
	case value[0] == '{':
		return Result{JSON: value}
	case value[0] == '[':
		return objectResult(map[string]json.RawMessage{dataMember: value})
	case media.KindOf(mediaType) == media.Text && t.describesText():
		return textResult(mediaType, body)
	}
	return objectResult(map[string]json.RawMessage{valueMember: value})
}

// textResult returns the result for a body that is text.
func textResult(mediaType string, body []byte) Result {
	return objectResult(map[string]string{contentTypeMember: mediaType, textMember: text(mediaType, body)})
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
					Types: optable.Object, Properties: []optable.Property{{Name: dataMember, Required: true, Schema: s}},
				}
			}
			list = append(list, s)
		}
	}
	return list
}

// Content is a part of a result that is not JSON.
type Content struct {
	Kind      ContentKind
	MediaType string // such as image/png
	Data      []byte
	URI       string // of a resource: a name within the result, which nothing can be read from
}

// ContentKind is how MCP represents a [Content] (revision 2025-11-25, server/tools, "Tool Result").
type ContentKind int

// The kinds of contents.
const (
	ContentImage    ContentKind = iota + 1 // image content
	ContentAudio                           // audio content
	ContentResource                        // an embedded resource with binary contents
)

// Members of the result for a binary response. The package documentation lists them too.
const (
	sizeMember = "bytes"     // its size
	fileMember = "file_name" // its name, if the response has one
	omitted    = "left_out"  // why the content is not part of the result
)

// readBody reads the body of a response from a reader of it, at most one byte more than the limit. A stream that fails
// or does not end is cut: unended says why. It closes the body.
func (t *tool) readBody(ctx context.Context, from io.Reader, resp *http.Response) (
	body []byte, unended string, err error,
) {
	limit := t.engine.maxResponse
	size := int64(bytes.MinRead)
	if declared := resp.ContentLength; declared > 0 { // which only saves copies: it may be wrong
		size = min(declared, limit, budget.Free) + 1 // where the end is noticed
	}
	body, err = readInto(make([]byte, 0, size), io.LimitReader(from, limit+1))
	_ = resp.Body.Close()
	resp.Body = http.NoBody // a client that has read the response whole holds it there
	kind := media.KindOf(resp.Header.Get("Content-Type"))
	if resp.StatusCode/100 != 2 || kind != media.Events && kind != media.Lines {
		return body, "", err
	}
	switch {
	case int64(len(body)) > limit:
		return body[:limit], fmt.Sprintf("At most %d bytes of a stream are read.", limit), nil
	case err != nil && len(body) > 0 && errors.Is(context.Cause(ctx), errTimeout):
		return body, fmt.Sprintf("The stream did not end within %s.", t.engine.timeout), nil
	}
	return body, "", err
}

// readInto is [io.ReadAll] into a buffer.
func readInto(b []byte, from io.Reader) ([]byte, error) {
	for {
		if len(b) == cap(b) {
			b = slices.Grow(b, bytes.MinRead)
		}
		n, err := from.Read(b[len(b):cap(b)])
		b = b[:len(b)+n]
		if err == io.EOF { // never wrapped by an io.Reader
			return b, nil
		}
		if err != nil {
			return b, err //nolint:wrapcheck // as io.ReadAll
		}
	}
}

// stream returns the records of a stream as an array, as many as the limits allow.
func (t *tool) stream(ctx context.Context, kind media.Kind, body []byte, unended string) Result {
	const room = 200 // for what stands around the records
	limit := t.engine.resultBytes(ctx)
	b := jsontext.AppendMember([]byte{'{'}, dataMember, "[")
	n, more := 0, unended != ""
	for record := range media.Records(kind, body) {
		switch {
		case n >= t.engine.maxElements:
			more, unended = true, fmt.Sprintf("At most %d records of a stream are returned.", t.engine.maxElements)
		case limit > 0 && len(b)+len(record)+room > limit:
			more, unended = true, fmt.Sprintf("The result may have %d bytes.", limit)
		default:
			if n++; n > 1 {
				b = append(b, ',')
			}
			b = append(b, record...)
			continue
		}
		break
	}
	b = append(b, ']')
	if more {
		b = jsontext.AppendMember(b, omitted, `{"more":true,"reason":`+strconv.Quote(unended)+`}`)
	}
	return Result{JSON: append(b, '}')}
}

// binary returns the result for a response that is not text: its size as JSON beside its content, unless that exceeds
// the limit of the result.
func (t *tool) binary(ctx context.Context, resp *http.Response, body []byte) Result {
	declared := resp.Header.Get("Content-Type")
	c := Content{MediaType: media.Base(declared), Data: body, Kind: ContentResource, URI: "response:" + t.name}
	if declared == "" {
		c.MediaType = media.Base(http.DetectContentType(body))
	}
	switch media.KindOf(c.MediaType) {
	case media.Image:
		c.Kind, c.URI = ContentImage, ""
	case media.Audio:
		c.Kind, c.URI = ContentAudio, ""
	case media.Binary, media.JSON, media.Form, media.Multipart, media.Text, media.Lines, media.Events:
	}
	about := map[string]any{contentTypeMember: c.MediaType, sizeMember: len(body)}
	_, params, err := mime.ParseMediaType(resp.Header.Get("Content-Disposition"))
	if err == nil && params["filename"] != "" {
		about[fileMember] = params["filename"]
	}
	limit := t.engine.resultBytes(ctx)
	if size := base64.StdEncoding.EncodedLen(len(body)); limit > 0 && size > limit {
		about[omitted] = map[string]string{
			"reason": fmt.Sprintf("The content has %d bytes in base64, and a result may have %d.", size, limit),
		}
		return objectResult(about)
	}
	result := objectResult(about)
	result.Content = []Content{c}
	return result
}

// isBinary reports whether a body is for nobody to read: one of a binary media type, or of none, that is not text.
func isBinary(kind media.Kind, declared string, body []byte) bool {
	switch kind {
	case media.Image, media.Audio:
		return true
	case media.Binary, media.Multipart, media.Form:
		return !utf8.Valid(body) || slices.Contains(body, 0)
	case media.JSON, media.Text, media.Lines, media.Events:
	}
	return declared == "" && !utf8.Valid(body)
}

// text returns a text in UTF-8, from the character set of its media type if that is Latin-1.
func text(contentType string, body []byte) string {
	_, params, err := mime.ParseMediaType(contentType)
	if charset := strings.ToLower(params["charset"]); err == nil && !utf8.Valid(body) &&
		(charset == "iso-8859-1" || charset == "latin1") {
		var b strings.Builder
		for _, c := range body {
			b.WriteRune(rune(c))
		}
		return b.String()
	}
	return string(validText(body))
}

// isJSONValue reports whether a body is one JSON value.
func isJSONValue(body []byte) bool { return json.Valid(validText(body)) }

// sharedMemory is how many bytes of responses calls hold at once, beside what each may, see package budget. The
// processing of one takes a few times its size.
const sharedMemory = 16 << 20

// someProcessors is how many processors large responses, or programs, may use: half of them, so that small calls do not
// wait.
func someProcessors() int { return max(1, runtime.GOMAXPROCS(0)/2) } //nolint:mnd // half

// hold opens the account of the call's responses. release gives back what it holds.
func (c *call) hold() (release func()) {
	c.memory = c.tool.engine.memory.Open()
	return func() {
		c.pause()
		c.memory.Close()
	}
}

// work waits for the turn to work on a large response, which takes a processor for a while.
func (c *call) work(ctx context.Context) error {
	select {
	case c.tool.engine.largeTurns <- struct{}{}:
		c.working = true
		return nil
	case <-ctx.Done():
		return context.Cause(ctx) //nolint:wrapcheck // as of the request itself
	}
}

// pause lets others work on large responses.
func (c *call) pause() {
	if c.working {
		c.working = false
		<-c.tool.engine.largeTurns
	}
}

type memoryKey struct{}

// LimitMemory returns a response body whose reads wait until there is memory for them: the calls of an adapter share
// some for large responses, and a call fails if it gets none before its timeout. The context is that of the request.
//
// It is for transports below a client that reads responses whole, before the adapter does. Responses that arrive
// otherwise are limited by the adapter itself.
func LimitMemory(ctx context.Context, body io.ReadCloser) io.ReadCloser {
	account, ok := ctx.Value(memoryKey{}).(*budget.Account)
	if !ok {
		return body
	}
	return struct {
		io.Reader
		io.Closer
	}{account.Transport(ctx, body), body}
}
