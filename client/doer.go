package client

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"

	"github.com/seed-f165d83c/workos/mcpadapter/optable"
)

// call is one request on its way.
type call struct {
	scrubber // of the request's credentials

	req    *http.Request  // as the generated client made it; not changed
	route  *optable.Route // nil: not an operation of the API
	server *url.URL       // in place of the base URL's scheme and host; nil: the base URL's
	ours   bool           // whether it goes below the base URL, and so may carry a credential
	bearer string         // credential to send; "": none
}

// operation is the operation's ID, or "".
func (c *call) operation() string {
	if c.route == nil {
		return ""
	}
	return c.route.ID
}

// name is how errors call it.
func (c *call) name() string { return cmp.Or(c.operation(), method(c.req)+" request") }

// path is the operation's path template, or "". Unlike the path it holds no values.
func (c *call) path() string {
	if c.route == nil {
		return ""
	}
	return c.route.Path
}

// handler carries a call out. Its error is final: either no response or no error.
type handler func(*call) (*http.Response, error)

// layer does something around a handler.
type layer func(next handler) handler

// chain puts layers around a handler, the first of them outermost.
func chain(last handler, layers ...layer) handler {
	for _, around := range slices.Backward(layers) {
		last = around(last)
	}
	return last
}

// doer is the gen.HttpRequestDoer between the generated client and the HTTP client.
type doer struct {
	site   *site
	handle handler
}

// newDoer builds the chain. Retries and middleware belong between authorize and judge: there a call has its credential,
// but in no header yet, a failure is an error already, and next can be called again, with the body of GetBody.
func newDoer(base *url.URL, credentials Credentials, cfg *config) (*doer, error) {
	site, err := newSite(base)
	if err != nil {
		return nil, err
	}
	return &doer{
		site: site,
		handle: chain(send(cfg.httpClient, cfg.userAgent),
			authorize(credentials),
			judge(cfg.maxResponse),
		),
	}, nil
}

// Do sends a request of the generated client, or one built by hand.
func (d *doer) Do(req *http.Request) (*http.Response, error) {
	return d.handle(d.site.call(req))
}
