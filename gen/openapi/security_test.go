package openapi_test

import (
	"reflect"
	"testing"

	"github.com/seed-f165d83c/workos/gen/optable"
)

func TestSecuritySchemesThatAreNotDefinedAreLeftOut(t *testing.T) {
	t.Parallel()
	const (
		none    = "openapi: 3.1.0\n"
		some    = none + "components: {securitySchemes: {key: {type: http, scheme: bearer}, old: {type: basic}}}\n"
		unknown = `the security scheme "x" is not defined; it is left out; define it in components.securitySchemes`
		oldType = `line 2: the security scheme "old" has the unknown type "basic"; it is left out; ` +
			`write apiKey, http, oauth2, openIdConnect or mutualTLS`
	)
	key := optable.Requirement{{Scheme: "key"}}
	for text, want := range map[string]struct {
		security []optable.Requirement
		problems []string
	}{
		none + "security: [{x: []}]\n":              {nil, []string{"line 2: " + unknown}},
		none + "security: [{x: []}, {}]\n":          {[]optable.Requirement{{}}, []string{"line 2: " + unknown}},
		some + "security: [{x: []}]\n":              {[]optable.Requirement{{}}, []string{oldType, "line 3: " + unknown}},
		some + "security: [{x: [a]}, {key: []}]\n":  {[]optable.Requirement{key}, []string{oldType, "line 3: " + unknown}},
		some + "security: [{x: [], key: []}]\n":     {[]optable.Requirement{key}, []string{oldType, "line 3: " + unknown}},
		some + "security: [{old: []}, {key: []}]\n": {[]optable.Requirement{key}, []string{oldType}},
	} {
		table, got := problems(t, text)
		if !reflect.DeepEqual(table.Security, want.security) || !reflect.DeepEqual(got, want.problems) {
			t.Errorf("%s\ngot  %+v %q\nwant %+v %q", text, table.Security, got, want.security, want.problems)
		}
	}
}

func TestAnOperationWithoutDefinedSchemesNeedsNone(t *testing.T) {
	t.Parallel()
	table, _ := problems(t, `openapi: 3.1.0
security: [{key: []}]
paths: {/a: {get: {operationId: a, security: [{x: []}]}}}
components: {securitySchemes: {key: {type: http, scheme: bearer}}}
`)
	if got := table.SecurityOf(&table.Operations[0]); !reflect.DeepEqual(got, []optable.Requirement{{}}) {
		t.Errorf("got %+v, want none: the credential of the document is not for it", got)
	}
}
