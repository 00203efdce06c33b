package main

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

func TestCredentialsOfARequest(t *testing.T) {
	c, err := client.New("", client.WithCredentialsFromContext())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct {
		name   string
		header http.Header
		want   client.Credentials
	}{
		{"none", nil, client.Credentials{}},
		{"Bearer", http.Header{"Authorization": {"Bearer sk_a"}}, client.Credentials{APIKey: "sk_a"}},
		{"bearer", http.Header{"Authorization": {"bearer sk_a"}}, client.Credentials{APIKey: "sk_a"}},
		{"BEARER and spaces", http.Header{"Authorization": {"BEARER  sk_a "}}, client.Credentials{APIKey: "sk_a"}},
		{"the scheme alone", http.Header{"Authorization": {"Bearer"}}, client.Credentials{}},
		{"the scheme and a space", http.Header{"Authorization": {"Bearer "}}, client.Credentials{}},
		{"no space", http.Header{"Authorization": {"Bearersk_a"}}, client.Credentials{}},
		{"a tab", http.Header{"Authorization": {"Bearer\tsk_a"}}, client.Credentials{}},
		{"a space before", http.Header{"Authorization": {" Bearer sk_a"}}, client.Credentials{}},
		{"no scheme", http.Header{"Authorization": {"sk_a"}}, client.Credentials{}},
		{"Basic", http.Header{"Authorization": {"Basic c2tfYTo="}}, client.Credentials{}},
		{"DPoP", http.Header{"Authorization": {"DPoP sk_a"}}, client.Credentials{}},
		{"empty", http.Header{"Authorization": {""}}, client.Credentials{}},
		{"two", http.Header{"Authorization": {"Bearer sk_a", "Bearer sk_b"}}, client.Credentials{APIKey: "sk_a"}},
		{"two schemes", http.Header{"Authorization": {"Basic x", "Bearer sk_b"}}, client.Credentials{}},

		{"x-bearer", http.Header{"X-Bearer": {"sk_a"}}, client.Credentials{APIKey: "sk_a"}},
		{"x-bearer and spaces", http.Header{"X-Bearer": {" sk_a "}}, client.Credentials{APIKey: "sk_a"}},
		{"two x-bearer", http.Header{"X-Bearer": {"sk_a", "sk_b"}}, client.Credentials{APIKey: "sk_a"}},
		{
			"x-bearer beside Authorization", http.Header{"X-Bearer": {"sk_a"}, "Authorization": {"Bearer gateway"}},
			client.Credentials{APIKey: "sk_a"},
		},
		{
			"a blank x-bearer", http.Header{"X-Bearer": {" "}, "Authorization": {"Bearer sk_b"}},
			client.Credentials{APIKey: "sk_b"},
		},
		{"another header", http.Header{"X-Api-Key": {"sk_a"}, "Bearer": {"sk_b"}}, client.Credentials{}},

		{"x-access_token", http.Header{"X-Access_token": {" tok_1 "}}, client.Credentials{AccessToken: "tok_1"}},
		{"x-platform", http.Header{"X-Platform": {" tok_2 "}}, client.Credentials{PlatformToken: "tok_2"}},
		{"x-access-token", http.Header{"X-Access-Token": {"tok_1"}}, client.Credentials{}},
		{
			"both", http.Header{"X-Access_token": {"tok_1"}, "Authorization": {"Bearer sk_a"}},
			client.Credentials{APIKey: "sk_a", AccessToken: "tok_1"},
		},
	} {
		request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, mcpPath, nil)
		request.Header = r.header
		// What came before does not shine through.
		before := client.WithCredentials(t.Context(), client.Credentials{APIKey: "sk_old", AccessToken: "tok_old"})
		if got := c.Credentials(new(backend).request(before, request)); got != r.want {
			t.Errorf("%s: got %q %q, want %q %q", r.name, got.APIKey, got.AccessToken, r.want.APIKey, r.want.AccessToken)
		}
		sandbox := client.Credentials{APIKey: "sk_sandbox", AccessToken: "sk_sandbox", PlatformToken: "sk_sandbox"}
		var b backend
		if err := b.sandbox.Set("true"); err != nil {
			t.Fatal(err)
		}
		if got := c.Credentials(b.request(before, request)); got != sandbox {
			t.Errorf("%s, sandboxed: got %q %q, want those of the sandbox", r.name, got.APIKey, got.AccessToken)
		}
	}
}

// A request without a credential that the operation takes is not sent with another one.
func TestARequestWithoutItsCredentialIsNotSent(t *testing.T) {
	u := newUpstream(t, answer(acme))
	env := map[string]string{
		"WORKOS_BASE_URL": u.URL, "WORKOS_API_KEY": "sk_of_the_process", "WORKOS_ACCESS_TOKEN": "tok_of_the_process",
		"WORKOS_CLIENT_ID": "client_of_the_process",
	}
	const (
		message = "the operation needs a credential and the call came without it; nothing was sent"
		advice  = "Send the key with each request, as Authorization: Bearer sk_… or x-bearer: sk_… (the access token of " +
			"an SSO profile as x-access_token, that of a platform as x-platform), or start the server with --sandbox to try " +
			"things out without one."
	)
	url, _ := startHTTP(t, env)
	for _, c := range []struct {
		name, tool string
		header     http.Header
		code       string // "": the request is refused
	}{
		{"none", "organizations.get", nil, ""},
		{"an access token alone", "organizations.get", http.Header{"X-Access_token": {"tok_1"}}, "no_credentials"},
		{"another scheme", "organizations.get", http.Header{"Authorization": {"Basic c2tfYTo="}}, ""},
		{"the scheme alone", "organizations.get", http.Header{"Authorization": {"Bearer"}}, ""},
		{"a key alone", "sso.profile.get", http.Header{"X-Bearer": {"sk_a"}}, "no_credentials"},
		{"a key for a platform", "platform.teams.get", http.Header{"X-Bearer": {"sk_a"}}, "no_credentials"},
		{"nobody's client ID", "sso.jwks.get", http.Header{"X-Bearer": {"sk_a"}}, "invalid_arguments"},
	} {
		arguments := map[string]string{"organizations.get": deletion, "platform.teams.get": `{"team_id":"team_1"}`}[c.tool]
		if arguments == "" {
			arguments = `{}`
		}
		status, got := post(t, url+mcpPath, callBody(1, c.tool, arguments), c.header)
		if c.code == "" {
			if status != http.StatusUnauthorized || !strings.Contains(got, `"message":"the request has no credential. `+advice) {
				t.Errorf("%s: got %d %s, want 401", c.name, status, got)
			}
			u.wantSent(t, c.name, 0)
			continue
		}
		if f := failureIn(t, got); status != http.StatusOK || f.Code != c.code {
			t.Errorf("%s: got %d %s, want the failure %s", c.name, status, got, c.code)
		} else if c.code == "no_credentials" && (f.Advice != advice || f.Message != message) {
			t.Errorf("%s: got %q and %q, want the ways to give one", c.name, f.Message, f.Advice)
		}
		u.wantSent(t, c.name, 0)
	}
}

func TestCredentialsOfTheEnvironment(t *testing.T) {
	u := newUpstream(t, answer(acme))
	call := func(tool string) []string { return []string{"tool", "call", tool, `{}`} }
	get := []string{"tool", "call", "organizations.get", deletion}
	for _, c := range []struct {
		name  string
		env   map[string]string
		args  []string
		want  string // the Authorization header; "" for nothing sent
		found string // in what is printed
	}{
		{"a key", map[string]string{"WORKOS_API_KEY": "sk_a"}, get, "Bearer sk_a", "Acme"},
		{"no key", nil, get, "", "no_credentials"},
		{"an empty key", map[string]string{"WORKOS_API_KEY": ""}, get, "", "no_credentials"},
		{"a token alone", map[string]string{"WORKOS_ACCESS_TOKEN": "tok_1"}, get, "", "no_credentials"},
		{
			"a token", map[string]string{"WORKOS_ACCESS_TOKEN": "tok_1"}, call("sso.profile.get"), "Bearer tok_1", "Acme",
		},
		{"no token", map[string]string{"WORKOS_API_KEY": "sk_a"}, call("sso.profile.get"), "", "no_credentials"},
		{
			"a sandbox beside a key", map[string]string{"WORKOS_API_KEY": "sk_a"},
			append([]string{"--sandbox"}, call("organizations.list")...), "", `"data"`,
		},
		{
			"a sandbox beside a token", map[string]string{"WORKOS_ACCESS_TOKEN": "tok_1"},
			append([]string{"--sandbox"}, call("organizations.list")...), "", `"object"`,
		},
	} {
		env := map[string]string{"WORKOS_BASE_URL": u.URL}
		maps.Copy(env, c.env)
		o := execute(t, env, "", c.args...)
		if !strings.Contains(o.stdout+o.stderr, c.found) {
			t.Errorf("%s: got %d %s%s, want %s", c.name, o.code, o.stdout, o.stderr, c.found)
		}
		if c.want == "" {
			u.wantSent(t, c.name, 0)
			continue
		}
		if sent := u.seen(); len(sent) != 1 || sent[0].Header.Get("Authorization") != c.want {
			t.Errorf("%s: got %d requests, want one with %s", c.name, len(sent), c.want)
		}
		u.forget()
	}
	o := execute(t, nil, "", get...)
	const advice = "Set WORKOS_API_KEY to a secret key of your environment (for sso.profile.get WORKOS_ACCESS_TOKEN, " +
		"for platform operations WORKOS_PLATFORM_TOKEN), or use --sandbox to try things out without one."
	if o.code != exitFailed || o.stdout != "" || !strings.Contains(o.stderr, advice) {
		t.Errorf("got %d %q %q, want %d and %q", o.code, o.stdout, o.stderr, exitFailed, advice)
	}
}

// The client ID of the environment goes only where WorkOS asks for the caller's own.
func TestWhereTheClientIDIsFilledIn(t *testing.T) {
	known := knownClientID("client_7")
	for i := range gen.Operations.Operations {
		op := &gen.Operations.Operations[i]
		for _, argument := range []string{"client_id", "clientId", "id", "client", "clientID"} {
			value, ok := known(op, argument)
			own := op.Toolset == "user_management" || op.Toolset == "sso"
			want := own && (argument == "client_id" || argument == "clientId")
			if ok != want || value != "client_7" {
				t.Errorf("%s, %s: got %q %t, want %t", op.ID, argument, value, ok, want)
			}
		}
	}
}

// Whoever brings no credential costs no more than a small request.
func TestALargeRequestNeedsACredential(t *testing.T) {
	large := callBody(1, "organizations.get", deletion) + strings.Repeat(" ", 100<<10)
	for _, c := range []struct {
		name   string
		args   []string
		header http.Header
		status int
		sent   int
	}{
		{"a key", nil, http.Header{"X-Bearer": {"sk_a"}}, http.StatusOK, 1},
		{"a bearer token", nil, http.Header{"Authorization": {"Bearer sk_a"}}, http.StatusOK, 1},
		{"an access token", nil, http.Header{"X-Access_token": {"tok_1"}}, http.StatusOK, 0},
		{"none", nil, nil, http.StatusUnauthorized, 0},
		{"another scheme", nil, http.Header{"Authorization": {"Basic c2s6"}}, http.StatusUnauthorized, 0},
		{"a sandbox", []string{"--sandbox"}, nil, http.StatusOK, 0},
	} {
		u := newUpstream(t, answer(acme))
		url, _ := startHTTP(t, map[string]string{"WORKOS_BASE_URL": u.URL}, c.args...)
		status, got := post(t, url+mcpPath, large, c.header)
		told := strings.Contains(got, "the request has no credential")
		if status != c.status || told != (status == http.StatusUnauthorized) {
			t.Errorf("%s: got %d %.300s, want %d", c.name, status, got, c.status)
		}
		u.wantSent(t, c.name, c.sent)
	}
}
