package client

import "net/http"

// judge hands a success on, bounded, and makes an error of everything else.
func judge(limit int64) layer {
	return func(next handler) handler {
		return func(c *call) (*http.Response, error) {
			resp, err := next(c)
			if err != nil {
				return nil, err
			}
			if isSuccess(resp.StatusCode) || isRedirect(resp) && c.route != nil && c.route.Redirect {
				return limitBody(c, resp, limit)
			}
			return nil, newError(c, resp)
		}
	}
}

func isSuccess(status int) bool {
	return status >= http.StatusOK && status < http.StatusMultipleChoices
}

func isRedirect(resp *http.Response) bool {
	return resp.StatusCode >= http.StatusMultipleChoices && resp.StatusCode < http.StatusBadRequest &&
		resp.Header.Get("Location") != ""
}
