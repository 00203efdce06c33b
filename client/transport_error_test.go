package client_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
)

func TestTransportFailureNamesTheOperationAndWrapsItsCause(t *testing.T) {
	cause := errors.New("dial " + testKey)
	w := newWire(httpmock.NewErrorResponder(cause))
	_, err := newAPI(t, testKey, w.option(), once()).SSOAuthorizeGetWithResponse(t.Context(), authorizeParams())
	if !errors.Is(err, cause) {
		t.Fatalf("got %v, want it to wrap the transport's error", err)
	}
	if want := `sso.authorize.get: Get "https://api.workos.com/sso/authorize": dial [redacted]`; err.Error() != want {
		t.Errorf("text: got %q, want %q", err, want)
	}
	var wrapped *url.Error
	if !errors.As(err, &wrapped) || strings.Contains(wrapped.Error(), querySecret) {
		t.Errorf("*url.Error: got %v, want one without the query", wrapped)
	}
}

func TestTransportFailureHidesPathValuesAndNestedQueries(t *testing.T) {
	w := newWire(httpmock.NewErrorResponder(
		fmt.Errorf("proxy: %w", &url.Error{Op: "Connect", URL: "https://p/?a=" + querySecret, Err: io.ErrUnexpectedEOF})))
	_, err := newAPI(t, testKey, w.option(), once()).
		UserManagementInvitationsByTokenGetWithResponse(t.Context(), querySecret)
	if !errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), querySecret) {
		t.Errorf("got %v, want io.ErrUnexpectedEOF and no token", err)
	}
}

// The URL of a proxy that cannot be parsed has a password, and its error quotes parts of it.
func TestTransportFailureHidesAProxyThatCannotBeParsed(t *testing.T) {
	for _, password := range []string{
		"s3cr/et", "s3cr#et", "s3cr?et", "s3cr et", "s3cr%et", `s3cr"et`, "s3cr[et", "s3cr\net",
	} {
		sent := 0
		base := serve(t, func(http.ResponseWriter, *http.Request) { sent++ })
		proxy := func(*http.Request) (*url.URL, error) {
			return url.Parse("http://user:" + password + "@proxy.example:3128")
		}
		for name, failing := range map[string]func(*http.Request) (*url.URL, error){
			"itself": proxy,
			"wrapped": func(r *http.Request) (*url.URL, error) {
				_, err := proxy(r)
				return nil, fmt.Errorf("read PROXY: %w", err)
			},
		} {
			c := newClient(t, testKey, once(), client.WithBaseURL(base),
				client.WithHTTPClient(&http.Client{Transport: &http.Transport{Proxy: failing}}))
			_, err := c.Organizations.Get(t.Context(), "org_01")
			if err == nil || strings.Contains(err.Error(), "s3cr") || strings.Contains(err.Error(), "et@") ||
				!strings.Contains(err.Error(), "URL") {
				t.Errorf("%q %s: got %v, want an error about a URL without the password", password, name, err)
			}
		}
		if sent > 0 {
			t.Errorf("%q: %d requests were sent", password, sent)
		}
	}
}

func TestCancellationAndDeadlineEndTheCall(t *testing.T) {
	base := serve(t, untilGone)
	api := newAPI(t, testKey, client.WithBaseURL(base))

	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := api.OrganizationsGetWithResponse(ctx, "org_01"); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: got %v, want context.Canceled", err)
	}

	ctx, cancel = context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err := api.OrganizationsGetWithResponse(ctx, "org_01")
	var timeout net.Error
	if !errors.Is(err, context.DeadlineExceeded) || !errors.As(err, &timeout) || !timeout.Timeout() {
		t.Errorf("deadline: got %v, want context.DeadlineExceeded that is a time-out", err)
	}
	if err == nil || !strings.HasPrefix(err.Error(), "organizations.get: ") {
		t.Errorf("text: got %v, want it to begin with the operation", err)
	}
}

func TestCauseOfAContextIsKeptWithItsError(t *testing.T) {
	reason := errors.New("the user left")
	for _, transport := range []http.RoundTripper{
		http.DefaultTransport,
		httpmock.NewMockTransport(),
	} {
		base := serve(t, untilGone)
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(10*time.Millisecond, func() { cancel(reason) })
		if transport != http.DefaultTransport {
			cancel(reason)
		}
		c := newClient(t, testKey, client.WithBaseURL(base), client.WithHTTPClient(&http.Client{Transport: transport}))
		_, err := c.Organizations.Get(ctx, "org_01")
		if !errors.Is(err, context.Canceled) || !errors.Is(err, reason) {
			t.Errorf("got %v, want it to be both context.Canceled and its cause", err)
		}
	}
}

// untilGone sends nothing before the client has gone, or ten minutes have, which ends a hang.
func untilGone(_ http.ResponseWriter, req *http.Request) {
	select {
	case <-req.Context().Done():
	case <-time.After(10 * time.Minute):
	}
}
