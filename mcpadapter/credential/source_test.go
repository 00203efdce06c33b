package credential_test

import (
	"net/http"
	"reflect"
	"slices"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
	"github.com/seed-f165d83c/workos/mcpadapter/credential"
)

func TestVariablesAreNamedAfterSchemes(t *testing.T) {
	t.Parallel()
	schemes := credential.New(&optable.Table{SecuritySchemes: []optable.SecurityScheme{
		{Name: "apiKeyAuth", Type: optable.APIKey, In: optable.InHeader, Parameter: "X-Key"},
		{Name: "api_key_auth", Type: optable.HTTP, Scheme: "basic"},
		{Name: "mode", Type: optable.HTTP, Scheme: "Bearer"},
		{Name: "petstore.auth", Type: optable.OAuth2, TokenURL: "/token"},
	}})
	variables := schemes.Variables("PET_MCP", "PET_MCP_MODE")
	var names []string
	for _, v := range variables {
		names = append(names, v.Name)
	}
	want := []string{
		"PET_MCP_API_KEY_AUTH", "PET_MCP_API_KEY_AUTH_2", "PET_MCP_MODE_2", "PET_MCP_PETSTORE_AUTH",
		"PET_MCP_PETSTORE_AUTH_CLIENT_ID", "PET_MCP_PETSTORE_AUTH_CLIENT_SECRET",
	}
	if !slices.Equal(names, want) {
		t.Errorf("got %q, want %q", names, want)
	}
	got := credential.FromVariables(variables, func(name string) string {
		return map[string]string{
			"PET_MCP_API_KEY_AUTH": "k", "PET_MCP_MODE_2": "t", "PET_MCP_PETSTORE_AUTH_CLIENT_ID": "id",
			"PET_MCP_PETSTORE_AUTH_CLIENT_SECRET": "secret",
		}[name]
	})
	if !reflect.DeepEqual(got, credential.Set{
		"apiKeyAuth": {Secret: "k"}, "mode": {Secret: "t"}, "petstore.auth": {ClientID: "id", ClientSecret: "secret"},
	}) {
		t.Errorf("got %d credentials, want three as they were set", len(got))
	}
}

func TestARequestBringsCredentials(t *testing.T) {
	t.Parallel()
	schemes := credential.New(table(nil, ""))
	for _, c := range []struct {
		header http.Header
		want   credential.Set
	}{
		{http.Header{}, credential.Set{}},
		{http.Header{"X-Key": {" k1 "}}, credential.Set{"key": {Secret: "k1"}}},
		{http.Header{"X-Key": {"k1", "k2"}}, credential.Set{}},
		{
			http.Header{"Authorization": {"bearer t1"}},
			credential.Set{"token": {Secret: "t1"}, "oauth": {Secret: "t1"}, "oidc": {Secret: "t1"}},
		},
		{http.Header{"Authorization": {"Basic YTpi"}}, credential.Set{"user": {Secret: "a:b"}}},
		{http.Header{"Authorization": {"Basic ???"}}, credential.Set{}},
		{http.Header{"Authorization": {"hoba x y"}}, credential.Set{"signed": {Secret: "x y"}}},
		{
			http.Header{"X-Credential-Token": {"own"}, "X-Credential-Inquery": {"q"}, "Authorization": {"Basic YTpi"}},
			credential.Set{"token": {Secret: "own"}, "inQuery": {Secret: "q"}, "user": {Secret: "a:b"}},
		},
	} {
		if got := schemes.FromRequest(c.header); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%v: got %d credentials, want %d", c.header, len(got), len(c.want))
		}
		for name := range c.header {
			if !slices.Contains(schemes.Headers(), name) {
				t.Errorf("%s is not among %q", name, schemes.Headers())
			}
		}
	}
}

func TestCredentialsAreRequiredIfEveryOperationNeedsOne(t *testing.T) {
	t.Parallel()
	for want, needs := range map[bool]map[string][]optable.Requirement{
		true:  {"a": {need("key")}, "b": {need("token"), need("user")}},
		false: {"a": {need("key")}, "b": {need("token"), need()}},
	} {
		if got := credential.New(table(needs, "")).Required(); got != want {
			t.Errorf("%v: got %t", needs, got)
		}
	}
}
