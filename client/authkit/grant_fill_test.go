package authkit_test

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/authkit"
	"github.com/seed-f165d83c/workos/gen"
)

// requiredFields returns the JSON names of the fields that a grant requires, by their Go names.
func requiredFields(body any) map[string]string {
	all := map[string]map[string]string{
		"AuthenticateWithCode":              {"Code": "code"},
		"AuthenticateWithPassword":          {"Email": "email", "Password": "password"},
		"AuthenticateWithRefreshToken":      {"RefreshToken": "refresh_token"},
		"AuthenticateWithMagicAuth":         {"Email": "email", "Code": "code"},
		"AuthenticateWithEmailVerification": {"PendingAuthenticationToken": "pending_authentication_token", "Code": "code"},
		"AuthenticateWithTOTP": {
			"PendingAuthenticationToken": "pending_authentication_token",
			"AuthenticationChallengeID":  "authentication_challenge_id", "Code": "code",
		},
		"AuthenticateWithOrganizationSelection": {
			"PendingAuthenticationToken": "pending_authentication_token", "OrganizationID": "organization_id",
		},
		"AuthenticateWithRadarEmailChallenge": {
			"PendingAuthenticationToken": "pending_authentication_token", "RadarChallengeID": "radar_challenge_id",
			"Code": "code",
		},
		"AuthenticateWithRadarSMSChallenge": {"PendingAuthenticationToken": "pending_authentication_token", "Code": "code"},
		"AuthenticateWithDeviceCode":        {"DeviceCode": "device_code"},
	}
	return all[reflect.TypeOf(body).Name()]
}

// bodies has an empty body of each grant.
func bodies() []any {
	return []any{
		gen.AuthenticateWithCode{}, gen.AuthenticateWithPassword{}, gen.AuthenticateWithRefreshToken{},
		gen.AuthenticateWithMagicAuth{}, gen.AuthenticateWithEmailVerification{}, gen.AuthenticateWithTOTP{},
		gen.AuthenticateWithOrganizationSelection{}, gen.AuthenticateWithRadarEmailChallenge{},
		gen.AuthenticateWithRadarSMSChallenge{}, gen.AuthenticateWithDeviceCode{},
	}
}

// authenticateWith calls the method of a grant with its body, in which set fills fields.
func authenticateWith(ctx context.Context, c *authkit.Client, body any, set func(reflect.Value),
) (*authkit.Session, error) {
	value := reflect.New(reflect.TypeOf(body)).Elem()
	for name := range requiredFields(body) {
		value.FieldByName(name).SetString("x")
	}
	set(value)
	method := reflect.ValueOf(c).MethodByName(value.Type().Name())
	results := method.Call([]reflect.Value{reflect.ValueOf(ctx), value})
	session, _ := reflect.TypeAssert[*authkit.Session](results[0])
	err, _ := reflect.TypeAssert[error](results[1])
	return session, err
}

func TestEachRequiredFieldIsAskedFor(t *testing.T) {
	server := &wire{next: &api{status: http.StatusOK, answer: authentication()}}
	c := newClient(t, server)
	for _, body := range bodies() {
		name := reflect.TypeOf(body).Name()
		if session, err := authenticateWith(t.Context(), c, body, func(reflect.Value) {}); err != nil || session == nil {
			t.Errorf("%s, complete: got %v and %v", name, session, err)
		}
		before := len(server.requests())
		for field, wire := range requiredFields(body) {
			session, err := authenticateWith(t.Context(), c, body, func(v reflect.Value) { v.FieldByName(field).SetString("") })
			if want := "workos/authkit: authenticate: " + wire + " is empty"; session != nil || err == nil || err.Error() != want {
				t.Errorf("%s without %s: got %v and %v, want %s", name, field, session, err, want)
			}
		}
		for _, field := range []string{"ClientID", "ClientSecret", "GrantType"} {
			session, err := authenticateWith(t.Context(), c, body, func(v reflect.Value) {
				f := v.FieldByName(field)
				switch text := "sk_other"; {
				case !f.IsValid(): // the grant takes no secret
					v.FieldByName("ClientID").SetString(text)
				case f.Kind() == reflect.Pointer:
					f.Set(reflect.ValueOf(&text))
				default:
					f.SetString(text)
				}
			})
			want := "workos/authkit: authenticate: client_id, client_secret or grant_type is set; they are filled in here"
			if session != nil || err == nil || err.Error() != want {
				t.Errorf("%s with %s: got %v and %v, want %s", name, field, session, err, want)
			}
		}
		if sent := server.requests()[before:]; len(sent) != 0 {
			t.Errorf("%s, incomplete: sent %v, want nothing", name, sent)
		}
	}
}

func TestPhoneAndVerificationGoTogether(t *testing.T) {
	phone, verification := "+4930123", "vrf_01"
	for _, tt := range []struct {
		name                string
		phone, verification *string
		fits                bool
	}{
		{"neither", nil, nil, true}, {"both", &phone, &verification, true}, {"phone", &phone, nil, false},
		{"verification", nil, &verification, false},
	} {
		server := &api{status: http.StatusOK, answer: authentication()}
		session, err := newClient(t, server).AuthenticateWithRadarSMSChallenge(t.Context(),
			gen.AuthenticateWithRadarSMSChallenge{
				PendingAuthenticationToken: "p", Code: "1", PhoneNumber: tt.phone, VerificationID: tt.verification,
			})
		if tt.fits != (err == nil) || tt.fits != (session != nil) || tt.fits != (len(server.bodies) == 1) {
			t.Errorf("%s: got %v and %v, sent %v, want it to fit: %t", tt.name, session, err, server.bodies, tt.fits)
		}
	}
}

func TestCodesOfPublicClientsNeedAVerifier(t *testing.T) {
	verifier := strings.Repeat("v", 43)
	for _, tt := range []struct {
		key      string
		verifier *string
		fits     bool
	}{{testKey, nil, true}, {testKey, &verifier, true}, {"", &verifier, true}, {"", nil, false}} {
		server := &api{status: http.StatusOK, answer: authentication()}
		ctx := client.WithCredentials(t.Context(), client.Credentials{APIKey: tt.key})
		session, err := newClient(t, server).AuthenticateWithCode(ctx, gen.AuthenticateWithCode{
			Code: "c", CodeVerifier: tt.verifier,
		})
		if tt.fits != (err == nil) || tt.fits != (session != nil) || tt.fits != (len(server.bodies) == 1) ||
			!tt.fits && !errors.Is(err, client.ErrNoCredentials) {
			t.Errorf("key %q, verifier %v: got %v and %v, sent %v, want it to fit: %t", tt.key, tt.verifier != nil, session,
				err, server.bodies, tt.fits)
		}
	}
}

func TestOrganizationOfASignInMayComeWithTheToken(t *testing.T) {
	token := tokenOf(t, map[string]any{"org_id": "org_07"})
	for _, tt := range []struct {
		response map[string]any
		want     authkit.Session
	}{
		{map[string]any{"access_token": "a"}, authkit.Session{AccessToken: "a"}},
		{map[string]any{"access_token": token}, authkit.Session{AccessToken: token, OrganizationID: "org_07"}},
		{map[string]any{"access_token": token, "organization_id": "org_01"},
			authkit.Session{AccessToken: token, OrganizationID: "org_01"}},
		{map[string]any{"access_token": "a", "organization_id": "org_01"},
			authkit.Session{AccessToken: "a", OrganizationID: "org_01"}},
		{map[string]any{"access_token": "a", "oauth_tokens": map[string]any{
			"provider": "p", "access_token": "b", "refresh_token": "c", "expires_at": 7, "scopes": []string{"d", "e"},
		}}, authkit.Session{AccessToken: "a", OAuthTokens: &authkit.OAuthTokens{
			Provider: "p", AccessToken: "b", RefreshToken: "c", ExpiresAt: 7, Scopes: []string{"d", "e"},
		}}},
	} {
		tt.want.User = &gen.User{}
		server := &api{status: http.StatusOK, answer: tt.response}
		got, err := newClient(t, server).AuthenticateWithDeviceCode(t.Context(), gen.AuthenticateWithDeviceCode{
			DeviceCode: "d",
		})
		if err != nil || !reflect.DeepEqual(*got, tt.want) {
			t.Errorf("%v: got %+v and %v, want %+v", tt.response, got, err, tt.want)
		}
	}
}
