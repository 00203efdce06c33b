package client_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httputil"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

const (
	testToken         = "at_01HXQ4Y7SECRET"
	testPlatformToken = "pt_01HXQ4Y7SECRET"
)

func TestEveryOperationIsSentItsCredential(t *testing.T) {
	w := newWire(answerJSON(http.StatusBadRequest, `{}`))
	api := newAPI(t, testKey, w.option())
	both := client.WithCredentials(t.Context(), client.Credentials{
		APIKey: testKey, AccessToken: testToken, PlatformToken: testPlatformToken,
	})
	seen := map[string]int{}
	for _, op := range operations(t, api) {
		w.sent = nil
		err := op.do(both, values(op.paths))
		var failure *client.Error
		if !errors.As(err, &failure) || len(w.sent) != 1 {
			t.Errorf("%s: got %v and %d requests, want an *Error and one", op.name, err, len(w.sent))
			continue
		}
		want := []string{"Bearer " + testKey}
		switch security(t, failure.Operation) {
		case "none":
			want = nil
		case "access_token":
			want = []string{"Bearer " + testToken}
		case "platform":
			want = []string{"Bearer " + testPlatformToken}
		}
		if got := w.sent[0].Header.Values("Authorization"); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: Authorization: got %q, want %q", failure.Operation, got, want)
		}
		seen[failure.Operation]++
	}
	if len(seen) != len(gen.Routes) {
		t.Errorf("recognized %d operations, want %d", len(seen), len(gen.Routes))
	}
}

func security(t *testing.T, operation string) string {
	t.Helper()
	for i := range gen.Routes {
		if r := &gen.Routes[i]; r.ID == operation {
			return strings.Join(r.Security, ",")
		}
	}
	t.Fatalf("no operation %q", operation)
	return ""
}

func TestMissingCredentialIsReportedBeforeSending(t *testing.T) {
	profile := func(ctx context.Context, api *gen.ClientWithResponses) error {
		_, err := api.SSOProfileGetWithResponse(ctx)
		return err
	}
	get := func(ctx context.Context, api *gen.ClientWithResponses) error {
		_, err := api.OrganizationsGetWithResponse(ctx, "org_01")
		return err
	}
	with := func(c client.Credentials) func(context.Context) context.Context {
		return func(ctx context.Context) context.Context { return client.WithCredentials(ctx, c) }
	}
	without := func(ctx context.Context) context.Context { return ctx }
	for _, tt := range []struct {
		name string
		key  string
		ctx  func(context.Context) context.Context
		call func(context.Context, *gen.ClientWithResponses) error
		want []string
	}{
		{"profile with the client's key", testKey, without, profile, []string{"sso.profile.get", "access token"}},
		{"profile with a key", "", with(client.Credentials{APIKey: testKey}), profile,
			[]string{"sso.profile.get", "access token"}},
		{"nothing in the context", "", without, get, []string{"organizations.get", "API key", "WithCredentials"}},
		{"empty credentials", testKey, with(client.Credentials{}), get, []string{"organizations.get", "replace"}},
		{"token replaces the key too", testKey, with(client.Credentials{AccessToken: testToken}), get,
			[]string{"organizations.get", "replace"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWire(answerJSON(http.StatusOK, anOrg))
			opts := []client.Option{w.option()}
			if tt.key == "" {
				opts = append(opts, client.WithCredentialsFromContext())
			}
			err := tt.call(tt.ctx(t.Context()), newAPI(t, tt.key, opts...))
			if !errors.Is(err, client.ErrNoCredentials) {
				t.Fatalf("error: got %v, want ErrNoCredentials", err)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error: got %q, want it to contain %q", err, want)
				}
			}
			if len(w.sent) != 0 {
				t.Errorf("sent %d requests, want none", len(w.sent))
			}
		})
	}
}

func TestPublicOperationNeedsNoCredential(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, `{"keys":[]}`))
	api := newAPI(t, "", w.option(), client.WithCredentialsFromContext())
	if _, err := api.SSOJWKSGetWithResponse(t.Context(), "client_01"); err != nil {
		t.Errorf("call: %v", err)
	}
}

func TestOptionalCredentialIsSentOnlyIfThereIsOne(t *testing.T) {
	w := newWire(answerJSON(http.StatusBadRequest, `{"error":"invalid_grant"}`))
	api := newAPI(t, "", w.option(), client.WithCredentialsFromContext())
	keyed := client.WithCredentials(t.Context(), client.Credentials{APIKey: testKey})
	for ctx, want := range map[context.Context]string{t.Context(): "", keyed: "Bearer " + testKey} {
		w.sent = nil
		_, err := api.UserManagementAuthenticateCreateWithResponse(ctx, gen.Authenticate{})
		if errors.Is(err, client.ErrNoCredentials) || len(w.sent) != 1 {
			t.Fatalf("call: got %v and %d requests, want one request", err, len(w.sent))
		}
		if got := w.sent[0].Header.Get("Authorization"); got != want {
			t.Errorf("Authorization: got %q, want %q", got, want)
		}
	}
}

func TestCredentialsAreTheContextsElseTheClients(t *testing.T) {
	c, err := client.New(testKey)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.Credentials(t.Context()), (client.Credentials{APIKey: testKey}); got != want {
		t.Errorf("without any in the context: got others than the client's own: %v", got)
	}
	given := client.Credentials{AccessToken: testToken}
	if got := c.Credentials(client.WithCredentials(t.Context(), given)); got != given {
		t.Errorf("with some in the context: got others than these: %v", got)
	}
}

func TestBaseURLIsWhereRequestsGo(t *testing.T) {
	for given, want := range map[string]string{
		"":                       client.DefaultBaseURL,
		"http://127.0.0.1:4100/": "http://127.0.0.1:4100",
		"https://a.example/x/":   "https://a.example/x",
	} {
		var opts []client.Option
		if given != "" {
			opts = append(opts, client.WithBaseURL(given))
		}
		c, err := client.New(testKey, opts...)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.BaseURL(); got != want {
			t.Errorf("base URL %q: got %q, want %q", given, got, want)
		}
	}
}

func TestBrokenCredentialInContextIsRefused(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, anOrg))
	ctx := client.WithCredentials(t.Context(), client.Credentials{APIKey: testKey + "\n"})
	_, err := newAPI(t, testKey, w.option()).OrganizationsGetWithResponse(ctx, "org_01")
	if err == nil || !strings.Contains(err.Error(), "organizations.get: API key has white space") {
		t.Errorf("error: got %v, want one that names operation and reason", err)
	}
	if len(w.sent) != 0 || strings.Contains(fmt.Sprint(err), testKey) {
		t.Errorf("got %d requests and error %q, want none and no key", len(w.sent), err)
	}
}

func TestNothingPrintsACredential(t *testing.T) {
	w := newWire(answerJSON(http.StatusNotFound, `{"message":"no `+testKey+`"}`))
	c, err := client.New(testKey, w.option())
	if err != nil {
		t.Fatal(err)
	}
	credentials := client.Credentials{
		APIKey: testKey, AccessToken: testToken, PlatformToken: testPlatformToken,
	}
	ctx := client.WithCredentials(t.Context(), credentials)
	_, failure := c.API().OrganizationsGetWithResponse(ctx, "org_01")
	generated, _ := c.API().ClientInterface.(*gen.Client)
	for name, value := range map[string]any{
		"client": c, "api": c.API(), "generated client": generated, "doer": generated.Client,
		"credentials": credentials, "pointer": &credentials, "context": ctx, "error": failure,
		"in a struct": struct{ C client.Credentials }{credentials}, "in a slice": []client.Credentials{credentials},
		"option": client.WithCredentialsFromContext(),
	} {
		var log bytes.Buffer
		slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "v", value)
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", value)
		encoded, _ := json.Marshal(value)
		texts := []string{log.String(), string(encoded), credentials.GoString()}
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%t", "%x", "%X", "%e", "%T", "%-30v"} {
			texts = append(texts, fmt.Sprintf(verb, value))
		}
		for _, text := range texts {
			for _, secret := range []string{
				testKey, testToken, testPlatformToken, fmt.Sprintf("%x", testKey), fmt.Sprintf("%X", testToken),
				strings.Trim(fmt.Sprintf("%d", []byte(testKey)), "[]"),
			} {
				if strings.Contains(text, secret) {
					t.Errorf("%s shows %q: %s", name, secret, text)
				}
			}
		}
	}
	if got, want := fmt.Sprint(client.Credentials{APIKey: testKey}),
		"Credentials{APIKey: [redacted], AccessToken: none, PlatformToken: none}"; got != want {
		t.Errorf("credentials print as %q, want %q", got, want)
	}
}

func TestRequestOfAResponseHasNoCredential(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, anOrg))
	answer, err := newAPI(t, testKey, w.option()).OrganizationsGetWithResponse(t.Context(), "org_01")
	if err != nil {
		t.Fatalf("call: %v", err)
	}
	dump, err := httputil.DumpRequestOut(answer.HTTPResponse.Request, false)
	if err != nil {
		t.Fatalf("dump: %v", err)
	}
	if text := string(dump); strings.Contains(text, testKey) || !strings.Contains(text, "GET /organizations/org_01") {
		t.Errorf("request of the response: got %q, want it without the key", text)
	}
}

func TestKeyStaysBelowTheBaseURL(t *testing.T) {
	const base = "https://proxy.example/workos"
	for _, tt := range []struct {
		url  string
		want string
	}{
		{base + "/organizations", "Bearer " + testKey},
		{base + "/new/thing", "Bearer " + testKey},
		{"https://PROXY.example/workos/new", "Bearer " + testKey},
		{base, ""},
		{base + "2/organizations", ""},
		{base + "/../admin", ""},
		{base + "/%2e%2E/admin", ""},
		{base + "/a/./b", ""},
		{"https://proxy.example/organizations", ""},
		{"http://proxy.example/workos/organizations", ""},
		{"https://proxy.example:8443/workos/organizations", ""},
		{"https://evil.example/workos/organizations", ""},
		{"https://auth.workos.com/workos/sso/logout/authorize", ""},
	} {
		w := newWire(answerJSON(http.StatusOK, `{}`))
		api := newAPI(t, testKey, w.option(), client.WithBaseURL(base))
		generated, _ := api.ClientInterface.(*gen.Client)
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := generated.Client.Do(req)
		if err != nil {
			t.Errorf("%s: %v", tt.url, err)
			continue
		}
		_ = resp.Body.Close()
		if got := w.sent[0].Header.Get("Authorization"); got != tt.want {
			t.Errorf("%s: Authorization: got %q, want %q", tt.url, got, tt.want)
		}
	}
}
