package openapi_test

import (
	"strings"
	"testing"
)

func TestOperationsWithoutAnIDAreNamedAsTheClientNamesThem(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]string{
		"get /":                      "Get",
		"get /users/{user_id}":       "GetUsersUserId",
		"post /a-b/c.d/{e}:cancel":   "PostABCDECancel",
		"delete /v1/3gpp/{x}/(y)":    "DeleteV13gppXY",
		"put /ÄÖ/über":               "PutÄÖÜber",
		"query /search":              "QuerySearch",
		"patch /orgs/{org}/teams/**": "PatchOrgsOrgTeams",
	} {
		method, path, _ := strings.Cut(at, " ")
		table, _ := problems(t, "openapi: 3.2.0\npaths: {'"+path+"': {"+method+": {}}}\n")
		if got := table.Operations[0].ID; got != want {
			t.Errorf("%s: got %s, want %s", at, got, want)
		}
	}
	table, found := problems(t, "openapi: 3.1.0\npaths: {/a: {get: {operationId: x}, put: {operationId: x}}, /a/: {put: {}}}\n")
	if table.Operations[1].ID != "PutA" || table.Operations[2].ID != "PutA_2" || len(found) != 2 {
		t.Errorf("got %+v and %q, want three names", table.Operations, found)
	}
}
