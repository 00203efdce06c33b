package optable

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Route is what is needed to recognize an operation by its request: a small part of the table for clients that need
// no more.
type Route struct {
	ID       string
	Method   string
	Path     string
	Servers  []string // as in Operation
	Security []string // as Alternatives writes those of Operation
	Redirect bool     // whether a redirect is a documented response
	JSON     []int    // statuses whose documented response is JSON
	// IdempotencyKey tells whether the operation takes an Idempotency-Key header, and so carries out a request that
	// comes twice with the same key once.
	IdempotencyKey bool
	// Reserved are the path values, each after its parameter's name, with which the URL would be that of another
	// operation: those of [Router.Reserved].
	Reserved [][2]string
	// Exclusive are the alternatives among fields, as in Operation.
	Exclusive []Exclusive
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

// Conflict finds a path value that would make the URL that of another route: where there is GET /things/name/{name},
// GET /things/{id}/metadata cannot have the id "name". The values are those of the route's path parameters, not
// escaped. It returns the parameter and the other route, or "" and nil. This is the one place that decides so; what
// the SDK checks without a router is what [Router.Reserved] found when it was generated.
func (r *Router) Conflict(route *Route, value func(parameter string) string) (parameter string, other *Route) {
	const room = 50 // for the values
	path := make([]byte, 0, len(route.Path)+room)
	for segment := range strings.SplitSeq(strings.TrimPrefix(route.Path, "/"), "/") {
		if name, isParameter := parameterOf(segment); isParameter {
			segment = url.PathEscape(value(name))
		}
		path = append(append(path, '/'), segment...)
	}
	other = r.Match(route.Method, string(path))
	if other == nil || other.ID == route.ID {
		return "", nil
	}
	theirs := strings.Split(other.Path, "/") // as many, as every parameter takes one segment
	for i, segment := range strings.Split(route.Path, "/") {
		name, isParameter := parameterOf(segment)
		if _, likewise := parameterOf(theirs[i]); isParameter && !likewise {
			return name, other
		}
	}
	return "", nil // two routes of one shape
}

// Reserved lists the values that a path parameter of the route cannot have, each after the parameter's name, because
// they would make the URL that of another route whatever the other parameters are.
func (r *Router) Reserved(route *Route) [][2]string {
	var reserved [][2]string
	literals := map[string]bool{}
	r.root.literals(literals)
	for segment := range strings.SplitSeq(route.Path, "/") {
		name, isParameter := parameterOf(segment)
		if !isParameter {
			continue
		}
		for _, literal := range slices.Sorted(maps.Keys(literals)) {
			if _, other := r.Conflict(route, func(parameter string) string {
				if parameter == name {
					return literal
				}
				return "{" + parameter + "}" // is no fixed segment
			}); other != nil {
				reserved = append(reserved, [2]string{name, literal})
			}
		}
	}
	return reserved
}

func (n *node) literals(found map[string]bool) {
	for segment, next := range n.static {
		found[segment] = true
		next.literals(found)
	}
	if n.param != nil {
		n.param.literals(found)
	}
}

// parameterOf returns the name of the parameter that a segment of a path template is.
func parameterOf(segment string) (name string, isParameter bool) {
	if name, isParameter = strings.CutPrefix(segment, "{"); !isParameter {
		return "", false
	}
	return strings.TrimSuffix(name, "}"), true
}
