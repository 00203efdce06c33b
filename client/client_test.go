package client_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
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
		{"key beside context", testKey, []client.Option{client.WithCredentialsFromContext()}, "both"},
		{"nil option", testKey, []client.Option{client.WithBaseURL("http://x"), nil}, "option 2 is nil"},
		{"nil HTTP client", testKey, []client.Option{client.WithHTTPClient(nil)}, "HTTP client is nil"},
		{"limit zero", testKey, []client.Option{client.WithMaxResponseBytes(0)}, "0 bytes"},
		{"limit negative", testKey, []client.Option{client.WithMaxResponseBytes(-1)}, "-1 bytes"},
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
		{"broken URL", testKey, []client.Option{client.WithBaseURL("https://x/%zz" + password)}, "base URL: "},
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
	w := newWire(answerJSON(http.StatusOK, anOrg))
	api := newAPI(t, testKey, w.option(), client.WithUserAgent("acme/1.2"))
	if _, err := api.OrganizationsGetWithResponse(t.Context(), "org_01"); err != nil {
		t.Fatalf("call: %v", err)
	}
	for name, want := range map[string]string{
		"Authorization": "Bearer " + testKey,
		"Accept":        "application/json",
		"User-Agent":    "workos-go/" + client.Version + " " + runtime.Version() + " acme/1.2",
	} {
		if got := w.sent[0].Header.Values(name); len(got) != 1 || got[0] != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestRequestEditorsHeadersAreKeptExceptAuthorization(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, anOrg))
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

func TestBaseURLKeepsItsPath(t *testing.T) {
	for _, tt := range []struct{ base, want string }{
		{"https://api.workos.com", "https://api.workos.com/organizations/org_01"},
		{"https://api.workos.com/", "https://api.workos.com/organizations/org_01"},
		{"HTTPS://API.workos.com//", "https://API.workos.com/organizations/org_01"},
		{"http://127.0.0.1:4010/v1/a%2Fb/", "http://127.0.0.1:4010/v1/a%2Fb/organizations/org_01"},
	} {
		w := newWire(answerJSON(http.StatusOK, anOrg))
		api := newAPI(t, testKey, w.option(), client.WithBaseURL(tt.base))
		if _, err := api.OrganizationsGetWithResponse(t.Context(), "org_01"); err != nil {
			t.Fatalf("%s: %v", tt.base, err)
		}
		if got := w.sent[0].URL.String(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.base, got, tt.want)
		}
		if got := w.sent[0].Header.Get("Authorization"); got != "Bearer "+testKey {
			t.Errorf("%s: Authorization: got %q, want the key", tt.base, got)
		}
	}
}

func TestGivenHTTPClientIsNotChanged(t *testing.T) {
	given := &http.Client{Transport: newWire(answerJSON(http.StatusOK, anOrg))}
	newAPI(t, testKey, client.WithHTTPClient(given))
	if given.CheckRedirect != nil {
		t.Error("CheckRedirect of the caller's client was set")
	}
}

func TestLargestLimitWorks(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, anOrg))
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

func TestBodyReachesTheWire(t *testing.T) {
	w := newWire(answerJSON(http.StatusCreated, anOrg))
	api := newAPI(t, testKey, w.option())
	answer, err := api.OrganizationsCreateWithResponse(t.Context(), gen.CreateOrganization{Name: "Acme"})
	if err != nil {
		t.Fatalf("call: %v", err)
	}
	if answer.JSON201 == nil || answer.JSON201.ID != "org_01" {
		t.Errorf("answer: got %+v, want org_01", answer.JSON201)
	}
	if got := w.sent[0].Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type: got %q, want application/json", got)
	}
}
