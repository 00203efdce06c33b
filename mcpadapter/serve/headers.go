package serve

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// headerPrefix is the prefix of the headers with which a request narrows the server's limits.
const (
	headerPrefix = "X-MCP-"
	foldedPrefix = "xmcp" // as fold spells it
)

// headers returns the names of all headers with the prefix and an effect.
func headers() []string {
	return []string{
		toolsetsHeader, allowHeader, denyHeader, readOnlyHeader, confirmHeader, maxResultHeader, hideHeader,
	}
}

// checkHeaders rejects unknown headers with the prefix, in any spelling. Ignoring one would permit more than the caller
// wants.
func checkHeaders(header http.Header) error {
	var narrowing []string
	for name := range header {
		if narrows(name) {
			narrowing = append(narrowing, name)
		}
	}
	slices.Sort(narrowing)
	for _, name := range narrowing {
		same := func(known string) bool { return strings.EqualFold(name, known) }
		if slices.ContainsFunc(headers(), same) {
			continue
		}
		meant := suggest(name, headers())
		switch fold(name) { // names of other servers
		case "xmcptool", "xmcptools":
			meant = "; did you mean " + allowHeader + "?"
		case "xmcpexcludetool", "xmcpexcludetools":
			meant = "; did you mean " + denyHeader + "?"
		}
		return fmt.Errorf("the header %.80s is unknown%s", name, meant)
	}
	return nil
}

// narrows reports whether the name of a header begins with headerPrefix, in any spelling.
func narrows(name string) bool {
	rest := foldedPrefix
	for i := 0; i < len(name) && rest != ""; i++ {
		switch c := name[i]; {
		case c == '-' || c == '_':
		case c|0x20 != rest[0]: // in lower case
			return false
		default:
			rest = rest[1:]
		}
	}
	return rest == ""
}

// narrowed passes requests with a header that narrows to one handler, and the usual ones without to another.
func narrowed(with, without http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name := range r.Header {
			if narrows(name) {
				with.ServeHTTP(w, r)
				return
			}
		}
		without.ServeHTTP(w, r)
	})
}
