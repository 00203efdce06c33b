package jq

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/itchyny/gojq"
)

// library defines the functions that search by regular expression, in place of gojq's. Those find all matches of a text
// in one step, which takes time that grows with its square and which nothing can stop; these look for one at a time.
const library = `
def match($re; $flags): _matches($re; $flags);
def match($re): if ($re | type) == "array" then match($re[0]; $re[1]) else match($re; null) end;
def _named: [.[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
def capture($re; $flags): match($re; $flags) | .captures | _named;
def capture($re): match($re) | .captures | _named;
def scan($re; $flags):
  match($re; ($flags // "") + "g") | if .captures == [] then .string else [.captures[].string] end;
def scan($re): scan($re; null);
def split($re; $flags): . as $text | [
  foreach (match($re; ($flags // "") + "g"), null) as $m ({end: 0};
    if $m == null then {part: $text[.end:]} else {part: $text[.end:$m.offset], end: ($m.offset + $m.length)} end;
    .part)
];
def sub($re; replacement; $flags): . as $text
  | reduce match($re; $flags) as $m ({end: 0, outputs: []};
      $text[.end:$m.offset] as $gap
      | reduce ($m.captures | _named | replacement) as $part (.at = 0; .outputs[.at] += $gap + $part | .at += 1)
      | .end = $m.offset + $m.length)
  | .end as $end | if .outputs == [] then $text else .outputs[] + $text[$end:] end;
def sub($re; replacement): sub($re; replacement; null);
def gsub($re; replacement; $flags): sub($re; replacement; ($flags // "") + "g");
def gsub($re; replacement): sub($re; replacement; "g");
.`

// prelude returns the definitions of the library, anew for each program, as the compiler may change them.
func prelude() []*gojq.FuncDef {
	query, err := gojq.Parse(library)
	if err != nil {
		panic(err) // it is a constant
	}
	return query.FuncDefs
}

// finder finds the matches of a regular expression one after the other.
type finder struct {
	whole *regexp.Regexp
	// later finds the next match in a text that begins one character earlier, so that assertions about what stands before
	// the match see that character. Its group 1 is the match.
	later *regexp.Regexp
}

// newFinder compiles a regular expression with the flags of jq that Go has: g, i, and m, by which a dot matches the end
// of a line too.
func newFinder(re, flags string) (*finder, error) {
	for _, flag := range flags {
		switch flag {
		case 'g':
		case 'i':
			re = "(?i)" + re
		case 'm':
			re = "(?s)" + re
		default:
			return nil, fmt.Errorf("unknown flag %q of a regular expression: want g, i or m", string(flag))
		}
	}
	whole, err := regexp.Compile(re)
	if err != nil {
		return nil, fmt.Errorf("invalid regular expression: %w", err)
	}
	later, err := regexp.Compile(`\A(?s:.)(?s:.*?)(` + re + `)`)
	if err != nil {
		return nil, fmt.Errorf("invalid regular expression: %w", err)
	}
	return &finder{whole, later}, nil
}

// find returns the bounds of the first match at or after a byte, and of its groups; nil if there is none.
func (f *finder) find(text string, from int) []int {
	if from == 0 {
		return f.whole.FindStringSubmatchIndex(text)
	}
	_, width := utf8.DecodeLastRuneInString(text[:from])
	bounds := f.later.FindStringSubmatchIndex(text[from-width:])
	if bounds == nil {
		return nil
	}
	bounds = bounds[2:]
	for i := range bounds {
		if bounds[i] >= 0 {
			bounds[i] += from - width
		}
	}
	return bounds
}

// matches iterates over the matches in a text, as objects in the form of jq's match.
type matches struct {
	ctx    context.Context //nolint:containedctx // an iterator has no other way to it
	finder *finder
	text   string
	global bool
	from   int // byte at which the next search begins; above the length: there is none
	last   int // byte up to which characters were counted
	chars  int // before it
	err    error
}

func (m *meter) matches(ctx context.Context, v, re, flags any) gojq.Iter {
	text, isText := v.(string)
	pattern, isPattern := re.(string)
	options, isOptions := flags.(string)
	switch {
	case !isText:
		return &matches{err: fmt.Errorf("only texts can be searched by a regular expression, not %s", gojq.TypeOf(v))}
	case !isPattern, !isOptions && flags != nil:
		return &matches{err: errors.New("a regular expression and its flags must be texts")}
	}
	key := [2]string{pattern, options}
	if m.finders[key] == nil {
		f, err := newFinder(pattern, options)
		if err != nil {
			return &matches{err: err}
		}
		if m.finders == nil {
			m.finders = map[[2]string]*finder{}
		}
		m.finders[key] = f
	}
	return &matches{ctx: ctx, finder: m.finders[key], text: text, global: strings.Contains(options, "g")}
}

// Next implements [gojq.Iter].
func (m *matches) Next() (any, bool) {
	switch {
	case m.err != nil:
		err := m.err
		m.err, m.from, m.text = nil, 1, ""
		return err, true
	case m.from > len(m.text):
		return nil, false
	case m.ctx.Err() != nil: // each search is short, all of them may not be
		m.from = len(m.text) + 1
		return m.ctx.Err(), true //nolint:wrapcheck // as the context gives it
	}
	bounds := m.finder.find(m.text, m.from)
	if bounds == nil {
		m.from = len(m.text) + 1
		return nil, false
	}
	start, end := bounds[0], bounds[1]
	switch _, width := utf8.DecodeRuneInString(m.text[end:]); {
	case !m.global:
		m.from = len(m.text) + 1
	case start == end:
		m.from = end + max(1, width)
	default:
		m.from = end
	}
	m.chars += utf8.RuneCountInString(m.text[m.last:start])
	m.last = start
	groups := m.finder.whole.SubexpNames()[1:]
	captures := make([]any, len(groups))
	for i, name := range groups {
		captures[i] = m.capture(name, bounds[2*i+2], bounds[2*i+3])
	}
	return map[string]any{
		"offset": m.chars, "length": utf8.RuneCountInString(m.text[start:end]), "string": m.text[start:end],
		"captures": captures,
	}, true
}

// capture describes a group of the match that begins at m.last.
func (m *matches) capture(name string, start, end int) any {
	c := map[string]any{"name": nil, "offset": -1, "length": 0, "string": nil}
	if name != "" {
		c["name"] = name
	}
	if start >= 0 {
		c["offset"] = m.chars + utf8.RuneCountInString(m.text[m.last:start])
		c["length"], c["string"] = utf8.RuneCountInString(m.text[start:end]), m.text[start:end]
	}
	return c
}
