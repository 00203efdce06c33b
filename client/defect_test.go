package client_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/oapi-codegen/nullable"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// These tests are named after what other SDKs get wrong. Waits and repetitions have theirs in retry_test.go, lists in
// page_test.go.

func TestEmptyIDIsAnErrorAndNotTheList(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, `{"data":[],"list_metadata":{}}`))
	organization, err := newClient(t, testKey, w.option()).Organizations.Get(t.Context(), "")
	const want = `organizations.get: path parameter "id" is ""`
	if organization != nil || err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, %v; want an error that names the parameter", organization, err)
	}
	if len(w.sent) != 0 {
		t.Errorf("sent %s, want nothing", w.sent[0].URL)
	}
}

func TestDotsAreNotSentAsAnID(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, `{}`))
	for _, id := range []string{".", ".."} {
		if err := newClient(t, testKey, w.option()).Organizations.Delete(t.Context(), id); err == nil {
			t.Errorf("Delete %q: got success, want an error", id)
		}
	}
	if len(w.sent) != 0 {
		t.Errorf("sent %d requests, want none", len(w.sent))
	}
}

func TestPathValueThatMeansAnotherOperationIsNotSent(t *testing.T) {
	w := newWire(answerJSON(http.StatusOK, `{}`))
	_, err := newClient(t, testKey, w.option()).Vault.KV.Metadata.Get(t.Context(), "name")
	if err == nil || !strings.Contains(err.Error(), "another endpoint") || len(w.sent) != 0 {
		t.Errorf("got %v and %d requests, want an error and none", err, len(w.sent))
	}
}

func TestSSOProfileIsSentTheAccessTokenAndNotTheAPIKey(t *testing.T) {
	w := newWire(answerJSON(http.StatusBadRequest, `{}`))
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

func TestErrorTextDoesNotShowThePendingToken(t *testing.T) {
	const token = "pending-cl0ak"
	got := failWith(t, http.StatusForbidden, `{"code":"mfa_challenge","message":"Go on",`+
		`"pending_authentication_token":"`+token+`","authentication_factors":[{"id":"auth_factor_01","type":"totp"}]}`)
	step, ok := got.StepUp()
	if !ok || step.PendingAuthenticationToken != token || len(step.AuthenticationFactors) != 1 {
		t.Fatalf("StepUp: got %t and %d factors, want the token and one factor", ok, len(step.AuthenticationFactors))
	}
	for _, text := range []string{got.Error(), fmt.Sprintf("%v %+v %#v %s %q %d", got, got, got, got, got, got),
		fmt.Sprintf("%v %+v %#v %s %d", step, step, step, step, *step)} {
		if strings.Contains(text, token) {
			t.Errorf("shows the token: %s", text)
		}
	}
}

func TestStepUpIsFoundInEachShape(t *testing.T) {
	for _, tt := range []struct {
		body string
		want func(*client.StepUp) bool
	}{
		{`{"code":"organization_selection_required","pending_authentication_token":"t","user":{"id":"user_01"},` +
			`"organizations":[{"id":"org_01","name":"Acme"},{"id":"org_02","name":"B"}]}`,
			func(s *client.StepUp) bool { return s.Organizations[1].ID == "org_02" && s.User.ID == "user_01" }},
		{`{"error":"sso_required","error_description":"x","email":"a@b.example","connection_ids":["conn_01"],` +
			`"pending_authentication_token":"t"}`,
			func(s *client.StepUp) bool { return s.ConnectionIDs[0] == "conn_01" && s.Email == "a@b.example" }},
		{`{"code":"email_verification_required","email_verification_id":"ev_01","pending_authentication_token":"t"}`,
			func(s *client.StepUp) bool { return s.EmailVerificationID == "ev_01" }},
		{`{"code":"email_completion_required","email_completion_token":"t"}`,
			func(s *client.StepUp) bool {
				return s.EmailCompletionToken == "t" && s.PendingAuthenticationToken == ""
			}},
		{`{"code":"mfa_enrollment","pending_authentication_token":"t","user":"odd","organizations":7}`,
			func(s *client.StepUp) bool { return s.PendingAuthenticationToken == "t" && s.Organizations == nil }},
	} {
		if step, ok := failWith(t, http.StatusForbidden, tt.body).StepUp(); !ok || !tt.want(step) {
			t.Errorf("%s: got %t and other fields than these", tt.body, ok)
		}
	}
	for _, body := range []string{`{"code":"forbidden","message":"no"}`, ``, `[]`, `"x"`, `{"user":{}}`} {
		if _, ok := failWith(t, http.StatusForbidden, body).StepUp(); ok {
			t.Errorf("%s: got a step-up, want none", body)
		}
	}
}

func TestListParameterIsSentWithCommas(t *testing.T) {
	w := newWire(answerJSON(http.StatusBadRequest, `{}`))
	_, _ = newClient(t, testKey, w.option()).Events.List(t.Context(), &gen.EventsListParams{
		Events: []string{"user.created", "user.updated"},
	})
	if got, want := w.sent[0].URL.RawQuery, "events=user.created,user.updated"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEmptyNullAndAbsentAreThreeThings(t *testing.T) {
	for want, body := range map[string]gen.UpdateOrganization{
		`{}`:                   {},
		`{"domain_data":[]}`:   {DomainData: []gen.OrganizationDomainData{}},
		`{"external_id":null}`: {ExternalID: nullable.NewNullNullable[string]()},
		`{"external_id":""}`:   {ExternalID: nullable.NewNullableWithValue("")},
		`{"external_id":"a"}`:  {ExternalID: nullable.NewNullableWithValue("a")},
		`{"metadata":null}`:    {Metadata: nullable.NewNullNullable[map[string]*string]()},
		`{"metadata":{}}`:      {Metadata: nullable.NewNullableWithValue(map[string]*string{})},
		`{"metadata":{"a":null,"b":"c"}}`: {
			Metadata: nullable.NewNullableWithValue(map[string]*string{"a": nil, "b": new("c")}),
		},
	} {
		w := newWire(answerJSON(http.StatusOK, anOrg))
		if _, err := newClient(t, testKey, w.option()).Organizations.Update(t.Context(), "org_01", body); err != nil {
			t.Fatal(err)
		}
		if _, got, _ := strings.Cut(onTheWire(t, w.sent[0]), " {"); "{"+got != want {
			t.Errorf("got {%s, want %s", got, want)
		}
	}
}

func TestRetryPolicyThatSendsNothingIsRefused(t *testing.T) {
	for _, policy := range []client.RetryPolicy{
		{}, {MaxAttempts: -1}, {MaxAttempts: 1, MinWait: -1}, {MaxAttempts: 2, MinWait: 2, MaxWait: 1},
	} {
		if _, err := client.New(testKey, client.WithRetry(policy)); err == nil {
			t.Errorf("New with %+v: got success, want an error", policy)
		}
		w := newWire(answerJSON(http.StatusOK, anOrg))
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
	w := newWire(answerJSON(http.StatusOK, answer))
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
