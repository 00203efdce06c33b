package serve

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// headerPrefix begins the headers by which a request narrows what the server permits.
const headerPrefix = "X-MCP-"

// headers returns the names of all headers with the prefix that set something.
func headers() []string {
	return []string{
		toolsetsHeader, allowHeader, denyHeader, readOnlyHeader, confirmHeader, maxResultHeader, hideHeader,
	}
}

// checkHeaders rejects unknown headers with the prefix, however it is written. To ignore one would be to permit more
// than was meant.
func checkHeaders(header http.Header) error {
	var similar []string
	for name := range header {
		if start := strings.TrimLeft(name, "-_"); start != "" && (start[0] == 'x' || start[0] == 'X') { // few do
			similar = append(similar, name)
		}
	}
	slices.Sort(similar)
	for _, name := range similar {
		same := func(known string) bool { return strings.EqualFold(name, known) }
		if !strings.HasPrefix(fold(name), fold(headerPrefix)) || slices.ContainsFunc(headers(), same) {
			continue
		}
		meant := suggest(name, headers())
		switch fold(name) { // what other servers call them
		case "xmcptool", "xmcptools":
			meant = "; did you mean " + allowHeader + "?"
		case "xmcpexcludetool", "xmcpexcludetools":
			meant = "; did you mean " + denyHeader + "?"
		}
		return fmt.Errorf("the header %.80s is unknown%s", name, meant)
	}
	return nil
}
