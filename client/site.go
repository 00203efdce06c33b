package client

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"

	"github.com/seed-f165d83c/workos/gen"
	"github.com/seed-f165d83c/workos/gen/optable"
)

// routing finds operations. Each index is made when it is first needed, as a program that uses few calls has no need
// of the other.
type routing struct {
	byID   func() map[string]*optable.Route
	router func() *optable.Router
}

func newRouting() *routing {
	return &routing{
		byID: sync.OnceValue(func() map[string]*optable.Route {
			index := make(map[string]*optable.Route, len(gen.Routes))
			for i := range gen.Routes {
				index[gen.Routes[i].ID] = &gen.Routes[i]
			}
			return index
		}),
		router: sync.OnceValue(func() *optable.Router { return optable.NewRouter(gen.Routes) }),
	}
}

// site is where the operations live.
type site struct {
	*routing

	base    *url.URL
	text    string              // base, with a slash at its end
	path    string              // of base, escaped, without a slash at its end
	servers map[string]*url.URL // by operation, of those that live elsewhere than base
}

func newSite(base *url.URL, routes *routing) (*site, error) {
	s := &site{
		routing: routes,
		base:    base,
		text:    strings.TrimRight(base.String(), "/") + "/",
		path:    strings.TrimRight(base.EscapedPath(), "/"),
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
		if s.servers == nil {
			s.servers = map[string]*url.URL{}
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

// operation returns the route of an operation.
func (s *site) operation(id string) *optable.Route { return s.byID()[id] }

// of returns the base URL of an operation.
func (s *site) of(route *optable.Route) *url.URL {
	if server := s.servers[route.ID]; server != nil {
		return server
	}
	return s.base
}

// route returns the operation of a request, nil if it is none, and whether the request goes below the base URL.
func (s *site) route(req *http.Request) (route *optable.Route, ours bool) {
	path, ok := s.below(req.URL)
	if !ok {
		return nil, false
	}
	return s.router().Match(req.Method, path), true
}

// below returns the escaped path of a URL below the base URL. A dot segment could lead out of it again.
func (s *site) below(target *url.URL) (string, bool) {
	if target.Opaque != "" || target.Scheme != s.base.Scheme || !strings.EqualFold(target.Host, s.base.Host) {
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

// parseBaseURL parses a text without a slash at its end. It never puts the URL into an error: it may hold a password,
// or be a key given in the wrong place.
func parseBaseURL(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	if err != nil { // which names the part that is wrong, such as half of a password
		return nil, errors.New("base URL: it is no URL (RFC 3986)")
	}
	switch {
	case base.Scheme != "https" && base.Scheme != "http":
		return nil, errors.New("base URL does not begin with https:// or http://")
	case base.Hostname() == "":
		return nil, errors.New("base URL has no host")
	case base.User != nil:
		return nil, errors.New("base URL holds a user name or password; credentials go into New or WithCredentials")
	case base.RawQuery != "" || base.ForceQuery || strings.Contains(text, "#"):
		return nil, errors.New("base URL has a query or a fragment")
	case strings.HasSuffix(base.Path, "/"):
		return nil, errors.New("base URL ends with an escaped slash")
	case hasDotSegment(base.EscapedPath()):
		return nil, errors.New(`base URL has a "." or ".." segment in its path`)
	}
	return base, nil
}
