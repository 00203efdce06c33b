package main_test

import (
	"strings"
	"testing"

	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

func TestTypeNamesAreShortened(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 30)
	for words, want := range map[string]string{
		"Organizations": "OrganizationsParams",
		"Authorization OrganizationMemberships Resources List":                          "AuthorizationOrganizationMembershipsResourcesListParams",
		"Authorization OrganizationMemberships RoleAssignments List":                    "AuthorizationMembershipsRoleAssignmentsListParams",
		"Authorization OrganizationMemberships Resources Permissions ByResourceID List": "AuthorizationMembershipsPermissionsByResourceIDListParams",
		"Authorization OrganizationMemberships Resources Permissions ByAccountID List":  "",
		"Authorization Organizations Resources OrganizationMemberships List":            "AuthorizationOrganizationsResourcesMembershipsListParams",
		"A" + long + " B" + long:           "",
		"A" + long[:26] + " B" + long[:26]: "A" + long[:26] + "B" + long[:26] + "Params",
	} {
		got, err := treegen.TypeName(strings.Fields(words), "Params")
		if want == "" {
			if err == nil || !strings.Contains(err.Error(), "want at most 60") {
				t.Errorf("%s: got %q and %v, want an error", words, got, err)
			}
			continue
		}
		if got != want || err != nil || len(got) > 60 {
			t.Errorf("%s: got %q and %v, want %q", words, got, err, want)
		}
	}
}
