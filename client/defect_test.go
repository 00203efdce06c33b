package client_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// These tests are named after what other SDKs get wrong. Waits and repetitions have theirs in retry_test.go, lists in
// page_test.go.

func TestSSOProfileIsSentTheAccessTokenAndNotTheAPIKey(t *testing.T) {
	w := newWire(respondJSON(http.StatusBadRequest, `{}`))
	c := newClient(t, testKey, w.option())
	_, _ = c.SSO.Profile.Get(t.Context(), client.WithAccessToken(testToken))
	if got, want := w.sent[0].Header.Get("Authorization"), "Bearer "+testToken; got != want {
		t.Errorf("Authorization: got %q, want the access token", got)
	}
	if _, err := c.SSO.Profile.Get(t.Context()); !errors.Is(err, client.ErrNoCredentials) || len(w.sent) != 1 {
		t.Errorf("without a token: got %v and %d requests, want ErrNoCredentials and none", err, len(w.sent)-1)
	}
}

func TestErrorMessageThatIsAListIsKept(t *testing.T) {
	got := failWith(t, http.StatusBadRequest, `{"message":["name must be a string","domains must be a list"]}`)
	if want := "name must be a string; domains must be a list"; got.Message != want {
		t.Errorf("got %q, want %q", got.Message, want)
	}
}

func TestErrorsThatAreObjectsAreKept(t *testing.T) {
	got := failWith(t, http.StatusUnprocessableEntity, `{"errors":[{"code":"required","field":"name"}]}`)
	if len(got.Errors) != 1 || got.Errors[0].Field != "name" || got.Errors[0].Code != "required" {
		t.Errorf("got %+v, want the field and its code", got.Errors)
	}
}

func TestRetryPolicyThatSendsNothingIsRefused(t *testing.T) {
	for _, policy := range []client.RetryPolicy{
		{}, {MaxAttempts: -1}, {MaxAttempts: 1, MinWait: -1}, {MaxAttempts: 2, MinWait: 2, MaxWait: 1},
	} {
		if _, err := client.New(testKey, client.WithRetry(policy)); err == nil {
			t.Errorf("New with %+v: got success, want an error", policy)
		}
		w := newWire(respondJSON(http.StatusOK, anOrg))
		_, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "org_01", client.WithRetry(policy))
		if err == nil || len(w.sent) != 0 {
			t.Errorf("Get with %+v: got %v and %d requests, want an error and none", policy, err, len(w.sent))
		}
	}
}

func TestNilHTTPClientIsRefused(t *testing.T) {
	if _, err := client.New(testKey, client.WithHTTPClient(nil)); err == nil || !strings.Contains(err.Error(), "nil") {
		t.Errorf("got %v, want an error that says nil", err)
	}
}

func TestUnknownValuesFieldsAndVariantsSurvive(t *testing.T) {
	const answer = `{"object":"organization_domain","id":"org_domain_01","organization_id":"org_01",` +
		`"domain":"a.example","state":"frozen","verification_strategy":"telepathy","new_field":{"x":[1]},` +
		`"created_at":"2026-01-02T03:04:05.678Z","updated_at":"2026-01-02T03:04:05.678Z"}`
	w := newWire(respondJSON(http.StatusOK, answer))
	domain, err := newClient(t, testKey, w.option()).OrganizationDomains.Get(t.Context(), "org_domain_01")
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := json.Marshal(domain)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(encoded); !strings.Contains(text, `"state":"frozen"`) || !strings.Contains(text, `"telepathy"`) {
		t.Errorf("got %s, want the unknown values in it", text)
	}
	var union gen.Authenticate
	const variant = `{"grant_type":"urn:future","code":"x"}`
	if err := json.Unmarshal([]byte(variant), &union); err != nil {
		t.Fatalf("an unknown variant: %v", err)
	}
	if again, err := json.Marshal(union); err != nil || string(again) != variant {
		t.Errorf("an unknown variant: got %s, %v; want it as it was", again, err)
	}
}
