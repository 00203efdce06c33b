package mcpadapter

import (
	"bytes"
	"encoding/json"
)

// The functions here take compact JSON apart without changing a byte of it, so that what stays of an answer keeps its
// order, its digits and its way of writing. They are for JSON that is known to be valid.

// member is one member of an object.
type member struct {
	name  string
	value json.RawMessage
}

// members lists the members of an object, in order. It is nil for anything else.
func members(object json.RawMessage) []member {
	if len(object) == 0 || object[0] != '{' {
		return nil
	}
	var list []member
	for i := 1; object[i] != '}'; {
		colon := valueEnd(object, i)
		end := valueEnd(object, colon+1)
		list = append(list, member{unquoted(object[i:colon]), object[colon+1 : end]})
		if i = end; object[i] == ',' {
			i++
		}
	}
	return list
}

// elements lists the elements of an array. It is nil for anything else.
func elements(array json.RawMessage) []json.RawMessage {
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

// memberOf returns the value of a member, or nil.
func memberOf(list []member, name string) json.RawMessage {
	for _, m := range list {
		if m.name == name {
			return m.value
		}
	}
	return nil
}

// withMember sets a member in place, or appends it.
func withMember(list []member, name string, value json.RawMessage) []member {
	for i := range list {
		if list[i].name == name {
			list[i].value = value
			return list
		}
	}
	return append(list, member{name, value})
}

func appendMembers(b []byte, list []member) []byte {
	b = append(b, '{')
	for _, m := range list {
		b = appendMember(b, m.name, string(m.value))
	}
	return append(b, '}')
}

func appendElements(b []byte, list []json.RawMessage) []byte {
	b = append(b, '[')
	for i, e := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, e...)
	}
	return append(b, ']')
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

// maxNesting is how many objects and arrays deep an answer may be: what takes one apart reads all that is inside of
// each of them again.
const maxNesting = 200

// tooDeep tells whether a value is nested deeper than that.
func tooDeep(valid []byte) bool {
	depth := 0
	for i := 0; i < len(valid); i++ {
		switch valid[i] {
		case '"':
			i = stringEnd(valid, i) - 1
		case '{', '[':
			if depth++; depth > maxNesting {
				return true
			}
		case '}', ']':
			depth--
		}
	}
	return false
}

// textOf returns a value that is a string.
func textOf(value json.RawMessage) (string, bool) {
	if len(value) == 0 || value[0] != '"' {
		return "", false
	}
	return unquoted(value), true
}
