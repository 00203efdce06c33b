package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// JSON values are nil, bool, string, json.Number, []any, map[string]any and object.

// object is a JSON object that keeps its order.
type object []member

type member struct {
	name  string
	value any
}

// get returns the value of a member, nil if there is none.
func (o object) get(name string) any {
	for _, m := range o {
		if m.name == name {
			return m.value
		}
	}
	return nil
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

// literal reads a JSON text of the table.
func literal(text string) any {
	v, err := decode([]byte(text))
	if err != nil {
		return nil
	}
	return v
}

// encode writes a JSON value.
func encode(v any) []byte {
	var b bytes.Buffer
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
		for i, name := range slices.Sorted(maps.Keys(v)) {
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
	default:
		writeScalar(b, v)
	}
}

func writeMember(b *bytes.Buffer, i int, name string, value any) {
	if i > 0 {
		b.WriteByte(',')
	}
	writeScalar(b, name)
	b.WriteByte(':')
	write(b, value)
}

func writeScalar(b *bytes.Buffer, v any) {
	e := json.NewEncoder(b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		b.WriteString("null") // not reached: the values here can all be encoded
		return
	}
	b.Truncate(b.Len() - 1) // the encoder ends with a line feed
}

// text returns a scalar as a query parameter would spell it.
func text(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		return string(encode(v))
	}
}
