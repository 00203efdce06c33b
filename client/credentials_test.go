package client_test

import (
	"bytes"
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

func TestCredentialsPrintWhichOfThemAreSet(t *testing.T) {
	for want, credentials := range map[string]client.Credentials{
		"Credentials{APIKey: none, AccessToken: none, PlatformToken: none}":       {},
		"Credentials{APIKey: [redacted], AccessToken: none, PlatformToken: none}": {APIKey: "s3cret"},
		"Credentials{APIKey: none, AccessToken: [redacted], PlatformToken: none}": {AccessToken: "s3cret"},
		"Credentials{APIKey: none, AccessToken: none, PlatformToken: [redacted]}": {PlatformToken: "s3cret"},
		"Credentials{APIKey: [redacted], AccessToken: [redacted], PlatformToken: [redacted]}": {
			APIKey: "s3cret", AccessToken: "s3cret", PlatformToken: "s3cret",
		},
	} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d"} {
			if got := fmt.Sprintf(verb, credentials); got != want {
				t.Errorf("%s: got %s, want %s", verb, got, want)
			}
		}
		if got := credentials.String() + credentials.GoString(); got != want+want {
			t.Errorf("got %s, want %s twice", got, want)
		}
		group := credentials.LogValue()
		wantGroup := fmt.Sprintf("[api_key=%s access_token=%s platform_token=%s]", mark(credentials.APIKey),
			mark(credentials.AccessToken), mark(credentials.PlatformToken))
		if group.Kind() != slog.KindGroup || group.String() != wantGroup {
			t.Errorf("log: got %s, want %s", group, wantGroup)
		}
	}
}

const (
	testToken         = "at_01HXQ4Y7SECRET"
	testPlatformToken = "pt_01HXQ4Y7SECRET"
)

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

func TestBrokenCredentialInContextIsRefused(t *testing.T) {
	w := newWire(respondJSON(http.StatusOK, anOrg))
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
	w := newWire(respondJSON(http.StatusNotFound, `{"message":"no `+testKey+`"}`))
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
	w := newWire(respondJSON(http.StatusOK, anOrg))
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

func TestSecretHeadersAreNotInTheRequestOfAnError(t *testing.T) {
	w := newWire(respondJSON(http.StatusNotFound, `{}`))
	_, err := newClient(t, testKey, w.option(), client.WithHeader("Cf-Access-Client-Secret", "s3cret")).
		Organizations.Get(t.Context(), "org_01")
	var failed *client.Error
	if !errors.As(err, &failed) || strings.Contains(fmt.Sprint(failed.Response.Request.Header), "s3cret") {
		t.Errorf("got %v, want an *Error whose request does not have the secret", err)
	}
	if got := w.sent[0].Header.Get("Cf-Access-Client-Secret"); got != "s3cret" {
		t.Errorf("sent %q, want the header", got)
	}
}
