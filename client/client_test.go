package client_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
)

func TestNewRefusesWhatCannotWork(t *testing.T) {
	const password = "hunter22"
	for _, tt := range []struct {
		name string
		key  string
		opts []client.Option
		want string
	}{
		{"empty key", "", nil, "API key is empty"},
		{"key with a line end", testKey + "\n", nil, "white space, a control or a non-ASCII character at byte 16"},
		{"key with a scheme", "Bearer " + testKey, nil, "at byte 6"},
		{"key with a NUL", "sk_\x00", nil, "at byte 3"},
		{"key with an ellipsis", "sk_test…", nil, "at byte 7"},
		{"key beside context", testKey, []client.Option{client.WithCredentialsFromContext()}, "excludes"},
		{"nil option", testKey, []client.Option{client.WithBaseURL("http://x"), nil}, "option 2 is nil"},
		{"nil HTTP client", testKey, []client.Option{client.WithHTTPClient(nil)}, "WithHTTPClient: client is nil"},
		{"limit zero", testKey, []client.Option{client.WithMaxResponseBytes(0)}, "invalid limit 0"},
		{"limit negative", testKey, []client.Option{client.WithMaxResponseBytes(-1)}, "invalid limit -1"},
		{"empty suffix", testKey, []client.Option{client.WithUserAgent(" ")}, "suffix is empty"},
		{"suffix with a line", testKey, []client.Option{client.WithUserAgent("a\r\nb: c")}, "at byte 1"},
		{"empty URL", testKey, []client.Option{client.WithBaseURL("")}, "https://"},
		{"relative URL", testKey, []client.Option{client.WithBaseURL("api.workos.com")}, "https://"},
		{"other scheme", testKey, []client.Option{client.WithBaseURL("ftp://x")}, "https://"},
		{"no host", testKey, []client.Option{client.WithBaseURL("https://:443/a")}, "no host"},
		{"only a scheme", testKey, []client.Option{client.WithBaseURL("https://")}, "no host"},
		{"user", testKey, []client.Option{client.WithBaseURL("https://u:" + password + "@x")}, "user name"},
		{"query", testKey, []client.Option{client.WithBaseURL("https://x?a=" + password)}, "query"},
		{"empty query", testKey, []client.Option{client.WithBaseURL("https://x?")}, "query"},
		{"empty fragment", testKey, []client.Option{client.WithBaseURL("https://x#")}, "fragment"},
		{"dot segments", testKey, []client.Option{client.WithBaseURL("https://x/a/%2e./b")}, `".."`},
		{"broken URL", testKey, []client.Option{client.WithBaseURL("https://x/%zz" + password)}, "base URL"},
		{"key as URL", testKey, []client.Option{client.WithBaseURL(testKey)}, "https://"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, err := client.New(tt.key, tt.opts...)
			if err == nil || c != nil {
				t.Fatalf("New: got %v, %v; want an error and no client", c, err)
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error: got %q, want it to contain %q", err, tt.want)
			}
			for _, secret := range []string{testKey, password} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("error shows %q: %q", secret, err)
				}
			}
		})
	}
}

func TestRequestCarriesHeaders(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, anOrg))
	api := newAPI(t, testKey, w.option(), client.WithUserAgent("acme/1.2"))
	if _, err := api.OrganizationsGetWithResponse(t.Context(), "org_01"); err != nil {
		t.Fatalf("call: %v", err)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer " + testKey,
		"Accept":        "application/json",
		"User-Agent":    "workos-go/" + client.Version() + " " + runtime.Version() + " acme/1.2",
	} {
		if got := w.sent[0].Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestRequestEditorsHeadersAreKeptExceptAuthorization(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, anOrg))
	api := newAPI(t, testKey, w.option())
	var edited *http.Request
	_, err := api.OrganizationsGetWithResponse(t.Context(), "org_01", func(_ context.Context, req *http.Request) error {
		req.Header.Set("Accept", "application/problem+json")
		req.Header.Set("User-Agent", "mine")
		req.Header.Set("Authorization", "Bearer other")
		edited = req
		return nil
	})
	if err != nil {
		t.Fatalf("call: %v", err)
	}
	header := w.sent[0].Header
	got := [3]string{header.Get("Accept"), header.Get("User-Agent"), header.Get("Authorization")}
	if want := [3]string{"application/problem+json", "mine", "Bearer " + testKey}; got != want {
		t.Errorf("headers: got %q, want %q", got, want)
	}
	if got := edited.Header.Get("Authorization"); got != "Bearer other" {
		t.Errorf("the editor's request was changed: Authorization is %q", got)
	}
}

func TestLargestLimitWorks(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, anOrg))
	api := newAPI(t, testKey, w.option(), client.WithMaxResponseBytes(math.MaxInt64))
	if _, err := api.OrganizationsGetWithResponse(t.Context(), "org_01"); err != nil {
		t.Errorf("call: %v", err)
	}
}

func TestClientIsSafeForConcurrentUse(t *testing.T) {
	url := serve(t, func(w http.ResponseWriter, req *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		key := strings.TrimPrefix(req.Header.Get("Authorization"), "Bearer sk_")
		_, _ = fmt.Fprintf(w, `{"id":%q}`, key+" "+strings.TrimPrefix(req.URL.Path, "/organizations/"))
	})
	api := newAPI(t, "", client.WithBaseURL(url), client.WithCredentialsFromContext())
	var calls sync.WaitGroup
	for i := range 50 {
		calls.Go(func() {
			tenant := strconv.Itoa(i)
			ctx := client.WithCredentials(t.Context(), client.Credentials{APIKey: "sk_" + tenant})
			answer, err := api.OrganizationsGetWithResponse(ctx, "org_"+tenant)
			if err != nil {
				t.Errorf("tenant %s: %v", tenant, err)
				return
			}
			if got, want := answer.JSON200.ID, tenant+" org_"+tenant; got != want {
				t.Errorf("key and path: got %q, want %q", got, want)
			}
		})
	}
	calls.Wait()
}

func TestNewSaysWhichCredentialIsMissing(t *testing.T) {
	const (
		none = "workos: API key is empty: want a key, WithCredentialsFromContext if each request brings its own, " +
			"or WithClientID for a public client"
		both = "workos: WithCredentialsFromContext excludes other credentials: its requests never " +
			"fall back to the client's own"
		broken = "workos: API key has white space, a control or a non-ASCII character at byte 1 of 2"
	)
	key, token := client.WithAPIKey("o"), client.WithAccessToken("t")
	id, fromContext := client.WithClientID("client_01"), client.WithCredentialsFromContext()
	for _, tt := range []struct {
		name, key string
		opts      []client.Option
		want      string // the error
		own       client.Credentials
	}{
		{"nothing", "", nil, none, client.Credentials{}},
		{"an access token alone", "", []client.Option{token}, none, client.Credentials{}},
		{"a key", "k", nil, "", client.Credentials{APIKey: "k"}},
		{"a key as an option", "", []client.Option{key}, "", client.Credentials{APIKey: "o"}},
		{"two keys", "k", []client.Option{key}, "", client.Credentials{APIKey: "o"}},
		{"key and token", "k", []client.Option{token}, "", client.Credentials{APIKey: "k", AccessToken: "t"}},
		{"both as options", "", []client.Option{token, key}, "", client.Credentials{APIKey: "o", AccessToken: "t"}},
		{"a client ID", "", []client.Option{id}, "", client.Credentials{}},
		{"a client ID and a token", "", []client.Option{id, token}, "", client.Credentials{AccessToken: "t"}},
		{"those of the context", "", []client.Option{fromContext}, "", client.Credentials{}},
		{"those of the context, and a client ID", "", []client.Option{fromContext, id}, "", client.Credentials{}},
		{"those of the context, and a key", "k", []client.Option{fromContext}, both, client.Credentials{}},
		{"those of the context, and an option's", "", []client.Option{fromContext, key}, both, client.Credentials{}},
		{"those of the context, and a token", "", []client.Option{fromContext, token}, both, client.Credentials{}},
		{"a broken key", "k ", nil, broken, client.Credentials{}},
		{"a broken key and a client ID", "k ", []client.Option{id}, broken, client.Credentials{}},
		{"an option before a broken key", "k ", []client.Option{key}, "", client.Credentials{APIKey: "o"}},
	} {
		c, err := client.New(tt.key, tt.opts...)
		if tt.want != "" {
			if c != nil || fmt.Sprint(err) != tt.want {
				t.Errorf("%s: got %v, want %s", tt.name, err, tt.want)
			}
			continue
		}
		if err != nil || c.Credentials(t.Context()) != tt.own {
			t.Errorf("%s: got %v, or other credentials than these", tt.name, err)
		}
	}
}

func TestFromEnvReadsEachVariable(t *testing.T) {
	const none = "workos: API key is empty: want a key, WithCredentialsFromContext if each request brings its " +
		"own, or WithClientID for a public client (WORKOS_API_KEY is not set)"
	for _, tt := range []struct {
		name, key, id, base string
		opts                []client.Option
		want                string // the error
		wantKey, wantID     string
		wantBase            string
	}{
		{"nothing", "", "", "", nil, none, "", "", ""},
		{"base alone", "", "", "http://h", nil, none, "", "", ""},
		{"key", "k", "", "", nil, "", "k", "", client.DefaultBaseURL},
		{"client ID", "", "c", "", nil, "", "", "c", client.DefaultBaseURL},
		{"all", "k", "c", "http://h/", nil, "", "k", "c", "http://h"},
		{"options before all", "k", "c", "http://h", []client.Option{
			client.WithAPIKey("o"), client.WithClientID("d"), client.WithBaseURL("http://i"),
		}, "", "o", "d", "http://i"},
		{"key of an option", "", "", "", []client.Option{client.WithAPIKey("o")}, "", "o", "", client.DefaultBaseURL},
		{"broken key", "k ", "", "", nil, "workos: API key has white space, a control or a non-ASCII character at " +
			"byte 1 of 2", "", "", ""},
		{"broken base", "k", "", "h", nil, "workos: base URL must begin with https:// or http://", "", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("WORKOS_API_KEY", tt.key)
			t.Setenv("WORKOS_CLIENT_ID", tt.id)
			t.Setenv("WORKOS_BASE_URL", tt.base)
			c, err := client.FromEnv(tt.opts...)
			if tt.want != "" {
				if c != nil || fmt.Sprint(err) != tt.want {
					t.Errorf("got %v, want %s", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := [3]string{c.Credentials(t.Context()).APIKey, c.ClientID(), c.BaseURL()}; got !=
				[3]string{tt.wantKey, tt.wantID, tt.wantBase} {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestClientOfOthersHasNoCredentialOfItsOwn(t *testing.T) {
	if _, err := client.New("", client.WithCredentialsFromContext(), client.WithAccessToken("t")); err == nil {
		t.Error("New with an access token and WithCredentialsFromContext: got success, want an error")
	}
}

func TestPublicClientNeedsNoKeyWhereNoneIsNeeded(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{"keys":[]}`))
	c := newClient(t, "", w.option(), client.WithClientID("client_01"))
	if got := c.ClientID(); got != "client_01" {
		t.Errorf("ClientID: got %q", got)
	}
	if _, err := c.SSO.JWKS.Get(t.Context(), c.ClientID()); err != nil {
		t.Errorf("sso.jwks.get: %v", err)
	}
	if _, err := c.Organizations.Get(t.Context(), "org_01"); !errors.Is(err, client.ErrNoCredentials) {
		t.Errorf("organizations.get: got %v, want ErrNoCredentials", err)
	}
}

func TestFromEnvReadsTheEnvironment(t *testing.T) {
	t.Setenv("WORKOS_API_KEY", "sk_env")
	t.Setenv("WORKOS_CLIENT_ID", "client_env")
	t.Setenv("WORKOS_BASE_URL", "http://127.0.0.1:1")
	w := newWire(respondJSON(http.StatusOK, anOrg))
	c, err := client.FromEnv(w.option())
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.Organizations.Get(t.Context(), "org_01")
	if got := w.sent[0].URL.Host + w.sent[0].Header.Get("Authorization") + c.ClientID(); got !=
		"127.0.0.1:1Bearer sk_envclient_env" {
		t.Errorf("got %q", got)
	}
	t.Setenv("WORKOS_API_KEY", "")
	t.Setenv("WORKOS_CLIENT_ID", "")
	if _, err := client.FromEnv(); err == nil || !strings.Contains(err.Error(), "WORKOS_API_KEY is not set") {
		t.Errorf("without a key: got %v, want an error that names the variable", err)
	}
	if _, err := client.New(""); err == nil {
		t.Error("New reads the environment")
	}
}

func TestRequestsByHandAreCompleted(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, `{}`))
	c := newClient(t, testKey, w.option())
	resp, err := handMade(c, &http.Request{URL: &url.URL{Scheme: "https", Host: "api.workos.com", Path: "/organizations"}})
	if err != nil || w.sent[0].Method != http.MethodGet || w.sent[0].Header.Get("Authorization") != "Bearer "+testKey {
		t.Fatalf("got %v, want a GET with the key", err)
	}
	_ = resp.Body.Close()
	w.sent = nil
	body := &closer{Reader: strings.NewReader("")}
	_, err = handMade(c, &http.Request{Body: body})
	if fmt.Sprint(err) != "request has no URL" || len(w.sent) != 0 {
		t.Errorf("without a URL: got %v and %d requests", err, len(w.sent))
	}
	req := handBuilt(t, http.MethodPost, "https://api.workos.com/organizations", "")
	req.Body = body
	req = req.WithContext(client.WithCredentials(t.Context(), client.Credentials{}))
	_, err = handMade(c, req)
	if !errors.Is(err, client.ErrNoCredentials) || len(w.sent) != 0 || body.closed != 1 {
		t.Errorf("got %v and %d requests, the body closed %d times; want ErrNoCredentials, none, and once", err, len(w.sent),
			body.closed)
	}
	if _, ours := req.Header["User-Agent"]; ours {
		t.Error("the caller's request was changed")
	}
	opaque := &http.Request{Method: http.MethodGet, URL: &url.URL{Scheme: "https", Host: "api.workos.com",
		Opaque: "//x/y", Path: "/organizations/org_01"}}
	if resp, err = handMade(c, opaque); err != nil || w.sent[0].Header.Get("Authorization") != "" {
		t.Fatalf("an opaque URL: got %v, want it sent without the key", err)
	}
	_ = resp.Body.Close()
}

func TestDefaultsOfAClient(t *testing.T) {
	if got, want := client.DefaultRetryPolicy(), (client.RetryPolicy{MaxAttempts: 3, MinWait: 500 * time.Millisecond,
		MaxWait: 30 * time.Second}); got != want {
		t.Errorf("policy: got %+v, want %+v", got, want)
	}
	synctest.Test(t, func(t *testing.T) { // the time-out
		hang := transportFunc(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		c := newClient(t, testKey, once(), client.WithHTTPClient(&http.Client{Transport: hang}))
		start := time.Now()
		_, err := c.Organizations.Get(t.Context(), "org_01")
		const want = `organizations.get: Get "https://api.workos.com/organizations/{id}": no response within 1m0s`
		if took := time.Since(start); took != time.Minute || fmt.Sprint(err) != want ||
			!errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v after %s, want %s after 1m", err, took, want)
		}
		var timeout net.Error
		if !errors.As(err, &timeout) || !timeout.Timeout() || !timeout.Temporary() {
			t.Errorf("got %v, want a net.Error that is a time-out and temporary", err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		_, err = c.Organizations.Get(ctx, "org_01", client.WithTimeout(0))
		if took := time.Since(start); took != time.Hour+time.Minute {
			t.Errorf("without a time-out: got %v after %s more, want one hour", err, took-time.Minute)
		}
	})
	const limit = 64 << 20
	for declared, want := range map[int64]bool{limit: false, limit + 1: true} {
		_, err := replying(t, func() *http.Response {
			resp := byHand(http.StatusOK, anOrg)
			resp.ContentLength = declared
			return resp
		}).Organizations.Get(t.Context(), "org_01")
		if got := errors.Is(err, client.ErrResponseTooLarge); got != want {
			t.Errorf("%d bytes declared: got %v, want it too large: %t", declared, err, want)
		}
	}
}
