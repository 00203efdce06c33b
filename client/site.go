package client

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/mcpadapter/optable"
)

// site tells what a request is by where it goes.
type site struct {
	base    *url.URL
	path    string // of base, escaped, without a slash at its end
	router  *optable.Router
	servers map[string]*url.URL // by operation, of those that live elsewhere than base
}

func newSite(base *url.URL) (*site, error) {
	s := &site{
		base:    base,
		path:    strings.TrimRight(base.EscapedPath(), "/"),
		router:  optable.NewRouter(gen.Routes),
		servers: map[string]*url.URL{},
	}
	// Staging, emulators and proxies serve everything in one place.
	if !isDefault(base) {
		return s, nil
	}
	for i := range gen.Routes {
		route := &gen.Routes[i]
		if len(route.Servers) == 0 {
			continue
		}
		server, err := url.Parse(route.Servers[0])
		if err != nil {
			return nil, fmt.Errorf("server of %s: %w", route.ID, err)
		}
		s.servers[route.ID] = server
	}
	return s, nil
}

// isDefault compares as RFC 3986 section 6.2.2.1 and 6.2.3 do: without regard to the case of the host, and with the
// port that the scheme implies.
func isDefault(base *url.URL) bool {
	host := strings.TrimSuffix(strings.ToLower(base.Host), ":443")
	return base.Scheme+"://"+host == DefaultBaseURL && strings.Trim(base.Path, "/") == ""
}

func (s *site) call(req *http.Request) *call {
	c := &call{req: req}
	path, ok := s.below(req.URL)
	if !ok {
		return c
	}
	c.ours = true
	c.route = s.router.Match(method(req), path)
	if c.route != nil {
		c.server = s.servers[c.route.ID]
	}
	return c
}

// below returns the escaped path of a URL below the base URL. A dot segment could lead out of it again.
func (s *site) below(target *url.URL) (string, bool) {
	if target == nil || target.Opaque != "" || target.Scheme != s.base.Scheme ||
		!strings.EqualFold(target.Host, s.base.Host) {
		return "", false
	}
	path, ok := strings.CutPrefix(target.EscapedPath(), s.path)
	return path, ok && strings.HasPrefix(path, "/") && !hasDotSegment(path)
}

// hasDotSegment finds "." and ".." segments in an escaped path, which an escaped dot is one too
// (RFC 3986 section 6.2.2.2).
func hasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if plain, err := url.PathUnescape(segment); err != nil || plain == "." || plain == ".." {
			return true
		}
	}
	return false
}

// method is the method of a request, which is GET where a request built by hand leaves it out.
func method(req *http.Request) string { return cmp.Or(req.Method, http.MethodGet) }
