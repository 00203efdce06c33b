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
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/seed-f165d83c/workos/mcpadapter/internal/budget"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/jsontext"
	"github.com/seed-f165d83c/workos/mcpadapter/internal/media"
)

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
	var buffer bytes.Buffer
	if declared := resp.ContentLength; declared > 0 { // which only saves copies: it may be wrong
		buffer.Grow(int(min(declared, limit, budget.Free)) + bytes.MinRead)
	}
	_, err = buffer.ReadFrom(io.LimitReader(from, limit+1))
	body = buffer.Bytes()
	_ = resp.Body.Close()
	resp.Body = http.NoBody // a client that has read the response whole holds it there
	kind := media.KindOf(resp.Header.Get("Content-Type"))
	if resp.StatusCode/100 != 2 || kind != media.Events && kind != media.Lines {
		return body, "", err //nolint:wrapcheck // the caller describes it
	}
	switch {
	case int64(len(body)) > limit:
		return body[:limit], fmt.Sprintf("At most %d bytes of a stream are read.", limit), nil
	case err != nil && len(body) > 0 && errors.Is(context.Cause(ctx), errTimeout):
		return body, fmt.Sprintf("The stream did not end within %s.", t.engine.timeout), nil
	}
	return body, "", err //nolint:wrapcheck // the caller describes it
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
