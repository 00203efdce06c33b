package client_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// replying is a client whose transport answers with what reply makes, each time.
func replying(t *testing.T, reply func() *http.Response, opts ...client.Option) *client.Client {
	t.Helper()
	return newClient(t, testKey, append([]client.Option{once(), client.WithHTTPClient(&http.Client{
		Transport: transportFunc(func(*http.Request) (*http.Response, error) { return reply(), nil }),
	})}, opts...)...)
}

func TestSuccessIsEveryStatusFrom200To299(t *testing.T) {
	for status := 100; status <= 699; status++ {
		c := replying(t, func() *http.Response { return byHand(status, `{"message":"m"}`) })
		err := c.Organizations.Delete(t.Context(), "org_01") // of which no answer is documented as JSON
		if want := status >= 200 && status <= 299; (err == nil) != want {
			t.Errorf("%d: got %v, want success: %t", status, err, want)
		}
		resp, err := handMade(c, handBuilt(t, http.MethodGet, "https://api.workos.com/new/thing", ""))
		if want := status >= 200 && status <= 299; (err == nil) != want {
			t.Errorf("%d by hand: got %v, want success: %t", status, err, want)
		}
		if resp != nil {
			text, _ := io.ReadAll(resp.Body)
			if string(text) != `{"message":"m"}` || resp.StatusCode != status {
				t.Errorf("%d by hand: got %d with %s", status, resp.StatusCode, text)
			}
		}
	}
}

func TestOnlyDocumentedJSONMustSayThatItIsJSON(t *testing.T) {
	get := func(c *client.Client) error {
		_, err := c.Organizations.Get(t.Context(), "org_01")
		return err
	}
	byHand := func(c *client.Client) error {
		req := handBuilt(t, http.MethodGet, "https://api.workos.com/new/thing", "")
		_, err := handMade(c, req)
		return err
	}
	for _, tt := range []struct {
		name, contentType string
		status            int
		call              func(*client.Client) error
		want              string
	}{
		{"JSON", "application/json", 200, get, ""},
		{"JSON with a charset", "application/json; charset=utf-8", 200, get, ""},
		{"a problem", "application/problem+json", 200, get, ""},
		{"capitals", "APPLICATION/JSON", 200, get, ""},
		{"HTML", "text/html", 200, get, `Content-Type is "text/html", expected JSON: ` + anOrg},
		{"nothing", "", 200, get, `Content-Type is "", expected JSON: ` + anOrg},
		{"a secret", "sk_abc", 200, get, `Content-Type is "[redacted]", expected JSON: ` + anOrg},
		{"HTML with a status that is not documented", "text/html", 203, get, ""},
		{"HTML of an operation that is not known", "text/html", 200, byHand, ""},
		{"HTML of an operation without JSON", "text/html", 200,
			func(c *client.Client) error { return c.Organizations.Delete(t.Context(), "org_01") }, ""},
	} {
		from := &closer{Reader: strings.NewReader(anOrg)}
		err := tt.call(replying(t, func() *http.Response {
			return &http.Response{StatusCode: tt.status, Header: http.Header{"Content-Type": {tt.contentType}}, Body: from}
		}))
		if tt.want == "" {
			if err != nil {
				t.Errorf("%s: got %v, want success", tt.name, err)
			}
			continue
		}
		var failed *client.Error
		want := "organizations.get: 200 invalid_response: invalid response: " + tt.want
		if !errors.As(err, &failed) || err.Error() != want || !errors.Is(err, client.ErrInvalidResponse) ||
			string(failed.Body) != anOrg || failed.Truncated || failed.Code != "invalid_response" {
			t.Errorf("%s: got %v, want %s", tt.name, err, want)
		}
		if from.closed == 0 {
			t.Errorf("%s: the body is not closed", tt.name)
		}
	}
}

// location answers with a status and a target.
func location(status int, target string) func() *http.Response {
	return func() *http.Response {
		resp := byHand(status, `{"url":"https://body.example/"}`)
		if target != "" {
			resp.Header.Set("Location", target)
		}
		return resp
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
	const want = "sso.authorize.get: 302 invalid_response: invalid response: its Location is no URL"
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
	const want = "sso.authorize.get: 200 invalid_response: invalid response: its url is no URL"
	if got != nil || fmt.Sprint(err) != want || !errors.Is(err, client.ErrInvalidResponse) {
		t.Errorf("got %v, %v; want %s", got, err, want)
	}
}

func TestSuccessIsReadUpToItsLimit(t *testing.T) {
	const limit = int64(len(anOrg))
	for _, tt := range []struct {
		name     string
		declared int64
		body     string
		want     bool // whether it is too large
		kept     string
	}{
		{"one less", limit - 1, anOrg[:limit-1] + " ", false, ""},
		{"declared", limit, anOrg, false, ""},
		{"not declared", -1, anOrg, false, ""},
		{"declared as nothing", 0, anOrg, false, ""},
		{"declared as less than nothing", -1 << 40, anOrg, false, ""},
		{"declared as one byte more", limit + 1, anOrg, true, anOrg},
		{"declared as much more", 1 << 62, anOrg, true, anOrg},
		{"one byte more", -1, anOrg + " ", true, anOrg + " "},
		{"one byte more than declared", limit, anOrg + " ", true, anOrg + " "},
		{"much more", -1, anOrg + strings.Repeat(" ", 9<<10), true, anOrg + " "},
	} {
		from := &closer{Reader: strings.NewReader(tt.body)}
		got, err := replying(t, func() *http.Response {
			resp := byHand(http.StatusOK, "")
			resp.Body, resp.ContentLength = from, tt.declared
			return resp
		}, client.WithMaxResponseBytes(limit)).Organizations.Get(t.Context(), "org_01")
		if from.closed == 0 {
			t.Errorf("%s: the body is not closed", tt.name)
		}
		if !tt.want {
			if err != nil && tt.name != "one less" || got == nil && tt.name != "one less" {
				t.Errorf("%s: got %v, want success", tt.name, err)
			}
			continue
		}
		want := fmt.Sprintf("organizations.get: 200 invalid_response: response too large: larger than the limit of %d bytes",
			limit)
		var failed *client.Error
		if got != nil || fmt.Sprint(err) != want || !errors.As(err, &failed) || !errors.Is(err, client.ErrResponseTooLarge) ||
			!errors.Is(err, client.ErrInvalidResponse) {
			t.Errorf("%s: got %v, want %s", tt.name, err, want)
			continue
		}
		if string(failed.Body) != tt.kept || failed.Truncated != (tt.declared <= limit) {
			t.Errorf("%s: got a body of %d bytes, truncated %t; want %d", tt.name, len(failed.Body), failed.Truncated,
				len(tt.kept))
		}
	}
}

// TestDeclaredLengthSetsNoMemoryAside has a server that promises much and sends little.
func TestDeclaredLengthSetsNoMemoryAside(t *testing.T) {
	c := replying(t, func() *http.Response {
		resp := byHand(http.StatusOK, anOrg)
		resp.ContentLength = 64 << 20
		return resp
	})
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := c.Organizations.Get(t.Context(), "org_01"); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; got > 16<<20 {
		t.Errorf("set %d bytes aside, want about 1 MiB", got)
	}
}

func TestAnswerThatMayBeEmpty(t *testing.T) {
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
