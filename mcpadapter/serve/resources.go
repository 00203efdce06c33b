package serve

import (
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// calledAs returns the style in which a client names operations: in direct mode that of its tools.
func (f flags) calledAs(client string) mcpadapter.NameStyle {
	if f.mode != modeDirect {
		return mcpadapter.NamesDots
	}
	return f.names.styleFor(client)
}

// resourceScheme returns the scheme of URIs for a server's name: the name in lower case, with a hyphen for what a
// scheme cannot have (RFC 3986 section 3.1).
func resourceScheme(name string) string {
	scheme := strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '.' {
			return r
		}
		return '-'
	}, strings.ToLower(name))
	if scheme == "" || scheme[0] < 'a' {
		scheme = "api-" + scheme
	}
	return scheme
}
