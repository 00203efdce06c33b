package client_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// sentBy is the one request of a call, whatever comes of it.
func sentBy(t *testing.T, call func(c *client.Client), opts ...client.Option) *http.Request {
	t.Helper()
	w := newWire(answerJSON(http.StatusBadRequest, `{}`))
	call(newClient(t, testKey, append(opts, w.option())...))
	if len(w.sent) != 1 {
		t.Fatalf("sent %d requests, want one", len(w.sent))
	}
	return w.sent[0]
}

func TestParameterIsSentOnlyIfItIsGiven(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 678, time.FixedZone("", 3600))
	for want, params := range map[string]any{
		"":                               (*gen.OrganizationsListParams)(nil),
		"search=":                        &gen.OrganizationsListParams{Search: new("")},
		"search=a%26b%3Dc+d%2B%2C%C3%A9": &gen.OrganizationsListParams{Search: new("a&b=c d+,é")},
		"limit=0":                        &gen.OrganizationsListParams{Limit: new(0)},
		"limit=-1":                       &gen.OrganizationsListParams{Limit: new(-1)},
		"limit=100":                      &gen.OrganizationsListParams{Limit: new(100)},
		"domains=":                       &gen.OrganizationsListParams{Domains: []string{}},
		"domains=a":                      &gen.OrganizationsListParams{Domains: []string{"a"}},
		"domains=a,b,c":                  &gen.OrganizationsListParams{Domains: []string{"a", "b", "c"}},
		"domains=,":                      &gen.OrganizationsListParams{Domains: []string{"", ""}},
		"domains=a%2Cb,%26":              &gen.OrganizationsListParams{Domains: []string{"a,b", "&"}},
		"search=a&limit=1":               &gen.OrganizationsListParams{Search: new("a"), Limit: new(1)},
		"domains=a&search=b&after=c&order=desc": &gen.OrganizationsListParams{Domains: []string{"a"}, Search: new("b"),
			After: new("c"), Order: ptr(gen.SortOrderDesc)},
		"cascade_delete=true":  &gen.AuthorizationResourcesDeleteParams{CascadeDelete: new(true)},
		"cascade_delete=false": &gen.AuthorizationResourcesDeleteParams{CascadeDelete: new(false)},
		" ":                    &gen.AuthorizationResourcesDeleteParams{},
		"updatedAfter=2026-01-02T03%3A04%3A05.000000678%2B01%3A00": &gen.VaultKVListParams{UpdatedAfter: &at},
	} {
		req := sentBy(t, func(c *client.Client) {
			switch params := params.(type) {
			case *gen.OrganizationsListParams:
				_, _ = c.Organizations.List(t.Context(), params)
			case *gen.AuthorizationResourcesDeleteParams:
				_ = c.Authorization.Resources.Delete(t.Context(), "res_01", params)
			case *gen.VaultKVListParams:
				_, _ = c.Vault.KV.List(t.Context(), params)
			}
		})
		if got := req.URL.RawQuery; got != want && want != " " || want == " " && got != "" {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestMapParameterIsSentInTheOrderOfItsKeys(t *testing.T) {
	const rest = "&redirect_uri=https%3A%2F%2Fa.example&response_type=code"
	for want, given := range map[string]map[string]string{
		"": nil, " ": {}, "provider_query_params[a]=1&": {"a": "1"},
		"provider_query_params[a]=1&provider_query_params[b]=&provider_query_params[c]=3&": {"c": "3", "a": "1", "b": ""},
		"provider_query_params[a%5B%5D%26]=b%3Dc&":                                         {"a[]&": "b=c"},
	} {
		req := sentBy(t, func(c *client.Client) {
			_, _ = c.SSO.Authorize.Get(t.Context(), &gen.SSOAuthorizeGetParams{
				ClientID: "c", RedirectURI: "https://a.example", ResponseType: "code", ProviderQueryParams: given,
			})
		})
		if want == " " {
			want = ""
		}
		if got := req.URL.RawQuery; got != want+"client_id=c"+rest {
			t.Errorf("got %s, want %s", got, want+"client_id=c"+rest)
		}
	}
}

func TestParametersThatAreNeededAreNamed(t *testing.T) {
	for want, call := range map[string]func(c *client.Client) error{
		"sso.authorize.get: the parameters are nil, and client_id, redirect_uri, response_type is required": func(
			c *client.Client) error {
			_, err := c.SSO.Authorize.Get(t.Context(), nil)
			return err
		},
		"sso.logout.get: the parameters are nil, and token is required": func(c *client.Client) error {
			_, err := c.SSO.Logout.Get(t.Context(), nil)
			return err
		},
		`organizations.get: path parameter "id" is "", which would address another endpoint`: func(c *client.Client) error {
			_, err := c.Organizations.Get(t.Context(), "")
			return err
		},
		`organizations.delete: path parameter "id" is ".", which would address another endpoint`: func(
			c *client.Client) error {
			return c.Organizations.Delete(t.Context(), ".")
		},
		`organizations.delete: path parameter "id" is "..", which would address another endpoint`: func(
			c *client.Client) error {
			return c.Organizations.Delete(t.Context(), "..")
		},
		`vault.kv.metadata.get: path parameter "id" is "name", which would address another endpoint`: func(
			c *client.Client) error {
			_, err := c.Vault.KV.Metadata.Get(t.Context(), "name")
			return err
		},
		"audit_logs.events.create: body: json: unsupported type: func()": func(c *client.Client) error {
			_, err := c.AuditLogs.Events.Create(t.Context(), gen.CreateAuditLogEvent{
				Event: gen.AuditLogEvent{Metadata: map[string]any{"a": func() {}}},
			})
			return err
		},
		"user_management.authenticate.create: the body is null; a union needs one of its variants, by a method From…": func(
			c *client.Client) error {
			_, err := c.UserManagement.Authenticate(t.Context(), gen.Authenticate{})
			return err
		},
	} {
		if err := refused(t, call); fmt.Sprint(err) != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestRequestSaysWhatItsBodyIs(t *testing.T) {
	with := sentBy(t, func(c *client.Client) {
		_, _ = c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme"})
	})
	const body = `{"name":"Acme"}`
	for range 2 { // as often as it is sent
		text, err := io.ReadAll(with.Body)
		if err != nil || string(text) != body {
			t.Errorf("body: got %s, %v; want %s", text, err, body)
		}
		if with.Body, err = with.GetBody(); err != nil {
			t.Fatal(err)
		}
	}
	if with.ContentLength != int64(len(body)) || with.Header.Get("Content-Type") != "application/json" {
		t.Errorf("got %d bytes of %q", with.ContentLength, with.Header.Get("Content-Type"))
	}
	without := sentBy(t, func(c *client.Client) { _ = c.Organizations.Delete(t.Context(), "org_01") })
	if without.Body != nil || without.GetBody != nil || without.ContentLength != 0 ||
		len(without.Header["Content-Type"]) != 0 {
		t.Errorf("without a body: got %d bytes of %q", without.ContentLength, without.Header.Get("Content-Type"))
	}
	for _, req := range []*http.Request{with, without} {
		if req.Proto != "HTTP/1.1" || req.ProtoMajor != 1 || req.ProtoMinor != 1 || req.Host != "api.workos.com" {
			t.Errorf("got %s (%d.%d) to %s", req.Proto, req.ProtoMajor, req.ProtoMinor, req.Host)
		}
	}
}

func TestBodyThatIsAMapIsAnObject(t *testing.T) {
	for want, body := range map[string]gen.CreateClientSecret{`{}`: nil, `{"a":1}`: {"a": 1}} {
		req := sentBy(t, func(c *client.Client) {
			_, _ = c.Connect.Applications.ClientSecrets.Create(t.Context(), "app_01", body)
		})
		text, err := io.ReadAll(req.Body)
		if err != nil || string(text) != want || req.ContentLength != int64(len(want)) {
			t.Errorf("got %s of %d bytes, %v; want %s", text, req.ContentLength, err, want)
		}
	}
}

func TestPathOfARequestIsPlainWhereItCanBe(t *testing.T) {
	for base, tt := range map[string]struct{ id, path, raw string }{
		"https://h":       {"org_01", "/organizations/org_01", ""},
		"https://h/":      {"a b", "/organizations/a b", "/organizations/a%20b"},
		"https://h/v1/":   {"a/b", "/v1/organizations/a/b", "/v1/organizations/a%2Fb"},
		"https://h/x%2Fy": {"org_01", "/x/y/organizations/org_01", "/x%2Fy/organizations/org_01"},
	} {
		req := sentBy(t, func(c *client.Client) { _ = c.Organizations.Delete(t.Context(), tt.id) }, client.WithBaseURL(base))
		if req.URL.Path != tt.path || req.URL.RawPath != tt.raw || req.URL.Host != "h" || req.URL.Scheme != "https" {
			t.Errorf("%s: got %q, %q", base, req.URL.Path, req.URL.RawPath)
		}
	}
}

func TestResponseOfEachEnd(t *testing.T) {
	for name, tt := range map[string]struct {
		status int // 0: no response
		want   int
	}{"success": {200, 200}, "refusal": {404, 404}, "no answer": {0, 0}} {
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: transportFunc(
			func(*http.Request) (*http.Response, error) {
				if tt.status == 0 {
					return nil, errors.New("down")
				}
				resp := byHand(tt.status, anOrg)
				resp.Header.Set("X-Request-Id", "req_01")
				return resp, nil
			})}))
		got := client.Response{StatusCode: 9, Header: http.Header{}, RequestID: "old", Attempts: 9}
		_, _ = c.Organizations.Get(t.Context(), "org_01", client.WithResponse(&got))
		id := "req_01"
		if tt.status == 0 {
			id = ""
		}
		if got.StatusCode != tt.want || got.RequestID != id || got.Attempts != 1 || (got.Header == nil) != (tt.status == 0) {
			t.Errorf("%s: got %+v", name, got)
		}
		_, _ = c.Organizations.Get(t.Context(), "", client.WithResponse(&got))
		if got.StatusCode != 0 || got.RequestID != "" || got.Attempts != 0 || got.Header != nil {
			t.Errorf("a call that sends nothing, after %s: got %+v, want nothing of the call before", name, got)
		}
	}
}
