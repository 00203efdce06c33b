// Package jsontext takes JSON text apart and puts it together without decoding it, so that what stays of a response
// keeps its order, its digits and its spelling. Its functions expect valid JSON, and compact JSON where they return
// parts of it.
package jsontext

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// Member is one member of an object.
type Member struct {
	Name  string
	Value json.RawMessage
}

// Members lists the members of an object, in order. It is nil for anything else.
func Members(object json.RawMessage) []Member {
	if len(object) == 0 || object[0] != '{' {
		return nil
	}
	var list []Member
	for i := 1; object[i] != '}'; {
		colon := valueEnd(object, i)
		end := valueEnd(object, colon+1)
		list = append(list, Member{unquoted(object[i:colon]), object[colon+1 : end]})
		if i = end; object[i] == ',' {
			i++
		}
	}
	return list
}

// Elements lists the elements of an array. It is nil for anything else.
func Elements(array json.RawMessage) []json.RawMessage {
	if len(array) == 0 || array[0] != '[' {
		return nil
	}
	list := []json.RawMessage{}
	for i := 1; array[i] != ']'; {
		end := valueEnd(array, i)
		list = append(list, array[i:end])
		if i = end; array[i] == ',' {
			i++
		}
	}
	return list
}

// Lookup returns the value of a member, or nil.
func Lookup(list []Member, name string) json.RawMessage {
	for _, m := range list {
		if m.Name == name {
			return m.Value
		}
	}
	return nil
}

// Set sets a member in place, or appends it.
func Set(list []Member, name string, value json.RawMessage) []Member {
	for i := range list {
		if list[i].Name == name {
			list[i].Value = value
			return list
		}
	}
	return append(list, Member{name, value})
}

// AppendObject appends an object of the members.
func AppendObject(b []byte, list []Member) []byte {
	b = append(b, '{')
	for _, m := range list {
		b = AppendMember(b, m.Name, string(m.Value))
	}
	return append(b, '}')
}

// AppendArray appends an array of the elements.
func AppendArray(b []byte, list []json.RawMessage) []byte {
	b = append(b, '[')
	for i, e := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, e...)
	}
	return append(b, ']')
}

// AppendEach appends an array to b whose items write has appended, in place of those of an array.
func AppendEach(b []byte, array json.RawMessage, write func([]byte, json.RawMessage) []byte) []byte {
	b = append(b, '[')
	for i, element := range Elements(array) {
		if i > 0 {
			b = append(b, ',')
		}
		b = write(b, element)
	}
	return append(b, ']')
}

// Join returns the path of a member of what is at a path, such as supplier.name; "" is the path of the whole.
func Join(at, name string) string {
	if at == "" {
		return name
	}
	return at + "." + name
}

// valueEnd returns where the value that begins at i ends.
func valueEnd(b []byte, i int) int {
	for depth := 0; ; i++ {
		switch b[i] {
		case '"':
			i = stringEnd(b, i) - 1
		case '{', '[':
			depth++
		case '}', ']':
			depth--
		default:
			if depth > 0 {
				continue
			}
			return scalarEnd(b, i)
		}
		if depth == 0 {
			return i + 1
		}
	}
}

// scalarEnd returns where a number or a literal ends.
func scalarEnd(b []byte, i int) int {
	for ; i < len(b); i++ {
		switch b[i] {
		case ',', ':', ']', '}':
			return i
		}
	}
	return i
}

func stringEnd(b []byte, i int) int {
	for i++; b[i] != '"'; i++ {
		if b[i] == '\\' {
			i++
		}
	}
	return i + 1
}

func unquoted(text json.RawMessage) string {
	if bytes.IndexByte(text, '\\') < 0 {
		return string(text[1 : len(text)-1])
	}
	var s string
	_ = json.Unmarshal(text, &s)
	return s
}

// MaxDepth is how many objects and arrays deep a response may be: what takes one apart reads all that is inside of
// each of them again.
const MaxDepth = 200

// TooDeep reports whether a value is nested deeper than that.
func TooDeep(valid []byte) bool {
	depth := 0
	for i := 0; i < len(valid); i++ {
		switch valid[i] {
		case '"':
			i = stringEnd(valid, i) - 1
		case '{', '[':
			if depth++; depth > MaxDepth {
				return true
			}
		case '}', ']':
			depth--
		}
	}
	return false
}

// MaxValues is the largest number of JSON values in a response: each takes a few times as much memory as its text.
const MaxValues = 1_000_000

// Values returns the number of values in a value; an empty object or array counts twice.
func Values(valid []byte) int {
	n := 1
	for i := 0; i < len(valid); i++ {
		switch valid[i] {
		case '"':
			i = stringEnd(valid, i) - 1
		case '{', '[', ',':
			n++
		}
	}
	return n
}

// String returns a value that is a string.
func String(value json.RawMessage) (string, bool) {
	if len(value) == 0 || value[0] != '"' {
		return "", false
	}
	return unquoted(value), true
}

// AppendMember appends a member to an object that is open: after "{" or after other members.
func AppendMember(b []byte, name, value string) []byte {
	if b[len(b)-1] != '{' {
		b = append(b, ',')
	}
	b = append(AppendString(b, name), ':')
	return append(b, value...)
}

// AppendString appends a JSON string, UTF-8 as it is.
func AppendString(b []byte, s string) []byte {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' }) {
		quoted, _ := json.Marshal(s) //nolint:errchkjson // a string
		return append(b, quoted...)
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
