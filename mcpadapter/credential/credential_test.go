package credential_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter"
	"github.com/seed-f165d83c/workos/mcpadapter/credential"
	"github.com/seed-f165d83c/workos/mcpadapter/untyped"
)

// table has an operation for each way to authenticate, which gets its requirements.
func table(security map[string][]optable.Requirement, tokenURL string) *optable.Table {
	t := &optable.Table{SecuritySchemes: []optable.SecurityScheme{
		{Name: "key", Type: optable.APIKey, In: optable.InHeader, Parameter: "X-Key"},
		{Name: "inQuery", Type: optable.APIKey, In: optable.InQuery, Parameter: "api key"},
		{Name: "inCookie", Type: optable.APIKey, In: optable.InCookie, Parameter: "session"},
		{Name: "user", Type: optable.HTTP, Scheme: "basic"},
		{Name: "token", Type: optable.HTTP, Scheme: "bearer"},
		{Name: "signed", Type: optable.HTTP, Scheme: "Hoba"},
		{Name: "oauth", Type: optable.OAuth2, TokenURL: tokenURL, Scopes: []string{"read", "write"}},
		{Name: "oidc", Type: optable.OpenIDConnect},
		{Name: "digest", Type: optable.HTTP, Scheme: "digest"},
		{Name: "tls", Type: optable.MutualTLS},
	}}
	for name, list := range security {
		t.Operations = append(t.Operations, optable.Operation{
			ID: name, Method: http.MethodGet, Path: "/" + name, Security: list,
			Parameters: []optable.Parameter{
				{Name: "q", In: optable.InQuery, Schema: &optable.Schema{Types: optable.String}},
				{Name: "theme", In: optable.InCookie, Schema: &optable.Schema{Types: optable.String}},
			},
		})
	}
	return t
}

func need(names ...string) optable.Requirement {
	r := optable.Requirement{}
	for _, name := range names {
		r = append(r, optable.Credential{Scheme: name})
	}
	return r
}

// recorder is an API that records the requests to it.
type recorder struct {
	*httptest.Server

	requests []*http.Request
}

func newRecorder(t *testing.T) *recorder {
	t.Helper()
	r := &recorder{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		r.requests = append(r.requests, request)
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(r.Close)
	return r
}

// call calls an operation with the credentials and returns the requests that arrived.
func (r *recorder) call(
	t *testing.T, operations *optable.Table, operation, arguments string, set credential.Set,
) (mcpadapter.Result, []*http.Request) {
	t.Helper()
	r.requests = nil
	schemes := credential.New(operations)
	client, err := untyped.NewClient(r.URL, &http.Client{Transport: schemes.Transport(http.DefaultTransport)})
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := mcpadapter.New(client, operations)
	if err != nil {
		t.Fatal(err)
	}
	tool, err := adapter.Tool(operation)
	if err != nil {
		t.Fatal(err)
	}
	result := tool.Invoke(credential.With(t.Context(), set), json.RawMessage(arguments))
	return result, r.requests
}

func TestARequestCarriesWhatItsOperationNeeds(t *testing.T) {
	t.Parallel()
	api := newRecorder(t)
	everything := credential.Set{
		"key": {Secret: "k1"}, "inQuery": {Secret: "q&1"}, "inCookie": {Secret: "c1"}, "user": {Secret: "ada:pass:word"},
		"token": {Secret: "t1"}, "signed": {Secret: "s1"}, "oauth": {Secret: "o1"}, "oidc": {Secret: "i1"},
	}
	for _, c := range []struct {
		needs []optable.Requirement
		set   credential.Set
		want  string // query | X-Key | Cookie | Authorization
	}{
		{[]optable.Requirement{need("key")}, everything, "q=1|k1|theme=dark|"},
		{[]optable.Requirement{need("inQuery")}, everything, "q=1&api+key=q%261||theme=dark|"},
		{[]optable.Requirement{need("inCookie")}, everything, "q=1||theme=dark; session=c1|"},
		{[]optable.Requirement{need("user")}, everything, "q=1||theme=dark|Basic YWRhOnBhc3M6d29yZA=="},
		{[]optable.Requirement{need("token")}, everything, "q=1||theme=dark|Bearer t1"},
		{[]optable.Requirement{need("signed")}, everything, "q=1||theme=dark|Hoba s1"},
		{[]optable.Requirement{need("oauth")}, everything, "q=1||theme=dark|Bearer o1"},
		{[]optable.Requirement{need("oidc")}, everything, "q=1||theme=dark|Bearer i1"},
		{[]optable.Requirement{need("key", "token")}, everything, "q=1|k1|theme=dark|Bearer t1"},
		{[]optable.Requirement{need("tls", "key")}, everything, "q=1|k1|theme=dark|"},
		// The first alternative that the credentials satisfy, not the first.
		{
			[]optable.Requirement{need("key", "token"), need("user")}, credential.Set{"key": {Secret: "k"}, "user": {Secret: "u:"}},
			"q=1||theme=dark|Basic dTo=",
		},
		{[]optable.Requirement{need("digest"), need("key")}, everything, "q=1|k1|theme=dark|"},
		{[]optable.Requirement{need(), need("key")}, everything, "q=1|k1|theme=dark|"},
		{[]optable.Requirement{need(), need("key")}, nil, "q=1||theme=dark|"},
		{[]optable.Requirement{need()}, everything, "q=1||theme=dark|"},
	} {
		operations := table(map[string][]optable.Requirement{"op": c.needs}, "")
		result, requests := api.call(t, operations, "op", `{"q":"1","theme":"dark"}`, c.set)
		if result.Failure != nil || len(requests) != 1 {
			t.Errorf("%v: got %s and %d requests, want one", c.needs, result.Text(), len(requests))
			continue
		}
		r := requests[0]
		got := strings.Join([]string{
			r.URL.RawQuery, r.Header.Get("X-Key"), r.Header.Get("Cookie"), r.Header.Get("Authorization"),
		}, "|")
		if got != c.want {
			t.Errorf("%v: got %s, want %s", c.needs, got, c.want)
		}
	}
}

func TestNothingIsSentWithoutWhatAnOperationNeeds(t *testing.T) {
	t.Parallel()
	api := newRecorder(t)
	for _, c := range []struct {
		needs []optable.Requirement
		set   credential.Set
		want  string
	}{
		{[]optable.Requirement{need("key")}, nil, `operation "op" needs a credential: key`},
		{
			[]optable.Requirement{need("key", "token"), need("user")}, credential.Set{"key": {Secret: "k1"}},
			`operation "op" needs a credential: key + token, or user`,
		},
		{[]optable.Requirement{need("digest")}, credential.Set{"digest": {Secret: "d"}}, `needs a credential: digest`},
		{[]optable.Requirement{need("user")}, credential.Set{"user": {Secret: "sesame"}}, `credential for "user": want the user`},
		{[]optable.Requirement{need("key")}, credential.Set{"key": {Secret: "sesame\r\nX: 1"}}, `it has control characters`},
		{[]optable.Requirement{need("inCookie")}, credential.Set{"inCookie": {Secret: "sesame;x=1"}}, `a cookie cannot carry`},
	} {
		operations := table(map[string][]optable.Requirement{"op": c.needs}, "")
		result, requests := api.call(t, operations, "op", `{}`, c.set)
		text := result.Text() + string(result.JSON)
		if len(requests) != 0 || result.Failure == nil || !strings.Contains(text, c.want) || strings.Contains(text, "sesame") {
			t.Errorf("%v: got %s and %d requests, want %q and none", c.needs, text, len(requests), c.want)
		}
	}
}

func TestAllCredentialsAreUsedWhereNoOperationSaysWhich(t *testing.T) {
	t.Parallel()
	api := newRecorder(t)
	operations := table(map[string][]optable.Requirement{"op": nil}, "")
	_, requests := api.call(t, operations, "op", `{}`, credential.Set{"key": {Secret: "k1"}, "token": {Secret: "t1"}})
	if len(requests) != 1 || requests[0].Header.Get("X-Key") != "k1" || requests[0].Header.Get("Authorization") != "Bearer t1" {
		t.Errorf("got %v, want both", requests)
	}
	operations.SecuritySchemes = nil
	_, requests = api.call(t, operations, "op", `{}`, credential.Set{"authorization": {Secret: "Custom x"}})
	if len(requests) != 1 || requests[0].Header.Get("Authorization") != "Custom x" {
		t.Errorf("got %v, want the header as it is", requests)
	}
}

func TestAFailedRequestDoesNotShowACredential(t *testing.T) {
	t.Parallel()
	api := newRecorder(t)
	operations := table(map[string][]optable.Requirement{"op": {need("inQuery")}}, "")
	api.Close()
	result, _ := api.call(t, operations, "op", `{}`, credential.Set{"inQuery": {Secret: "sesame"}})
	if text := result.Text() + string(result.JSON); result.Failure == nil || strings.Contains(text, "sesame") {
		t.Errorf("got %s, want a failure without the key", text)
	}
}

func TestCredentialsDoNotPrint(t *testing.T) {
	t.Parallel()
	set := credential.Set{"key": {Secret: "sesame", ClientID: "sesame", ClientSecret: "sesame"}}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "set", set, "one", set["key"])
	text, err := json.Marshal(set)
	if err != nil {
		t.Fatal(err)
	}
	for _, printed := range []string{
		log.String(), string(text), fmt.Sprintf("%v %+v %#v %s", set, set, set, set["key"]),
	} {
		if strings.Contains(printed, "sesame") || !strings.Contains(printed, "[hidden]") {
			t.Errorf("got %s", printed)
		}
	}
}

func TestAnotherRequestIsSentAsItIs(t *testing.T) {
	t.Parallel()
	api := newRecorder(t)
	schemes := credential.New(table(map[string][]optable.Requirement{"op": {need("key")}}, ""))
	ctx := credential.With(t.Context(), credential.Set{"key": {Secret: "k1"}})
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, api.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := schemes.Transport(http.DefaultTransport).RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if got := api.requests[0].Header.Get("X-Key"); got != "" {
		t.Errorf("got %s, want no key", got)
	}
}

// tokenServer issues tokens, or refuses.
func tokenServer(t *testing.T, status int) (url string, forms *[]string) {
	t.Helper()
	forms = &[]string{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		id, secret, _ := r.BasicAuth()
		*forms = append(*forms, string(body)+" "+id+":"+secret)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		if status != http.StatusOK {
			_, _ = io.WriteString(w, `{"error":"invalid_client","error_description":"sesame"}`)
			return
		}
		_, _ = fmt.Fprintf(w, `{"access_token":"issued%d","token_type":"Bearer","expires_in":3600}`, len(*forms))
	}))
	t.Cleanup(s.Close)
	return s.URL + "/token", forms
}

func TestATokenIsFetchedOnce(t *testing.T) {
	t.Parallel()
	api := newRecorder(t)
	url, forms := tokenServer(t, http.StatusOK)
	operations := table(map[string][]optable.Requirement{"op": {{{Scheme: "oauth", Scopes: []string{"read"}}}}}, url)
	schemes := credential.New(operations)
	client, err := untyped.NewClient(api.URL, &http.Client{Transport: schemes.Transport(http.DefaultTransport)})
	if err != nil {
		t.Fatal(err)
	}
	adapter, err := mcpadapter.New(client, operations)
	if err != nil {
		t.Fatal(err)
	}
	ctx := credential.With(t.Context(), credential.Set{"oauth": {ClientID: "me", ClientSecret: "sesame"}})
	for range 3 {
		if result := adapter.Tools()[0].Invoke(ctx, nil); result.Failure != nil {
			t.Fatal(result.Text())
		}
	}
	if len(*forms) != 1 || (*forms)[0] != "grant_type=client_credentials&scope=read me:sesame" {
		t.Errorf("got %q, want one request for a token", *forms)
	}
	for _, r := range api.requests {
		if got := r.Header.Get("Authorization"); got != "Bearer issued1" {
			t.Errorf("got %q, want the token", got)
		}
	}
}

func TestARefusedTokenSendsNothing(t *testing.T) {
	t.Parallel()
	api := newRecorder(t)
	url, _ := tokenServer(t, http.StatusUnauthorized)
	operations := table(map[string][]optable.Requirement{"op": {need("oauth")}}, url)
	result, requests := api.call(t, operations, "op", `{}`, credential.Set{"oauth": {ClientID: "me", ClientSecret: "sesame"}})
	const want = `token of "oauth": the token endpoint returned 401 Unauthorized, invalid_client`
	if text := result.Text(); len(requests) != 0 || !strings.Contains(text, want) || strings.Contains(text, "sesame") {
		t.Errorf("got %s and %d requests, want %q", text, len(requests), want)
	}
}

func TestCallersDiffer(t *testing.T) {
	t.Parallel()
	schemes := credential.New(table(nil, ""))
	seen := map[string]bool{}
	for _, set := range []credential.Set{
		nil, {"key": {Secret: "sesame"}}, {"key": {Secret: "b"}}, {"token": {Secret: "sesame"}}, {"oauth": {ClientID: "sesame"}},
	} {
		caller := schemes.Caller(credential.With(context.WithoutCancel(t.Context()), set))
		if seen[caller] || strings.Contains(caller, "sesame") {
			t.Errorf("got %s", caller)
		}
		seen[caller] = true
	}
}

func TestAnUnknownSchemeIsAnError(t *testing.T) {
	t.Parallel()
	schemes := credential.New(table(nil, ""))
	if err := schemes.Check(credential.Set{"kye": {Secret: "sesame"}}); err == nil ||
		!strings.Contains(err.Error(), `unknown security scheme "kye": want key, `) || strings.Contains(err.Error(), "sesame") {
		t.Errorf("got %v", err)
	}
	if err := schemes.Check(credential.Set{"user": {Secret: "sesame"}}); err == nil || strings.Contains(err.Error(), "sesame") {
		t.Errorf("got %v", err)
	}
	if err := schemes.Check(credential.Set{"key": {Secret: "k"}}); err != nil {
		t.Error(err)
	}
	if _, ok := errors.AsType[*credential.MissingError](schemes.Check(nil)); ok {
		t.Error("an empty set is an error")
	}
}
