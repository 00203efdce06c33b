package authkit

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

const maxReturn = 1 << 10 // bytes

// redirect writes a redirect to target to the letter, whereas [http.Redirect] rewrites paths such as "/p/https://x".
func redirect(w http.ResponseWriter, target string, status int) {
	var location strings.Builder
	for i := range len(target) {
		if c := target[i]; c > ' ' && c < 0x7f {
			location.WriteByte(c)
		} else {
			fmt.Fprintf(&location, "%%%02X", c)
		}
	}
	w.Header().Set("Location", location.String())
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
}

// returnPath reports whether text is a path of this server, possibly with a query, as browsers parse it: "//host" and
// "/\host" are other servers, and tabs and line breaks are dropped (WHATWG URL, section 4.4).
func returnPath(text string) (string, bool) {
	if text == "" || len(text) > maxReturn || text[0] != '/' || strings.HasPrefix(text, "//") {
		return "", false
	}
	for i := range len(text) {
		if text[i] <= ' ' || text[i] == '\\' || text[i] == '\x7f' {
			return "", false
		}
	}
	parsed, err := url.Parse(text)
	if err != nil || parsed.Scheme != "" || parsed.Host != "" || parsed.User != nil {
		return "", false
	}
	return text, true
}
