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
	"sync/atomic"
	"testing"
	"time"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

const querySecret = "s3cr3t-state"

func authorizeParams() *gen.SSOAuthorizeGetParams {
	state := querySecret
	return &gen.SSOAuthorizeGetParams{
		ClientID: "client_01", RedirectURI: "https://app.example/cb", ResponseType: "code", State: &state,
	}
}

func redirect(status int, location string) httpmock.Responder {
	return httpmock.NewStringResponder(status, `<a href="`+location+`">`).
		HeaderSet(http.Header{"Location": {location}, "Content-Type": {"text/html"}})
}

func TestDocumentedRedirectIsHandedOnUnfollowed(t *testing.T) {
	const location = "https://idp.example/login?state=" + querySecret
	w := newWire(redirect(http.StatusFound, location))
	followAll := &http.Client{
		Transport:     w,
		CheckRedirect: func(*http.Request, []*http.Request) error { return nil },
	}
	answer, err := newAPI(t, testKey, client.WithHTTPClient(followAll)).
		SSOAuthorizeGetWithResponse(t.Context(), authorizeParams())
	if err != nil {
		t.Fatalf("call: %v", err)
	}
	if got := answer.HTTPResponse.Header.Get("Location"); answer.HTTPResponse.StatusCode != 302 || got != location {
		t.Errorf("answer: got %d to %s, want 302 to %s", answer.HTTPResponse.StatusCode, got, location)
	}
	if len(w.sent) != 1 {
		t.Errorf("sent %d requests, want one", len(w.sent))
	}
}

func TestOtherRedirectIsAnError(t *testing.T) {
	for _, status := range []int{301, 302, 303, 307, 308} {
		w := newWire(redirect(status, "https://evil.example/o?code="+querySecret))
		_, err := newAPI(t, testKey, w.option()).OrganizationsGetWithResponse(t.Context(), "org_01")
		var failure *client.Error
		if !errors.As(err, &failure) || failure.StatusCode != status {
			t.Errorf("%d: got %v, want an *Error of that status", status, err)
			continue
		}
		if text := err.Error(); !strings.Contains(text, "https://evil.example") || strings.Contains(text, querySecret) {
			t.Errorf("%d: got %q, want the host of the target and nothing more", status, text)
		}
		if len(w.sent) != 1 {
			t.Errorf("%d: sent %d requests, want one", status, len(w.sent))
		}
	}
}

func TestRedirectWithoutTargetIsAnError(t *testing.T) {
	w := newWire(httpmock.NewStringResponder(http.StatusFound, ""))
	_, err := newAPI(t, testKey, w.option()).SSOAuthorizeGetWithResponse(t.Context(), authorizeParams())
	if _, ok := errors.AsType[*client.Error](err); !ok {
		t.Errorf("got %v, want an *Error", err)
	}
}

func TestLogoutLivesOnItsOwnHost(t *testing.T) {
	for _, tt := range []struct {
		opts []client.Option
		want string
	}{
		{nil, "https://auth.workos.com/sso/logout"},
		{[]client.Option{client.WithBaseURL("https://api.workos.com/")}, "https://auth.workos.com/sso/logout"},
		{[]client.Option{client.WithBaseURL("https://api.workos-test.com")}, "https://api.workos-test.com/sso/logout"},
		{[]client.Option{client.WithBaseURL("http://127.0.0.1:4010/v1")}, "http://127.0.0.1:4010/v1/sso/logout"},
	} {
		w := newWire(redirect(http.StatusFound, "https://idp.example"))
		api := newAPI(t, testKey, append(tt.opts, w.option())...)
		if _, err := api.SSOLogoutGetWithResponse(t.Context(), &gen.SSOLogoutGetParams{Token: "t"}); err != nil {
			t.Errorf("logout: %v", err)
		}
		if got, want := w.sent[0].URL.String(), tt.want+"?token=t"; got != want {
			t.Errorf("logout: got %s, want %s", got, want)
		}
		if w.sent[0].Host != w.sent[0].URL.Host {
			t.Errorf("Host header: got %q, want %q", w.sent[0].Host, w.sent[0].URL.Host)
		}
		body := gen.SSOLogoutAuthorizeCreateJSONRequestBody{}
		_, _ = api.SSOLogoutAuthorizeCreateWithResponse(t.Context(), body)
		if got, want := w.sent[1].URL.String(), tt.want+"/authorize"; got != want {
			t.Errorf("authorize: got %s, want %s", got, want)
		}
		if got := w.sent[1].Header.Get("Authorization"); got != "Bearer "+testKey {
			t.Errorf("authorize: Authorization: got %q, want the key", got)
		}
	}
}

func TestOperationsElsewhereNameAnOrigin(t *testing.T) {
	for i := range gen.Routes {
		for _, server := range gen.Routes[i].Servers {
			if u, err := url.Parse(server); err != nil || u.Scheme != "https" || u.Host == "" || u.Path != "" {
				t.Errorf("%s: server %q is not an https origin", gen.Routes[i].ID, server)
			}
		}
	}
}

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

func TestUnreadableRedirectTargetIsNotShown(t *testing.T) {
	w := newWire(redirect(http.StatusFound, "/cb%zz?code="+querySecret))
	_, err := newAPI(t, testKey, w.option()).SSOAuthorizeGetWithResponse(t.Context(), authorizeParams())
	if err == nil || strings.Contains(err.Error(), querySecret) {
		t.Errorf("got %v, want an error without the target's query", err)
	}
}

// untilGone answers nothing before the client has gone, or ten minutes have, which ends a hang.
func untilGone(_ http.ResponseWriter, req *http.Request) {
	select {
	case <-req.Context().Done():
	case <-time.After(10 * time.Minute):
	}
}

func TestCancellationAndDeadlineHold(t *testing.T) {
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

func TestBrokenBodyNamesTheOperation(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, anOrg[:20])
	})
	_, err := newAPI(t, testKey, client.WithBaseURL(base), once()).OrganizationsGetWithResponse(t.Context(), "org_01")
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.HasPrefix(err.Error(), "organizations.get: ") {
		t.Errorf("got %v, want io.ErrUnexpectedEOF of organizations.get", err)
	}
}

func TestTooLargeSuccessIsAnError(t *testing.T) {
	const limit = int64(len(anOrg))
	for _, tt := range []struct {
		name    string
		body    string
		declare bool
		want    bool
	}{
		{"fits, declared", anOrg, true, false},
		{"fits, chunked", anOrg, false, false},
		{"a byte more, declared", anOrg + " ", true, true},
		{"a byte more, chunked", anOrg + " ", false, true},
		{"much more, chunked", anOrg + strings.Repeat(" ", 1<<20), false, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				if !tt.declare {
					w.WriteHeader(http.StatusOK)
					_ = http.NewResponseController(w).Flush()
				}
				_, _ = io.WriteString(w, tt.body)
			})
			api := newAPI(t, testKey, client.WithBaseURL(base), client.WithMaxResponseBytes(limit))
			answer, err := api.OrganizationsGetWithResponse(t.Context(), "org_01")
			if got := errors.Is(err, client.ErrResponseTooLarge); got != tt.want {
				t.Fatalf("too large: got %t (%v), want %t", got, err, tt.want)
			}
			if !tt.want {
				if err != nil || answer.JSON200.ID != "org_01" {
					t.Errorf("got %v, want the answer", err)
				}
				return
			}
			var failure *client.Error
			if !errors.As(err, &failure) || failure.Operation != "organizations.get" || failure.StatusCode != 200 {
				t.Errorf("got %v, want an *Error of organizations.get with status 200", err)
			}
			if !strings.Contains(err.Error(), fmt.Sprintf("limit of %d bytes", limit)) {
				t.Errorf("text: got %q, want it to say the limit", err)
			}
		})
	}
}

func TestErrorsKeepTheConnection(t *testing.T) {
	var connections atomic.Int32
	base := serve(t, func(w http.ResponseWriter, req *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		_, _ = io.WriteString(w, strings.Repeat("x", 200<<10))
		_ = req.Body.Close()
	})
	transport := &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		connections.Add(1)
		return (&net.Dialer{}).DialContext(ctx, network, addr)
	}}
	defer transport.CloseIdleConnections()
	api := newAPI(t, testKey, client.WithBaseURL(base), client.WithHTTPClient(&http.Client{Transport: transport}), once())
	for range 5 {
		var failure *client.Error
		if _, err := api.OrganizationsGetWithResponse(t.Context(), "org_01"); !errors.As(err, &failure) {
			t.Fatalf("got %v, want an *Error", err)
		}
		if len(failure.Body) != 64<<10 || !failure.Truncated {
			t.Errorf("body: got %d bytes, truncated %t; want 64 KiB, true", len(failure.Body), failure.Truncated)
		}
	}
	if got := connections.Load(); got != 1 {
		t.Errorf("connections: got %d, want 1", got)
	}
}

func TestEndlessErrorBodyIsCut(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadGateway)
		for range 64 << 20 / (4 << 10) { // 64 MiB are as good as no end
			if _, err := io.WriteString(w, strings.Repeat("x", 4<<10)); err != nil {
				return
			}
		}
	})
	_, err := newAPI(t, testKey, client.WithBaseURL(base), once()).OrganizationsGetWithResponse(t.Context(), "org_01")
	var failure *client.Error
	if !errors.As(err, &failure) || !failure.Truncated || len(err.Error()) > 512 {
		t.Errorf("got %v, want a short *Error of a truncated body", err)
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
