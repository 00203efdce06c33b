package value

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Parse reads one JSON value: nil, bool, string, json.Number, []any or map[string]any. Numbers keep their digits, and
// a member that is given twice is an error, as readers disagree about which one counts (RFC 8259 section 4); so are
// bytes that are no UTF-8 (section 8.1), which decoding would replace, and values nested deeper than 1,000.
func Parse(raw []byte) (any, error) { return NewParser(math.MaxInt).Parse(raw) }

// ErrTooManyValues is the error of a [Parser] that has read as many values as it may.
var ErrTooManyValues = errors.New("too many JSON values")

// Parser reads JSON values and limits how many there are in all of them together, before it allocates them.
type Parser struct{ left int }

// NewParser returns a parser that reads at most so many values: scalars, arrays and objects.
func NewParser(values int) *Parser { return &Parser{left: values} }

// Parse is [Parse] within the limit, and fails with [ErrTooManyValues] beyond it, from then on always.
func (p *Parser) Parse(raw []byte) (any, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("not valid JSON: the text is not UTF-8")
	}
	if !json.Valid(raw) {
		return nil, p.problem(raw)
	}
	v, err := (&scanner{text: raw, parser: p}).value(0)
	if err != nil {
		return nil, err
	}
	if halfPair(raw) {
		return nil, errors.New("not valid JSON: half of a surrogate pair, which stands for no character")
	}
	return v, nil
}

// problem returns the first thing that is wrong with a text that is not valid JSON.
func (p *Parser) problem(raw []byte) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if _, err := p.value(dec, 0); err != nil {
		return err
	}
	return errors.New("something follows the JSON value")
}

// halfPair finds an escaped surrogate without its partner, which decoding would replace (RFC 8259 section 8.2).
func halfPair(valid []byte) bool {
	for rest := valid; ; {
		i := bytes.IndexByte(rest, '\\')
		if i < 0 {
			return false
		}
		first, ok := escaped(rest[i:])
		if !ok || !utf16.IsSurrogate(first) {
			rest = rest[i+2:]
			continue
		}
		second, ok := escaped(rest[i+6:])
		if !ok || utf16.DecodeRune(first, second) == utf8.RuneError {
			return true
		}
		rest = rest[i+12:]
	}
}

// escaped reads an escape such as \u00e9 at the beginning of a text.
func escaped(text []byte) (rune, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	code, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return rune(code), err == nil
}

// maxDepth bounds recursion, as a stack that overflows ends the process.
const maxDepth = 1000

// maxDigits bounds a number's text, as comparing it exactly takes time that grows with its square.
const maxDigits = 400

func (p *Parser) value(dec *json.Decoder, depth int) (any, error) {
	if p.left == 0 {
		return nil, ErrTooManyValues
	}
	p.left--
	token, err := dec.Token()
	if err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("not valid JSON: %w", err)
	}
	if _, nested := token.(json.Delim); nested && depth == maxDepth {
		return nil, fmt.Errorf("values are nested deeper than %d", maxDepth)
	}
	if number, ok := token.(json.Number); ok && len(number) > maxDigits {
		return nil, fmt.Errorf("a number has more than %d characters", maxDigits)
	}
	switch token {
	case json.Delim('{'):
		return p.object(dec, depth+1)
	case json.Delim('['):
		list := []any{}
		for dec.More() {
			v, err := p.value(dec, depth+1)
			if err != nil {
				return nil, err
			}
			list = append(list, v)
		}
		return list, closing(dec)
	}
	return token, nil
}

func (p *Parser) object(dec *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return nil, fmt.Errorf("not valid JSON: %w", err)
		}
		name, _ := token.(string)
		if _, twice := object[name]; twice {
			return nil, fmt.Errorf("%q is given twice", name)
		}
		if object[name], err = p.value(dec, depth); err != nil {
			return nil, err
		}
	}
	return object, closing(dec)
}

func closing(dec *json.Decoder) error {
	if _, err := dec.Token(); err != nil {
		return fmt.Errorf("not valid JSON: %w", err)
	}
	return nil
}
