package value

import (
	"encoding/json"
	"fmt"
)

// scanner reads a text that json.Valid accepts, with the results and the limits of a [json.Decoder] that reads token by
// token, at a third of its cost.
type scanner struct {
	text   []byte
	at     int
	parser *Parser
}

func (s *scanner) value(depth int) (any, error) {
	if s.parser.left == 0 {
		return nil, ErrTooManyValues
	}
	s.parser.left--
	switch c := s.next(); c {
	case '{', '[':
		if depth == maxDepth {
			return nil, fmt.Errorf("values are nested deeper than %d", maxDepth)
		}
		if c == '{' {
			return s.object(depth + 1)
		}
		return s.array(depth + 1)
	case '"':
		return s.string(), nil
	case 't':
		s.at += len("true")
		return true, nil
	case 'f':
		s.at += len("false")
		return false, nil
	case 'n':
		s.at += len("null")
		return nil, nil //nolint:nilnil // null
	}
	from := s.at
	for s.at < len(s.text) && isNumber(s.text[s.at]) {
		s.at++
	}
	if s.at-from > maxDigits {
		return nil, fmt.Errorf("a number has more than %d characters", maxDigits)
	}
	return json.Number(s.text[from:s.at]), nil
}

func (s *scanner) object(depth int) (any, error) {
	object := map[string]any{}
	for s.at++; s.next() != '}'; {
		name := s.string()
		if _, twice := object[name]; twice {
			return nil, fmt.Errorf("%q is given twice", name)
		}
		s.next()
		s.at++ // the colon
		var err error
		if object[name], err = s.value(depth); err != nil {
			return nil, err
		}
		if s.next() == ',' {
			s.at++
		}
	}
	s.at++
	return object, nil
}

func (s *scanner) array(depth int) (any, error) {
	list := []any{}
	for s.at++; s.next() != ']'; {
		v, err := s.value(depth)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
		if s.next() == ',' {
			s.at++
		}
	}
	s.at++
	return list, nil
}

// string reads a string. Its opening quote is behind white space at most.
func (s *scanner) string() string {
	s.next()
	from, escaped := s.at, false
	for s.at++; s.text[s.at] != '"'; s.at++ {
		if s.text[s.at] == '\\' {
			escaped = true
			s.at++
		}
	}
	s.at++
	if !escaped {
		return string(s.text[from+1 : s.at-1])
	}
	var text string
	_ = json.Unmarshal(s.text[from:s.at], &text) // it is valid
	return text
}

// next skips white space and returns the byte behind it.
func (s *scanner) next() byte {
	for s.text[s.at] == ' ' || s.text[s.at] == '\n' || s.text[s.at] == '\r' || s.text[s.at] == '\t' {
		s.at++
	}
	return s.text[s.at]
}

func isNumber(c byte) bool {
	return '0' <= c && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'
}
