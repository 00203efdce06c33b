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

// routing finds operations. Each index is built on first use, because most programs need only one.
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

// endpoints maps operations to their base URLs, and requests back to operations.
type endpoints struct {
	*routing

	base    *url.URL
	text    string              // base with a trailing slash
	path    string              // of base, escaped, without a trailing slash
	servers map[string]*url.URL // of operations on another server, by ID
}

func newEndpoints(base *url.URL, routes *routing) (*endpoints, error) {
	s := &endpoints{
		routing: routes,
		base:    base,
		text:    strings.TrimRight(base.String(), "/") + "/",
		path:    strings.TrimRight(base.EscapedPath(), "/"),
	}
	// Emulators and proxies serve all operations at one URL.
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

// isDefault compares URLs as RFC 3986 sections 6.2.2.1 and 6.2.3 do: ignoring the case of the host and a default port.
func isDefault(base *url.URL) bool {
	host := strings.TrimSuffix(strings.ToLower(base.Host), ":443")
	return base.Scheme+"://"+host == DefaultBaseURL && strings.Trim(base.Path, "/") == ""
}

// operation returns the route of an operation.
func (s *endpoints) operation(id string) *optable.Route { return s.byID()[id] }

// of returns the base URL of an operation.
func (s *endpoints) of(route *optable.Route) *url.URL {
	if server := s.servers[route.ID]; server != nil {
		return server
	}
	return s.base
}

// route returns the operation of a request, nil if there is none, and whether the URL is below the base URL.
func (s *endpoints) route(req *http.Request) (route *optable.Route, belowBase bool) {
	path, ok := s.below(req.URL)
	if !ok {
		return nil, false
	}
	return s.router().Match(req.Method, path), true
}

// below returns the part of the escaped path that follows the base URL. It rejects dot segments, which could leave it.
func (s *endpoints) below(target *url.URL) (string, bool) {
	if target.Opaque != "" || target.Scheme != s.base.Scheme || !strings.EqualFold(target.Host, s.base.Host) {
		return "", false
	}
	path, ok := strings.CutPrefix(target.EscapedPath(), s.path)
	return path, ok && strings.HasPrefix(path, "/") && !hasDotSegment(path)
}

// hasDotSegment reports whether an escaped path has a "." or ".." segment, escaped or not (RFC 3986 section 6.2.2.2).
func hasDotSegment(path string) bool {
	for segment := range strings.SplitSeq(path, "/") {
		if plain, err := url.PathUnescape(segment); err != nil || plain == "." || plain == ".." {
			return true
		}
	}
	return false
}

// parseBaseURL parses a base URL without a trailing slash. Errors never contain the URL: it may have a password, or be
// a key passed in the wrong place.
func parseBaseURL(text string) (*url.URL, error) {
	base, err := url.Parse(text)
	scheme, _, _ := strings.Cut(strings.ToLower(text), ":")
	switch {
	case scheme != "https" && scheme != "http": // also 127.0.0.1:4100, which does not parse
		return nil, errors.New("base URL must begin with https:// or http://")
	case err != nil: // err may quote a part of a password
		return nil, errors.New("invalid base URL (RFC 3986)")
	case base.Hostname() == "":
		return nil, errors.New("base URL has no host")
	case base.User != nil:
		return nil, errors.New("base URL contains a user name or password: use New or WithCredentials")
	case base.RawQuery != "" || base.ForceQuery || strings.Contains(text, "#"):
		return nil, errors.New("base URL has a query or a fragment")
	case strings.HasSuffix(base.Path, "/"):
		return nil, errors.New("base URL ends with an escaped slash")
	case hasDotSegment(base.EscapedPath()):
		return nil, errors.New(`base URL has a "." or ".." segment in its path`)
	}
	return base, nil
}
