package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSON values are nil, bool, string, json.Number, []any, map[string]any, object and raw.

// raw is a JSON text.
type raw string

// object is a JSON object that keeps its order.
type object []member

type member struct {
	name  string
	value any
}

// decode reads one JSON value; numbers keep their text.
func decode(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("decode: more than one value")
	}
	return v, nil
}

// decodeBody reads the body of a request: JSON, or the fields of a form, all of them texts (RFC 6749 section 4.1.3).
func decodeBody(r request) (any, error) {
	if !r.form {
		return decode(r.body)
	}
	form, err := url.ParseQuery(string(r.body))
	if err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	fields := map[string]any{}
	for name := range form {
		fields[name] = form.Get(name)
	}
	return fields, nil
}

// literal reads a JSON text of the table.
func literal(text string) any {
	if v, ok := plain(text); ok {
		return v
	}
	v, err := decode([]byte(text))
	if err != nil {
		return nil
	}
	return v
}

// plain reads the literals that most fields of a record begin with, for which a decoder is not worth its allocations.
func plain(text string) (v any, ok bool) {
	switch text {
	case "null":
		return nil, true
	case "true", "false":
		return text == "true", true
	case "{}":
		return map[string]any{}, true
	case "[]":
		return []any{}, true
	}
	inside, begins := strings.CutPrefix(text, `"`)
	inside, ends := strings.CutSuffix(inside, `"`)
	special := func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r == utf8.RuneError }
	if !begins || !ends || strings.ContainsFunc(inside, special) {
		return nil, false
	}
	return inside, true
}

// encode writes a JSON value.
func encode(v any) []byte {
	const most = 512 // of the responses are not longer
	var b bytes.Buffer
	b.Grow(most)
	write(&b, v)
	return b.Bytes()
}

func write(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case object:
		b.WriteByte('{')
		for i, m := range v {
			writeMember(b, i, m.name, m.value)
		}
		b.WriteByte('}')
	case map[string]any:
		b.WriteByte('{')
		for i, name := range sortedKeys(v) {
			writeMember(b, i, name, v[name])
		}
		b.WriteByte('}')
	case []any:
		b.WriteByte('[')
		for i, item := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			write(b, item)
		}
		b.WriteByte(']')
	case raw:
		b.WriteString(string(v))
	default:
		writeScalar(b, v)
	}
}

func writeMember(b *bytes.Buffer, i int, name string, value any) {
	if i > 0 {
		b.WriteByte(',')
	}
	writeText(b, name)
	b.WriteByte(':')
	write(b, value)
}

func writeScalar(b *bytes.Buffer, v any) {
	switch v := v.(type) {
	case nil:
		b.WriteString("null")
	case bool:
		b.WriteString(strconv.FormatBool(v))
	case string:
		writeText(b, v)
	case json.Number:
		b.WriteString(v.String())
	case int:
		b.WriteString(strconv.Itoa(v))
	default:
		writeAny(b, v)
	}
}

func writeText(b *bytes.Buffer, text string) {
	if !isPlain(text) {
		writeAny(b, text)
		return
	}
	b.WriteByte('"') // most are plain, and an encoder costs more than the rest
	b.WriteString(text)
	b.WriteByte('"')
}

func writeAny(b *bytes.Buffer, v any) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		b.WriteString("null") // not reached: the values here can all be encoded
		return
	}
	b.Truncate(b.Len() - 1) // the encoder ends with a line feed
}

// isPlain reports whether a string is its own JSON text in quotes.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= utf8.RuneSelf || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// text returns a scalar as a query parameter would spell it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	default:
		return string(encode(v))
	}
}
