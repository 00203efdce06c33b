package mcpgo

import (
	"encoding/base64"
	"encoding/json"
	"unicode/utf8"

	"github.com/mark3labs/mcp-go/mcp"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// metaOf returns the _meta of a result, or nil for none.
func metaOf(r mcpadapter.Result) *mcp.Meta {
	if meta := r.Meta(); meta != nil {
		return mcp.NewMetaFromMap(meta)
	}
	return nil
}

func callResult(r mcpadapter.Result) *mcp.CallToolResult {
	return &mcp.CallToolResult{
		Result:               mcp.Result{Meta: metaOf(r)},
		Content:              append([]mcp.Content{mcp.NewTextContent(r.Text())}, contents(r)...),
		StructuredContent:    r.JSON, // what the server's own output validation reads
		RawStructuredContent: r.JSON,
		IsError:              r.Failure != nil,
	}
}

// contents returns what a result has beside its JSON.
func contents(r mcpadapter.Result) []mcp.Content {
	var list []mcp.Content
	for _, c := range r.Content {
		data := base64.StdEncoding.EncodeToString(c.Data)
		switch c.Kind {
		case mcpadapter.ContentImage:
			list = append(list, mcp.NewImageContent(data, c.MediaType))
		case mcpadapter.ContentAudio:
			list = append(list, mcp.NewAudioContent(data, c.MediaType))
		case mcpadapter.ContentResource:
			list = append(list, mcp.NewEmbeddedResource(mcp.BlobResourceContents{
				URI: c.URI, MIMEType: c.MediaType, Blob: data,
			}))
		}
	}
	return list
}

// AppendResult appends the result of a call as JSON, byte for byte as mcp-go writes what the handlers of this package
// return to clients of revisions up to 2025-11-25. It writes the result once, where mcp-go writes it five times.
func AppendResult(b []byte, r mcpadapter.Result) []byte {
	b = append(b, '{')
	if meta := metaOf(r); meta != nil {
		text, _ := json.Marshal(meta) //nolint:errchkjson // strings
		b = append(append(append(b, `"_meta":`...), text...), ',')
	}
	b = append(b, `"content":[{"type":"text","text":"`...)
	if r.Failure == nil {
		b = appendEscaped(b, r.JSON, true)
	} else {
		b = appendEscaped(b, r.Text(), true)
	}
	b = append(b, `"}`...)
	for _, c := range contents(r) {
		text, _ := json.Marshal(c) //nolint:errchkjson // strings
		b = append(append(b, ','), text...)
	}
	b = append(b, `],`...)
	if r.Failure != nil {
		b = append(b, `"isError":true,`...)
	}
	b = append(b, `"structuredContent":`...)
	return append(appendEscaped(b, r.JSON, false), '}')
}

// appendEscaped appends text with the escapes of encoding/json: those of HTML, and with quote also those that text
// needs inside of a string. Without it the text is JSON.
func appendEscaped[T ~string | ~[]byte](b []byte, text T, quote bool) []byte {
	done := 0
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case c >= utf8.RuneSelf:
			size, escape := escapeOfRune(string(text[i:min(len(text), i+utf8.UTFMax)]), quote)
			if escape != "" {
				b = append(append(b, text[done:i]...), escape...)
				done = i + size
			}
			i += size
		case c == '<' || c == '>' || c == '&' || quote && (c < ' ' || c == '"' || c == '\\'):
			b = appendEscape(append(b, text[done:i]...), c)
			i++
			done = i
		default:
			i++
		}
	}
	return append(b, text[done:]...)
}

// appendEscape appends the escape of an ASCII character.
func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\b':
		return append(b, `\b`...)
	case '\f':
		return append(b, `\f`...)
	case '\n':
		return append(b, `\n`...)
	case '\r':
		return append(b, `\r`...)
	case '\t':
		return append(b, `\t`...)
	}
	const digits = "0123456789abcdef"
	return append(b, '\\', 'u', '0', '0', digits[c>>4], digits[c&0xF])
}

// escapeOfRune returns the size of the first character and its escape, or "" for none. Bytes that are not UTF-8 are
// escaped in strings alone.
func escapeOfRune(text string, quote bool) (size int, escape string) {
	r, size := utf8.DecodeRuneInString(text)
	switch {
	case r == utf8.RuneError && size == 1 && quote:
		return size, `\ufffd`
	case r == '\u2028':
		return size, `\u2028`
	case r == '\u2029':
		return size, `\u2029`
	}
	return size, ""
}
