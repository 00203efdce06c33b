package client_test

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestResponseWithoutTheDocumentedObjectIsAnError(t *testing.T) {
	for status, body := range map[int]string{http.StatusNoContent: "", http.StatusAccepted: "", http.StatusOK: " null\n"} {
		c := newClient(t, testKey, client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(*http.Request) (*http.Response, error) { return byHand(status, body), nil })}))
		got, err := c.Organizations.Get(t.Context(), "org_01")
		var failed *client.Error
		if got != nil || !errors.Is(err, client.ErrInvalidResponse) || !errors.As(err, &failed) || failed.Truncated {
			t.Errorf("%d: got %v, %v; want ErrInvalidResponse with the whole body", status, got, err)
		}
	}
}

func TestRedirectIsHandedOnOnlyWhereItIsDocumented(t *testing.T) {
	const target = "https://idp.example/login?state=s"
	for status := 299; status <= 401; status++ {
		for _, to := range []string{target, ""} {
			c := replying(t, location(status, to))
			got, err := c.SSO.Authorize.Get(t.Context(), authorizeParams())
			switch {
			case status >= 300 && status <= 399 && to != "":
				if err != nil || got.StatusCode != status || got.Location.String() != target {
					t.Errorf("%d to %q: got %v, %v; want it handed on", status, to, got, err)
				}
			case status == 299:
				if err != nil || got.Location.String() != "https://body.example/" {
					t.Errorf("%d: got %v, %v; want the URL of the body", status, got, err)
				}
			default:
				if err == nil || got != nil {
					t.Errorf("%d to %q: got %v, want an error", status, to, got)
				}
			}
			if status < 300 {
				continue
			}
			want := ""
			if status < 400 && to != "" {
				want = "redirect to https://idp.example, which is not followed"
			}
			_, hand := handMade(c, handBuilt(t, http.MethodGet, "https://api.workos.com/new", ""))
			for name, err := range map[string]error{"another": c.Organizations.Delete(t.Context(), "org_01"), "by hand": hand} {
				var failed *client.Error
				if !errors.As(err, &failed) || failed.Message != want || failed.StatusCode != status ||
					errors.Unwrap(failed) != nil {
					t.Errorf("%d to %q, %s: got %v, want an error with the message %q", status, to, name, err, want)
				}
			}
		}
	}
}

func TestRedirectWithoutAURLIsAnError(t *testing.T) {
	_, err := replying(t, location(http.StatusFound, "https://h/%zz?code=c0de")).SSO.
		Authorize.Get(t.Context(), authorizeParams())
	const want = "sso.authorize.get: 302 invalid_response: invalid response: invalid URL in Location"
	var failed *client.Error
	if fmt.Sprint(err) != want || !errors.Is(err, client.ErrInvalidResponse) || !errors.As(err, &failed) ||
		!strings.Contains(string(failed.Body), "body.example") {
		t.Errorf("got %v, want %s", err, want)
	}
	for target, want := range map[string]string{
		"https://h/%zz?code=c0de": "redirect, which is not followed", "/relative?code=c0de": "redirect, which is not " +
			"followed",
		"mailto:a@b": "redirect, which is not followed", "https://u:p@h:8/x?code=c0de#f": "redirect to https://h:8, " +
			"which is not followed", "//h/x": "redirect to ://h, which is not followed",
	} {
		err := replying(t, location(http.StatusFound, target)).Organizations.Delete(t.Context(), "org_01")
		if !errors.As(err, &failed) || failed.Message != want {
			t.Errorf("%s: got %v, want %s", target, err, want)
		}
	}
}

func TestRedirectOfABodyIsRead(t *testing.T) {
	for body, want := range map[string]string{
		`{"url":"https://h/?a=b"}`: "https://h/?a=b", `{"url":""}`: "<nil>", `{}`: "<nil>", `null`: "<nil>", ``: "<nil>",
		`no JSON`: "<nil>", `{"url":7}`: "<nil>",
	} {
		got, err := replying(t, func() *http.Response { return byHand(http.StatusOK, body) }).SSO.
			Authorize.Get(t.Context(), authorizeParams())
		if err != nil || got.StatusCode != http.StatusOK || fmt.Sprint(got.Location) != want {
			t.Errorf("%s: got %v, %v; want %s", body, got, err, want)
		}
	}
	got, err := replying(t, func() *http.Response { return byHand(http.StatusOK, `{"url":"https://h/%zz"}`) }).SSO.
		Authorize.Get(t.Context(), authorizeParams())
	const want = "sso.authorize.get: 200 invalid_response: invalid response: invalid url"
	if got != nil || fmt.Sprint(err) != want || !errors.Is(err, client.ErrInvalidResponse) {
		t.Errorf("got %v, %v; want %s", got, err, want)
	}
}

func TestResponseThatMayBeEmpty(t *testing.T) {
	for _, tt := range []struct {
		status int
		body   string
		got    bool
		want   string // the error
	}{
		{http.StatusOK, `{}`, true, ""},
		{http.StatusOK, ``, false, "radar.lists.create: 200 invalid_response: invalid response: unexpected end of JSON " +
			"input"},
		{http.StatusOK, `null`, false, "radar.lists.create: 200 invalid_response: invalid response: it is null"},
		{http.StatusOK, " null\n", false, "radar.lists.create: 200 invalid_response: invalid response: it is null"},
		{http.StatusNoContent, ``, false, ""},
		{http.StatusAccepted, ``, false, ""},
		{http.StatusAccepted, ` `, false, "radar.lists.create: 202 invalid_response: invalid response: unexpected end of " +
			"JSON input"},
		{http.StatusAccepted, `{}`, true, ""},
	} {
		got, err := replying(t, func() *http.Response { return byHand(tt.status, tt.body) }).Radar.Lists.
			Create(t.Context(), "ip_address", "block", gen.AddRadarListEntry{})
		if text := strings.TrimSuffix(fmt.Sprint(err), "<nil>"); (got != nil) != tt.got || text != tt.want {
			t.Errorf("%d with %q: got %v, %v; want %t, %q", tt.status, tt.body, got, err, tt.got, tt.want)
		}
	}
	for body, want := range map[string]string{
		`{"id":`:   "organizations.get: 200 invalid_response: invalid response: unexpected end of JSON input",
		`{} x`:     "organizations.get: 200 invalid_response: invalid response: invalid character 'x' after top-level value",
		`{"id":"`:  "organizations.get: 200 invalid_response: invalid response: unexpected end of JSON input",
		"\tnull\r": "organizations.get: 200 invalid_response: invalid response: it is null",
	} {
		got, err := replying(t, func() *http.Response { return byHand(http.StatusOK, body) }).Organizations.
			Get(t.Context(), "org_01")
		var failed *client.Error
		if got != nil || fmt.Sprint(err) != want || !errors.As(err, &failed) || !bytes.Equal(failed.Body, []byte(body)) ||
			failed.Truncated {
			t.Errorf("%q: got %v, %v; want %s with the body", body, got, err, want)
		}
	}
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

func TestUnreadableRedirectTargetIsNotShown(t *testing.T) {
	w := newWire(redirect(http.StatusFound, "/cb%zz?code="+querySecret))
	_, err := newAPI(t, testKey, w.option()).SSOAuthorizeGetWithResponse(t.Context(), authorizeParams())
	if err == nil || strings.Contains(err.Error(), querySecret) {
		t.Errorf("got %v, want an error without the target's query", err)
	}
}
