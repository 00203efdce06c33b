package serve

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"github.com/seed-f165d83c/workos/mcpadapter"
)

// checkProxy is for [http.Transport.OnProxyConnectResponse]. Without it the error is the text of the status alone, as
// if the API had responded with it.
func checkProxy(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
	if resp.StatusCode == http.StatusOK {
		return nil
	}
	return &proxyError{proxy.Host, resp.StatusCode} // without the credentials of the URL
}

// proxyError reports a proxy that does not connect to the API.
type proxyError struct {
	host   string
	status int
}

func (e *proxyError) Error() string {
	return fmt.Sprintf("the proxy %s does not connect to the API: %d %s", e.host, e.status, http.StatusText(e.status))
}

// Retryable reports whether the proxy may connect later.
func (e *proxyError) Retryable() bool { return e.status >= http.StatusInternalServerError }

// Failure is for [mcpadapter.UnsentError].
func (e *proxyError) Failure() *mcpadapter.Failure {
	advice := "The operator of this server must check HTTPS_PROXY and NO_PROXY."
	if e.status == http.StatusProxyAuthRequired {
		advice = "The operator of this server must set a valid user name and password in HTTPS_PROXY."
	}
	return &mcpadapter.Failure{Code: "proxy_refused", Message: e.Error() + "; nothing was sent", Advice: advice}
}
