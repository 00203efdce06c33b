//go:build e2e

package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// request is a step of a scenario as a load generator sees it.
type request struct {
	method     string
	path, body []string // texts, and between them the names of those that were stored
	status     int      // expected
	stores     []stored
}

// stored is a field of a response that later requests need.
type stored struct{ field, name string }

// keyName is the name by which a player's API key is stored.
const keyName = "key"

// requestsOf reads a scenario of requests alone.
func requestsOf(s scenario) ([]request, error) {
	var all []request
	steps := strings.ReplaceAll(s.steps, `"sk_test"`, `"$`+keyName+`"`)
	for line := range strings.Lines(steps) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		before, after, _ := strings.Cut(line, " -> ")
		method, rest, _ := strings.Cut(before, " ")
		path, body, _ := strings.Cut(rest, " ")
		expected := strings.Fields(after)
		r := request{method: method, path: texts(path), body: texts(body)}
		var err error
		if r.status, err = strconv.Atoi(expected[0]); err != nil {
			return nil, err
		}
		for _, e := range expected[1:] {
			if field, name, stores := strings.Cut(e, ":="); stores {
				r.stores = append(r.stores, stored{field, name})
			}
		}
		all = append(all, r)
	}
	return all, nil
}

// texts parts a text at the names of what is stored. Those are the odd entries.
func texts(text string) []string {
	const mark = "\x00"
	return strings.Split(os.Expand(text, func(name string) string { return mark + name + mark }), mark)
}

// replay puts the requests of a scenario. It compares the statuses alone, and reads of the responses what later requests
// need.
func (p *player) replay(requests []request) error {
	clear(p.stored)
	p.stored[keyName] = p.key
	for i := range requests {
		r := &requests[i]
		path := p.filled(r.path)
		if err := p.exchange(r.method, path, p.filled(r.body)); err != nil {
			return err
		}
		if p.status != r.status {
			return fmt.Errorf("%s %s: got %d %s, want %d", r.method, path, p.status, p.peer.body, r.status)
		}
		for _, s := range r.stores {
			value, err := p.field(s.field)
			if err != nil {
				return fmt.Errorf("%s %s: %s: %w", r.method, path, s.field, err)
			}
			p.stored[s.name] = value
		}
	}
	return nil
}

func (p *player) filled(parts []string) string {
	if len(parts) == 1 {
		return parts[0]
	}
	var b strings.Builder
	for i, part := range parts {
		if i%2 == 1 {
			part = p.stored[part]
		}
		b.WriteString(part)
	}
	return b.String()
}

// field is a text of the last response.
func (p *player) field(name string) (value string, err error) {
	if parameter, ok := strings.CutPrefix(name, "location?"); ok {
		u, err := url.Parse(p.location)
		if err != nil {
			return "", err
		}
		value = u.Query().Get(parameter)
	} else {
		text := p.peer.body
		for part := range strings.SplitSeq(name, ".") {
			if text, err = within(text, part); err != nil {
				return "", err
			}
		}
		if err := json.Unmarshal(text, &value); err != nil {
			return "", err
		}
	}
	if value == "" {
		return "", fmt.Errorf("no text in %s %s", p.location, p.peer.body)
	}
	return value, nil
}

// within returns the text of a member or an item of a JSON text, which is valid: to decode all of it would take longer
// than what the request takes on this side.
func within(text []byte, name string) ([]byte, error) {
	isObject, at, index := text[0] == '{', 1, 0
	for at < len(text) && text[at] != '}' && text[at] != ']' {
		found := strconv.Itoa(index) == name
		if isObject {
			end := endOf(text, at)
			found = string(text[at+1:end-1]) == name
			at = end + len(":")
		}
		end := endOf(text, at)
		if found {
			return text[at:end], nil
		}
		at = end + len(",")
		index++
	}
	return nil, fmt.Errorf("no %q in %s", name, text)
}

// endOf is where a value ends that begins there.
func endOf(text []byte, at int) int {
	depth, quoted := 0, false
	for ; at < len(text); at++ {
		switch c := text[at]; {
		case quoted && c == '\\':
			at++
		case c == '"':
			if quoted = !quoted; !quoted && depth == 0 {
				return at + 1
			}
		case quoted:
		case c == '{' || c == '[':
			depth++
		case depth > 0 && (c == '}' || c == ']'):
			if depth--; depth == 0 {
				return at + 1
			}
		case depth == 0 && (c == ',' || c == '}' || c == ']'):
			return at
		}
	}
	return at
}
