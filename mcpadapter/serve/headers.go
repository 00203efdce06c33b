package serve

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// headerPrefix is the prefix of the headers with which a request narrows the server's limits.
const headerPrefix = "X-MCP-"

// headers returns the names of all headers with the prefix and an effect.
func headers() []string {
	return []string{
		toolsetsHeader, allowHeader, denyHeader, readOnlyHeader, confirmHeader, maxResultHeader, hideHeader,
	}
}

// checkHeaders rejects unknown headers with the prefix, in any spelling. Ignoring one would permit more than the caller
// wants.
func checkHeaders(header http.Header) error {
	var similar []string
	for name := range header {
		if start := strings.TrimLeft(name, "-_"); start != "" && (start[0] == 'x' || start[0] == 'X') { // rare
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
