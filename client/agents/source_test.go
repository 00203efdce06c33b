package agents_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client/agents"
)

func TestManyCallersShareOneExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &api{delay: time.Second}
		source := newBlueprint(t, server).Source(agents.ForUser(userToken), "")
		for round, want := range []string{"access-1", "access-2", "access-3"} {
			var wait sync.WaitGroup
			for range 100 {
				wait.Go(func() {
					token, err := source.Token(t.Context())
					if err != nil || token.AccessToken != want {
						t.Errorf("round %d: got %v and %v, want %s", round, token, err, want)
						return
					}
					token.Permissions[0] = "changed" // which is the caller's own copy
				})
			}
			wait.Wait()
			if server.count() != round+1 {
				t.Errorf("round %d: %d exchanges, want %d", round, server.count(), round+1)
			}
			time.Sleep(44 * time.Second) // a quarter of a minute is left, less a second of the exchange
			if token, err := source.Token(t.Context()); err != nil || token.Permissions[0] != "posts:read" {
				t.Errorf("round %d: got %v and %v", round, token, err)
			}
		}
		if got := server.bodies[1]; got["type"] != "refresh" || got["refresh_token"] != "refresh-1" {
			t.Errorf("sent %v, want the refresh token", got)
		}
	})
}

func TestFailureKeepsTheTokenUntilItsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &api{}
		source := newBlueprint(t, server).Source(agents.Autonomous("org_01"), "")
		if _, err := source.Token(t.Context()); err != nil {
			t.Fatal(err)
		}
		server.set(nil, true)
		time.Sleep(50 * time.Second)
		for range 100 {
			if token, err := source.Token(t.Context()); err != nil || token.AccessToken != "access-1" {
				t.Fatalf("while it is valid: got %v and %v", token, err)
			}
		}
		if server.count() != 2 {
			t.Errorf("%d exchanges, want one attempt in a second", server.count()-1)
		}
		time.Sleep(10 * time.Second)
		for range 100 {
			if token, err := source.Token(t.Context()); err == nil {
				t.Fatalf("after its end: got %v", token)
			}
		}
		if server.count() != 3 {
			t.Errorf("%d exchanges, want one attempt in a second", server.count()-1)
		}
		server.set(nil, false)
		time.Sleep(time.Second)
		if token, err := source.Token(t.Context()); err != nil || token.AccessToken != "access-4" {
			t.Errorf("then: got %v and %v, want a token", token, err)
		}
	})
}

func TestExchangeOutlivesItsCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := &api{delay: 5 * time.Second}
		source := newBlueprint(t, server).Source(agents.Autonomous("org_01"), "")
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := source.Token(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the deadline", err)
		}
		time.Sleep(10 * time.Second)
		if token, err := source.Token(t.Context()); err != nil || token.AccessToken != "access-1" || server.count() != 1 {
			t.Errorf("then: got %v and %v after %d exchanges, want its token", token, err, server.count())
		}
	})
}

func TestTransportSetsTheToken(t *testing.T) {
	got := ""
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Authorization")
	}))
	defer server.Close()
	source := newBlueprint(t, &api{}).Source(agents.Autonomous("org_01"), "")
	c := &http.Client{Transport: source.Transport(nil)}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if got != "Bearer access-1" {
		t.Errorf("sent %q, want the token", got)
	}
	req, err = http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, io.NopCloser(strings.NewReader("x")))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Basic x")
	got = ""
	if resp, err := c.Do(req); err == nil || got != "" {
		_ = resp.Body.Close()
		t.Errorf("a request with a credential of its own was sent with %q", got)
	}
}

// An API that redirects to wherever its caller says must not hand out the token.
func TestTransportKeepsTheTokenFromOtherHosts(t *testing.T) {
	source := newBlueprint(t, &api{}).Source(agents.Autonomous("org_01"), "")
	for _, tt := range []struct {
		way  []string
		with bool // the last one gets the token
	}{
		{[]string{"https://a.example/1", "https://a.example/2"}, true},
		{[]string{"http://a.example/1", "https://a.example/2"}, true},
		{[]string{"https://a.example/1", "https://b.example/2"}, false},
		{[]string{"https://a.example/1", "https://a.example:8443/2"}, false},
		{[]string{"https://a.example/1", "https://x.a.example/2"}, false},
		{[]string{"https://a.example/1", "http://a.example/2"}, false},
		{[]string{"https://a.example/1", "https://b.example/2", "https://b.example/3"}, false},
		{[]string{"https://a.example/1", "https://b.example/2", "https://a.example/3"}, false},
	} {
		var sent []string
		c := &http.Client{Transport: source.Transport(roundTrip(func(req *http.Request) (*http.Response, error) {
			sent = append(sent, req.URL.String()+" "+req.Header.Get("Authorization"))
			w := httptest.NewRecorder()
			if len(sent) < len(tt.way) {
				w.Header().Set("Location", tt.way[len(sent)])
				w.WriteHeader(http.StatusTemporaryRedirect)
			}
			resp := w.Result()
			resp.Request = req
			return resp, nil
		}))}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.way[0], nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := c.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		last := tt.way[len(tt.way)-1] + " "
		if tt.with {
			last += "Bearer access-1"
		}
		if len(sent) != len(tt.way) || sent[0] != tt.way[0]+" Bearer access-1" || sent[len(sent)-1] != last {
			t.Errorf("%v: sent %q, want the token at the end: %t", tt.way, sent, tt.with)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestMachineGetsTokens(t *testing.T) {
	var form url.Values
	status, contentType, answer, calls := 200, "application/json; charset=utf-8",
		`{"access_token":"machine-token","token_type":"bearer","expires_in":3600}`, 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		_ = r.ParseForm()
		form = r.PostForm
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	}))
	defer server.Close()
	config := agents.MachineConfig{
		TokenURL: server.URL + "/oauth2/token", ClientID: "client_01", ClientSecret: "the-secret",
		Scopes: []string{"a", "b"}, Resource: "https://mcp.acme.example/mcp",
	}
	source, err := agents.Machine(config)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		token, err := source.Token(t.Context())
		if err != nil || token.AccessToken != "machine-token" || calls != 1 {
			t.Fatalf("got %v and %v after %d calls", token, err, calls)
		}
	}
	want := url.Values{"grant_type": {"client_credentials"}, "client_id": {"client_01"}, "client_secret": {"the-secret"},
		"scope": {"a b"}, "resource": {"https://mcp.acme.example/mcp"}}
	if form.Encode() != want.Encode() {
		t.Errorf("sent %v, want %v", form, want)
	}
	if text := config.String(); strings.Contains(text, "the-secret") {
		t.Errorf("prints %s", text)
	}
	for _, tt := range []struct {
		status       int
		media, body  string
		want, prefix string
	}{
		{401, "application/json", `{"error":"invalid_client","error_description":"d"}`, "invalid_client", `token endpoint: status 401`},
		{500, "text/html", `<h1>`, "", "token endpoint: status 500"}, {307, "text/html", ``, "", "token endpoint: status 307"},
		{200, "text/html", answer, "", "the response is not JSON"}, {200, "application/json", `[]`, "", "the response is not JSON"},
		{200, "application/json", `{"access_token":"","token_type":"Bearer","expires_in":9}`, "", "response has no bearer token"},
		{200, "application/json", `{"access_token":"a","token_type":"mac","expires_in":9}`, "", "response has no bearer token"},
		{200, "application/json", `{"access_token":"a","token_type":"Bearer"}`, "", "response has no lifetime"},
		{200, "application/json", `{"access_token":"a","token_type":"Bearer","expires_in":1e300}`, "", "response has no lifetime"},
	} {
		status, contentType, answer = tt.status, tt.media, tt.body
		source, err := agents.Machine(config)
		if err != nil {
			t.Fatal(err)
		}
		_, err = source.Token(t.Context())
		var refused *agents.MachineError
		if err == nil || !strings.HasPrefix(err.Error(), "workos/agents: machine: "+tt.prefix) ||
			errors.As(err, &refused) && refused.Code != tt.want || strings.Contains(err.Error(), "the-secret") {
			t.Errorf("%d %s: got %v, want %s", tt.status, tt.body, err, tt.prefix)
		}
	}
	for _, bad := range []agents.MachineConfig{
		{}, {TokenURL: "http://acme.example/token", ClientID: "a", ClientSecret: "b"},
		{TokenURL: "https://acme.example/token", ClientSecret: "b"}, {TokenURL: "https://acme.example/token", ClientID: "a"},
	} {
		if source, err := agents.Machine(bad); source != nil || err == nil {
			t.Errorf("%v: got %v and %v, want it refused", bad, source, err)
		}
	}
}
