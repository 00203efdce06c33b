package optable

import (
	"strings"
)

// Route is what is needed to recognize an operation by its request: a small part of the table for clients that need
// no more.
type Route struct {
	ID       string
	Method   string
	Path     string
	Servers  []string // as in Operation
	Security []string // as in Operation
	Redirect bool     // whether a redirect is a documented answer
	JSON     []int    // statuses whose documented answer is JSON
	// IdempotencyKey tells whether the operation takes an Idempotency-Key header, and so carries out a request that
	// comes twice with the same key once.
	IdempotencyKey bool
	// Reserved are the path values, each after its parameter's name, with which the URL would be that of another
	// operation: where there is GET /things/name/{name}, GET /things/{id}/metadata cannot have the id "name".
	Reserved [][2]string
}

// Router finds the route of a request. It is immutable and safe for concurrent use.
type Router struct{ root node }

type node struct {
	static map[string]*node
	param  *node
	routes []*Route // one a method
}

// NewRouter indexes the routes, which must not change afterwards.
func NewRouter(routes []Route) *Router {
	r := &Router{}
	for i := range routes {
		n := &r.root
		for seg := range strings.SplitSeq(strings.TrimPrefix(routes[i].Path, "/"), "/") {
			n = n.child(seg)
		}
		n.routes = append(n.routes, &routes[i])
	}
	return r
}

func (n *node) child(segment string) *node {
	if strings.HasPrefix(segment, "{") {
		if n.param == nil {
			n.param = &node{}
		}
		return n.param
	}
	if n.static[segment] == nil {
		if n.static == nil {
			n.static = map[string]*node{}
		}
		n.static[segment] = &node{}
	}
	return n.static[segment]
}

// Match returns the route of a method and an escaped path, or nil. A literal segment goes before a parameter, which
// takes one segment that is not empty.
func (r *Router) Match(method, path string) *Route {
	return r.root.match(method, strings.TrimPrefix(path, "/"))
}

func (n *node) match(method, path string) *Route {
	segment, rest, more := strings.Cut(path, "/")
	for _, next := range [2]*node{n.static[segment], n.param} {
		if next == nil || next == n.param && segment == "" {
			continue
		}
		if more {
			if route := next.match(method, rest); route != nil {
				return route
			}
			continue
		}
		for _, route := range next.routes {
			if route.Method == method {
				return route
			}
		}
	}
	return nil
}
