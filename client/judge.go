package client

import (
	"net/http"
	"slices"
	"strings"

	"github.com/seed-f165d83c/workos/mcpadapter/optable"
)

// judge hands a success on, bounded, and makes an error of everything else.
func judge(limit int64) layer {
	return func(next handler) handler {
		return func(c *call) (*http.Response, error) {
			resp, err := next(c)
			if err != nil {
				return nil, err
			}
			switch {
			case isSuccess(resp.StatusCode) && !isMislabelled(c.route, resp):
				return limitBody(c, resp, limit)
			case isRedirect(resp) && c.route != nil && c.route.Redirect:
				return limitBody(c, resp, limit)
			}
			return nil, newError(c, resp)
		}
	}
}

func isSuccess(status int) bool {
	return status >= http.StatusOK && status < http.StatusMultipleChoices
}

// isMislabelled tells whether a success that is documented as JSON says that it is something else, such as the page of
// a proxy. The generated client would hand it on as an answer without content.
func isMislabelled(route *optable.Route, resp *http.Response) bool {
	return route != nil && slices.Contains(route.JSON, resp.StatusCode) &&
		!strings.Contains(resp.Header.Get("Content-Type"), "json")
}

func isRedirect(resp *http.Response) bool {
	return resp.StatusCode >= http.StatusMultipleChoices && resp.StatusCode < http.StatusBadRequest &&
		resp.Header.Get("Location") != ""
}
