package serve

import (
	"slices"
	"strings"
)

// forwardedHop is an element of the header Forwarded (RFC 7239 section 4): what one proxy says about its client.
type forwardedHop struct{ node, host, proto string }

// forwardedHops returns the elements of the header, the nearest proxy's last. A line that cannot be read, such as one
// of the client with an open quote, hides those before it, and none after it.
func forwardedHops(lines []string) []forwardedHop {
	var hops []forwardedHop
	for _, line := range slices.Backward(lines) {
		here, ok := parseForwarded(line)
		if !ok {
			break
		}
		hops = append(here, hops...)
	}
	return hops
}

// parseForwarded returns the elements of a line. It returns false and nothing if the syntax is wrong anywhere, as
// nobody can tell then which quotes belong together.
func parseForwarded(line string) ([]forwardedHop, bool) {
	s := forwardedScanner{rest: line}
	var hops []forwardedHop
	for {
		s.space()
		if s.take(',') { // lists may have empty elements, RFC 9110 section 5.6.1.2
			continue
		}
		if s.rest == "" {
			return hops, true
		}
		hop, ok := s.element()
		if !ok {
			return nil, false
		}
		hops = append(hops, hop)
	}
}

// forwardedScanner reads the header from its beginning.
type forwardedScanner struct{ rest string }

func (s *forwardedScanner) space() { s.rest = strings.TrimLeft(s.rest, " \t") }

// take reads a character if it is next.
func (s *forwardedScanner) take(c byte) bool {
	if s.rest == "" || s.rest[0] != c {
		return false
	}
	s.rest = s.rest[1:]
	return true
}

// element reads pairs up to a comma or the end.
func (s *forwardedScanner) element() (hop forwardedHop, ok bool) {
	seen := map[string]bool{}
	for {
		s.space()
		if s.rest != "" && s.rest[0] != ';' && s.rest[0] != ',' {
			name := strings.ToLower(s.token())
			if name == "" || seen[name] || !s.take('=') { // each occurs once, RFC 7239 section 4
				return hop, false
			}
			seen[name] = true
			value, ok := s.value()
			if !ok {
				return hop, false
			}
			switch name {
			case "for":
				hop.node = value
			case "host":
				hop.host = value
			case "proto":
				hop.proto = value
			}
			s.space()
		}
		switch {
		case s.take(';'):
		case s.rest == "" || s.rest[0] == ',':
			return hop, true
		default:
			return hop, false
		}
	}
}

// token reads a token (RFC 9110 section 5.6.2), which is empty if there is none. As some proxies do, it accepts the
// colons and brackets of addresses without quotes.
func (s *forwardedScanner) token() string {
	end := strings.IndexFunc(s.rest, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') &&
			!strings.ContainsRune("!#$%&'*+-.^_`|~:[]", r)
	})
	if end < 0 {
		end = len(s.rest)
	}
	token := s.rest[:end]
	s.rest = s.rest[end:]
	return token
}

// value reads a token or a quoted string (RFC 9110 section 5.6.4).
func (s *forwardedScanner) value() (string, bool) {
	if !s.take('"') {
		token := s.token()
		return token, token != ""
	}
	var b strings.Builder
	for i := 0; i < len(s.rest); i++ {
		switch c := s.rest[i]; c {
		case '"':
			s.rest = s.rest[i+1:]
			return b.String(), true
		case '\\':
			if i++; i == len(s.rest) {
				return "", false
			}
			b.WriteByte(s.rest[i])
		default:
			b.WriteByte(c)
		}
	}
	return "", false
}
