package sandbox

import (
	"net"
	"regexp"
	"strings"
)

// wildcard stands in a registered redirect URI for a part of the first label of its host, or for the port of this
// machine.
const wildcard = "*"

// authority returns the host and the port of a URI, of which each may be a wildcard.
func authority(uri string) (host, port string) {
	_, host, _ = strings.Cut(uri, "://")
	if end := strings.IndexAny(host, "/?#"); end >= 0 {
		host = host[:end]
	}
	if colon := strings.LastIndexByte(host, ':'); colon > strings.LastIndexByte(host, ']') {
		return host[:colon], host[colon+1:]
	}
	return host, ""
}

// isRedirectPattern reports whether a text may be registered as a redirect URI: an absolute one, with one wildcard at
// most, where one may stand.
func isRedirectPattern(uri string) bool {
	if !strings.Contains(uri, wildcard) {
		return isAbsolute(uri)
	}
	host, port := authority(uri)
	label, domain, _ := strings.Cut(host, ".")
	switch {
	case strings.Count(uri, wildcard) > 1:
		return false
	case port == wildcard:
		return isLoopback(host) && isAbsolute(strings.Replace(uri, wildcard, "1", 1))
	case !strings.Contains(label, wildcard), !strings.Contains(domain, "."):
		return false // elsewhere, or below a top-level domain
	default:
		return isAbsolute(strings.Replace(uri, wildcard, "x", 1))
	}
}

func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(strings.Trim(host, "[]")).IsLoopback()
}

// matchesRedirect reports whether a redirect URI is a registered one, or one that its wildcard stands for.
func matchesRedirect(registered, uri string) bool {
	if registered == uri || !strings.Contains(registered, wildcard) {
		return registered == uri
	}
	stands := "[A-Za-z0-9_-]+"
	if _, port := authority(registered); port == wildcard {
		stands = "[0-9]+"
	}
	pattern := strings.Replace(regexp.QuoteMeta(registered), `\*`, stands, 1)
	return regexp.MustCompile("^" + pattern + "$").MatchString(uri)
}
