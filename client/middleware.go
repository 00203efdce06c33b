package client

import (
	"context"
	"net/http"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Middleware does something around one attempt of a call: it may change the request, call next or not, and change the
// response. It returns a response or an error, and closes the body of a response that it does not return.
//
// The request has no credential yet, and gets one only if it still goes to the server that the call is for.
// [OperationOf] tells which operation it is. An error counts as a connection that failed: what may be repeated then is.
// Middleware must be safe for concurrent use.
type Middleware func(req *http.Request, next Next) (*http.Response, error)

// Next sends a request on.
type Next = func(*http.Request) (*http.Response, error)

// Operation is what a request calls.
type Operation struct {
	ID   string // such as organizations.get
	Path string // template, such as /organizations/{id}
}

type operationKey struct{}

// withOperation makes the operation known to middleware and transports.
func withOperation(ctx context.Context, route *optable.Route) context.Context {
	if route == nil {
		return ctx
	}
	return context.WithValue(ctx, operationKey{}, route)
}

// OperationOf returns the operation of a request that this package sends, for middleware and transports; false for a
// request that is none.
func OperationOf(req *http.Request) (Operation, bool) {
	route, ok := req.Context().Value(operationKey{}).(*optable.Route)
	if !ok {
		return Operation{}, false
	}
	return Operation{ID: route.ID, Path: route.Path}, true
}

// SpanName names a span by its operation, or else by its method, and so without IDs. Its form is that of otelhttp:
//
//	transport := otelhttp.NewTransport(http.DefaultTransport, otelhttp.WithSpanNameFormatter(client.SpanName))
//	c, err := client.New(key, client.WithHTTPClient(&http.Client{Transport: transport}))
func SpanName(_ string, req *http.Request) string {
	if op, ok := OperationOf(req); ok {
		return op.ID
	}
	return req.Method
}
