package client

import (
	"context"
	"net/http"

	"github.com/seed-f165d83c/workos/gen/optable"
)

// Middleware wraps each attempt of a call. It may change the request, call next or not, and change the response. It
// returns a response or an error, and must close the body of a response that it discards. It must be safe for
// concurrent use.
//
// The request has no credential yet; one is added if the request still has the origin of the call. [OperationOf]
// returns the operation. The client treats an error as a failed connection and retries if that is safe.
type Middleware func(req *http.Request, next Next) (*http.Response, error)

// Next sends a request to the next middleware or the server.
type Next = func(*http.Request) (*http.Response, error)

// Operation is an operation of the API.
type Operation struct {
	ID   string // such as organizations.get
	Path string // template, such as /organizations/{id}
}

type operationKey struct{}

// withOperation stores the operation in the context, for middleware and transports.
func withOperation(ctx context.Context, route *optable.Route) context.Context {
	if route == nil {
		return ctx
	}
	return context.WithValue(ctx, operationKey{}, route)
}

// OperationOf returns the operation of a request of this package, for middleware and transports. It returns false for
// other requests.
func OperationOf(req *http.Request) (Operation, bool) {
	route, ok := req.Context().Value(operationKey{}).(*optable.Route)
	if !ok {
		return Operation{}, false
	}
	return Operation{ID: route.ID, Path: route.Path}, true
}

// SpanName returns the operation's ID, else the method, as a span name without IDs of resources. It has the signature
// of otelhttp's span name formatter:
//
//	transport := otelhttp.NewTransport(http.DefaultTransport, otelhttp.WithSpanNameFormatter(workos.SpanName))
//	c, err := workos.New(key, workos.WithHTTPClient(&http.Client{Transport: transport}))
func SpanName(_ string, req *http.Request) string {
	if op, ok := OperationOf(req); ok {
		return op.ID
	}
	return req.Method
}
