package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
)

// TestCodeAndMessageOfEachPlace has every place that a code or a message may stand in, alone and beside the others.
func TestCodeAndMessageOfEachPlace(t *testing.T) {
	const required = `[{"code":"ec","message":"em","field":"ef"}]`
	field := []client.FieldError{{Field: "ef", Code: "ec", Message: "em"}}
	for _, tt := range []struct {
		body, code, message string
		errors              []client.FieldError
	}{
		{`{"code":"c"}`, "c", "", nil},
		{`{"message":"m"}`, "", "m", nil},
		{`{"error_description":"d"}`, "", "d", nil},
		{`{"message":"m","error_description":"d"}`, "", "m", nil},
		{`{"message":"","error_description":"d"}`, "", "d", nil},
		{`{"message":[],"error_description":"d"}`, "", "d", nil},
		{`{"message":null,"error_description":"d"}`, "", "d", nil},
		{`{"message":[{"code":"ec","message":"em","field":"ef"}],"error_description":"d"}`, "", "", field},
		{`{"error":"an_error"}`, "an_error", "an_error", nil},
		{`{"error":"An error"}`, "", "An error", nil},
		{`{"error":"an_error","code":"c"}`, "c", "an_error", nil},
		{`{"error":"an_error","message":"m"}`, "an_error", "m", nil},
		{`{"error":"an_error","error_description":"d"}`, "an_error", "d", nil},
		{`{"error":"an_error","code":"c","message":"m","error_description":"d"}`, "c", "m", nil},
		{`{"error":{"code":"nc"}}`, "nc", "", nil},
		{`{"error":{"message":"nm"}}`, "", "nm", nil},
		{`{"error":{"message":["n1","n2"]}}`, "", "n1; n2", nil},
		{`{"error":{"code":"nc","message":"nm"},"code":"c"}`, "c", "nm", nil},
		{`{"error":{"code":"nc","message":"nm"},"message":"m"}`, "nc", "m", nil},
		{`{"error":{"code":"nc","message":"nm"},"error_description":"d"}`, "nc", "d", nil},
		{`{"error":{"keyword":"nk","message":"nm"}}`, "nk", "nm", nil},
		{`{"error":{}}`, "", "", nil},
		{`{"error":{"constraints":{"b":"2","a":"1"}}}`, "a", "1", nil},
		{`{"error":[{"code":"nc"}]}`, "", "", nil},
		{`{"error":7}`, "7", "7", nil},
		{`{"code":7.5,"message":true}`, "7.5", "true", nil},
		{`{"code":false,"message":0}`, "false", "0", nil},
		{`{"code":{},"message":null}`, "", "", nil},
		{`{"code":["c"],"message":[["m"]]}`, "", "", nil},
		{`{"code":"c","errors":` + required + `}`, "c", "", field},
		{`{"message":` + required + `,"errors":["e"]}`, "", "", append(field[:1:1], client.FieldError{Message: "e"})},
		{`{"message":["m",7,` + required[1:] + `}`, "", "m; 7", field},
		{`{"errors":"e"}`, "", "", []client.FieldError{{Message: "e"}}},
		{`{"errors":7}`, "", "", []client.FieldError{{Message: "7"}}},
		{`{"errors":null}`, "", "", nil},
		{`{"errors":[]}`, "", "", nil},
		{`{"errors":[[]]}`, "", "", nil},
		{`"text"`, "", "text", nil},
		{`7`, "", "7", nil},
	} {
		got := failWith(t, http.StatusBadRequest, tt.body)
		if got.Code != tt.code || got.Message != tt.message || !reflect.DeepEqual(got.Errors, tt.errors) {
			t.Errorf("%s:\n got %q %q %q\nwant %q %q %q", tt.body, got.Code, got.Message, got.Errors, tt.code, tt.message,
				tt.errors)
		}
	}
}

// TestFieldOfEachPlace has every place that what is wrong with a field may stand in.
func TestFieldOfEachPlace(t *testing.T) {
	for entry, want := range map[string][]client.FieldError{
		`{"field":"f"}`:                         {{Field: "f"}},
		`{"property":"p"}`:                      {{Field: "p"}},
		`{"instancePath":"/i"}`:                 {{Field: "i"}},
		`{"field":"f","property":"p"}`:          {{Field: "f"}},
		`{"property":"p","instancePath":"/i"}`:  {{Field: "p"}},
		`{"field":7}`:                           {{Field: "7"}},
		`{"instancePath":""}`:                   nil,
		`{"instancePath":"/a/0/b"}`:             {{Field: "a.0.b"}},
		`{"instancePath":"/a~1b/c~0d/~01"}`:     {{Field: "a/b.c~d.~1"}},
		`{"instancePath":"a"}`:                  {{Field: "a"}},
		`{"code":"c"}`:                          {{Code: "c"}},
		`{"keyword":"k"}`:                       {{Code: "k"}},
		`{"code":"c","keyword":"k"}`:            {{Code: "c"}},
		`{"message":"m"}`:                       {{Message: "m"}},
		`{"message":["m","n"]}`:                 {{Message: "m; n"}},
		`{"field":"f","constraints":{}}`:        {{Field: "f"}},
		`{"field":"f","constraints":"x"}`:       {{Field: "f"}},
		`{"field":"f","constraints":null}`:      {{Field: "f"}},
		`{"field":"f","constraints":{"c":"m"}}`: {{Field: "f", Code: "c", Message: "m"}},
		`{"field":"f","code":"d","message":"n","constraints":{"c":"m","a":7,"b":{}}}`: {
			{"f", "a", "7"}, {"f", "b", ""}, {"f", "c", "m"},
		},
		`{"name":"is bad"}`:               {{Field: "name", Message: "is bad"}},
		`{"name":["is bad","is long"]}`:   {{Field: "name", Message: "is bad; is long"}},
		`{"b":"2","a":["1"],"c":""}`:      {{Field: "a", Message: "1"}, {Field: "b", Message: "2"}},
		`{"a":7,"b":null,"c":[],"d":[1]}`: nil,
		`{"a":{"b":"c"}}`:                 nil,
		`{}`:                              nil,
		`"text"`:                          {{Message: "text"}},
		`""`:                              nil,
		`true`:                            {{Message: "true"}},
		`null`:                            nil,
		`[]`:                              nil,
	} {
		got := failWith(t, http.StatusBadRequest, `{"errors":[`+entry+`]}`).Errors
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %q, want %q", entry, got, want)
		}
		twice := failWith(t, http.StatusBadRequest, `{"errors":[`+entry+`,"between",`+entry+`]}`).Errors
		if want := append(append(append([]client.FieldError{}, want...), client.FieldError{Message: "between"}),
			want...); !reflect.DeepEqual(twice, want) {
			t.Errorf("%s, twice: got %q, want %q", entry, twice, want)
		}
	}
}

func TestErrorWordForProgramsIsACode(t *testing.T) {
	const inCode = "_-.:0123456789abcdefghijklmnopqrstuvwxyz"
	for _, c := range append(ascii(), " ", "é", "世") {
		for _, text := range []string{"x" + c + "y", c + "y", "x" + c, c} {
			want := ""
			if strings.Contains(inCode, c) {
				want = text
			}
			text = strings.TrimSpace(text)
			quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
			got := failWith(t, http.StatusBadRequest, `{"error":"`+quoted+`"}`)
			if c == " " && strings.TrimSpace(text) != "x y" {
				continue // the space is at an end
			}
			if got.Code != want || got.Message != text {
				t.Errorf("%q: got %q and %q, want the code %q", text, got.Code, got.Message, want)
			}
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

// TestSuccessHasNoError has all that a call returns where nothing is wrong, and where something is.
func TestSuccessHasNoError(t *testing.T) {
	c := replying(t, func() *http.Response { return byHand(http.StatusOK, anOrg) })
	if got, err := c.Organizations.Get(t.Context(), "org_01"); got == nil || err != nil {
		t.Errorf("got %v, %v; want an organization alone", got, err)
	}
	if err := c.Organizations.Delete(t.Context(), "org_01"); err != nil {
		t.Errorf("got %v, want nothing", err)
	}
	bad := replying(t, func() *http.Response { return byHand(http.StatusBadRequest, `{}`) })
	if got, err := bad.Organizations.Get(t.Context(), "org_01"); got != nil || !errors.Is(err, client.ErrBadRequest) {
		t.Errorf("got %v, %v; want an error alone", got, err)
	}
	if err := bad.Organizations.Delete(t.Context(), "org_01"); !errors.Is(err, client.ErrBadRequest) {
		t.Errorf("got %v, want an error", err)
	}
	if page, err := bad.Organizations.List(t.Context(), nil); page != nil || !errors.Is(err, client.ErrBadRequest) {
		t.Errorf("got %v, %v; want an error alone", page, err)
	}
	if got, err := bad.SSO.Authorize.Get(t.Context(), authorizeParams()); got != nil || !errors.Is(err,
		client.ErrBadRequest) {
		t.Errorf("got %v, %v; want an error alone", got, err)
	}
}
