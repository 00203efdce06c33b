package client_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

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

func TestStepUpTokenIsInTheBodyAlone(t *testing.T) {
	const token = "pending-cl0ak"
	got := failWith(t, http.StatusForbidden,
		`{"code":"mfa_enrollment","message":"Enroll","pending_authentication_token":"`+token+`","user":{"id":"user_01"}}`)
	var body struct {
		Token string `json:"pending_authentication_token"`
	}
	if err := json.Unmarshal(got.Body, &body); err != nil || body.Token != token {
		t.Errorf("body: got %q, %v; want the token", body.Token, err)
	}
	encoded, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("m", "err", got)
	for _, text := range []string{
		fmt.Sprintf("%v %+v %#v %s %q", got, got, got, got, got), fmt.Sprintf("%d", got), string(encoded), log.String(),
	} {
		if strings.Contains(text, token) {
			t.Errorf("shows the token: %s", text)
		}
	}
}

// TestStepUpHasEachField has each field of a step alone.
func TestStepUpHasEachField(t *testing.T) {
	for _, tt := range []struct {
		body string
		ok   bool
		want client.StepUp
	}{
		{`{"pending_authentication_token":"t"}`, true, client.StepUp{PendingAuthenticationToken: "t"}},
		{`{"pending_authentication_token":""}`, false, client.StepUp{}},
		{`{"connection_ids":["c"]}`, true, client.StepUp{ConnectionIDs: []string{"c"}}},
		{`{"connection_ids":[]}`, false, client.StepUp{ConnectionIDs: []string{}}},
		{`{"sso_connection_ids":["c","d"]}`, true, client.StepUp{ConnectionIDs: []string{"c", "d"}}},
		{`{"sso_connection_ids":["c"],"connection_ids":["d"]}`, true, client.StepUp{ConnectionIDs: []string{"d"}}},
		{`{"sso_connection_ids":["c"],"connection_ids":null}`, true, client.StepUp{ConnectionIDs: []string{"c"}}},
		{`{"email_verification_id":"v"}`, true, client.StepUp{EmailVerificationID: "v"}},
		{`{"email_verification_id":""}`, false, client.StepUp{}},
		{`{"organizations":[{"id":"o","name":"n"}]}`, false,
			client.StepUp{Organizations: []client.StepUpOrganization{{ID: "o", Name: "n"}}}},
		{`{"authentication_factors":[{"id":"f","type":"totp"}]}`, false,
			client.StepUp{AuthenticationFactors: []client.StepUpFactor{{ID: "f", Type: "totp"}}}},
		{`{"email":"e"}`, false, client.StepUp{Email: "e"}},
		{`{"radar_challenge_id":"r"}`, false, client.StepUp{RadarChallengeID: "r"}},
		{`{}`, false, client.StepUp{}},
	} {
		got, ok := failWith(t, http.StatusForbidden, tt.body).StepUp()
		if ok != tt.ok || got == nil || !reflect.DeepEqual(*got, tt.want) {
			t.Errorf("%s: got other fields than these, or %t", tt.body, ok)
		}
		fields := [...]string{"none", "[redacted]"}
		mark := fields[0]
		if tt.want.PendingAuthenticationToken != "" {
			mark = fields[1]
		}
		want := fmt.Sprintf("StepUp{PendingAuthenticationToken: %s, Organizations: %d, ConnectionIDs: %d, "+
			"AuthenticationFactors: %d}", mark, len(tt.want.Organizations), len(tt.want.ConnectionIDs),
			len(tt.want.AuthenticationFactors))
		for _, text := range []string{
			got.String(), got.GoString(), fmt.Sprintf("%#v", got), fmt.Sprint(*got), got.LogValue().String(),
		} {
			if text != want {
				t.Errorf("%s: prints as %s, want %s", tt.body, text, want)
			}
		}
	}
	for _, body := range []string{``, `null`, `[]`, `7`, `{`} {
		got, ok := failWith(t, http.StatusForbidden, body).StepUp()
		if ok || got != nil && body != `null` {
			t.Errorf("%s: got a step-up, want none", body)
		}
	}
}

// A user of many organizations has more of them than Body keeps.
func TestStepUpHasAllOrganizations(t *testing.T) {
	const organization = `{"id":"org_01H945H0YD4F97JN9MATX7BYAG","name":"Acme"},`
	const n = 3000
	got := failWith(t, http.StatusForbidden, `{"code":"organization_selection_required","organizations":[`+
		strings.TrimSuffix(strings.Repeat(organization, n), ",")+`],"pending_authentication_token":"t"}`)
	step, ok := got.StepUp()
	if !ok || len(step.Organizations) != n || step.PendingAuthenticationToken != "t" {
		t.Errorf("got %t and %v, want all organizations and the token", ok, step)
	}
	if !got.Truncated || len(got.Body) > 64<<10 {
		t.Errorf("got a body of %d bytes, truncated %t, want a part of it", len(got.Body), got.Truncated)
	}
}
