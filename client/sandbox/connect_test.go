package sandbox_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/sandbox"
)

func TestTokenOfAMachineIsSignedByThePublishedKey(t *testing.T) {
	t.Parallel()
	sb := fixed()
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	app := must(t, sb, http.StatusCreated, "POST", "/connect/applications",
		fields{"application_type": "m2m", "name": "Job", "organization_id": org})
	secret := must(t, sb, http.StatusCreated, "POST", "/connect/applications/"+str(app["id"])+"/client_secrets", fields{})
	token := str(must(t, sb, http.StatusOK, "POST", "/oauth2/token", fields{
		"grant_type": "client_credentials", "client_id": app["client_id"], "client_secret": secret["secret"],
	})["access_token"])

	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		t.Fatalf("got %q, want a JSON Web Token", token)
	}
	decode := func(part string) fields {
		text, err := base64.RawURLEncoding.DecodeString(part)
		var v fields
		if err != nil || json.Unmarshal(text, &v) != nil {
			t.Fatalf("got %q, want JSON in base64url", part)
		}
		return v
	}
	key := obj(list(must(t, sb, http.StatusOK, "GET", "/oauth2/jwks", nil)["keys"])[0])
	if head := decode(parts[0]); head["alg"] != "RS256" || head["kid"] != key["kid"] {
		t.Errorf("got header %v for the key %v", head, key["kid"])
	}
	n, _ := base64.RawURLEncoding.DecodeString(str(key["n"]))
	e, _ := base64.RawURLEncoding.DecodeString(str(key["e"]))
	public := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	signature, _ := base64.RawURLEncoding.DecodeString(parts[2])
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], signature); err != nil {
		t.Error(err)
	}
	claims := decode(parts[1])
	wantFields(t, claims, fields{"sub": app["client_id"], "client_id": app["client_id"], "org_id": org})
	expires, _ := claims["exp"].(float64)
	if issued, _ := claims["iat"].(float64); expires-issued != 3600 {
		t.Errorf("got %v to %v, want an hour", claims["iat"], claims["exp"])
	}
	for _, text := range sandbox.Content(sb) {
		if strings.Contains(text, str(secret["secret"])) {
			t.Error("the store holds the client secret")
		}
	}
}

func TestMachinesAuthenticateByFormAndHeader(t *testing.T) {
	t.Parallel()
	sb := fixed()
	org := create(t, sb, "/organizations", fields{"name": "Acme"})
	app := must(t, sb, http.StatusCreated, "POST", "/connect/applications",
		fields{"application_type": "m2m", "name": "Job", "organization_id": org})
	id, secret := str(app["client_id"]), str(must(t, sb, http.StatusCreated, "POST",
		"/connect/applications/"+str(app["id"])+"/client_secrets", fields{})["secret"])
	for _, tt := range []struct {
		name       string
		id, secret string // of the header; "": none
		form       url.Values
		status     int
		challenge  bool
	}{
		{"form", "", "", url.Values{"client_id": {id}, "client_secret": {secret}}, http.StatusOK, false},
		{"header", id, secret, url.Values{}, http.StatusOK, false},
		{"escaped header", strings.ReplaceAll(id, "_", "%5F"), secret, url.Values{}, http.StatusOK, false},
		{"wrong form", "", "", url.Values{"client_id": {id}, "client_secret": {"x"}}, http.StatusUnauthorized, false},
		{"wrong header", id, "x", url.Values{}, http.StatusUnauthorized, true},
		{"badly escaped header", id, "%", url.Values{}, http.StatusUnauthorized, true},
	} {
		tt.form.Set("grant_type", "client_credentials")
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.workos.com/oauth2/token",
			strings.NewReader(tt.form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if tt.id != "" {
			req.SetBasicAuth(tt.id, tt.secret)
		}
		a := do(t, sb, req)
		if a.status != tt.status || (a.header.Get("WWW-Authenticate") != "") != tt.challenge {
			t.Errorf("%s: got %d %v %s, want %d", tt.name, a.status, a.header, a.text, tt.status)
		}
		if got := str(a.json["access_token"]) != ""; got != (tt.status == http.StatusOK) {
			t.Errorf("%s: got %s", tt.name, a.text)
		}
	}
}

// The log of requests shows why one was refused, and no secret of one that was not.
func TestRequestLogShowsCodesOfRefusalsAlone(t *testing.T) {
	t.Parallel()
	sb := fixed()
	refused(t, sb, http.StatusNotFound, "GET", "/organizations/org_none", nil)
	must(t, sb, http.StatusCreated, "POST", "/user_management/magic_auth", fields{"email": "ada@example.com"})
	log := sb.Requests("*")
	if got := string(log[0].Response); !strings.Contains(got, `"code":"entity_not_found"`) {
		t.Errorf("refusal: got %s, want its code", got)
	}
	if got := string(log[1].Response); !strings.Contains(got, `"code":"***"`) {
		t.Errorf("success: got %s, want no code", got)
	}
}
