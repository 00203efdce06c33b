package main_test

import (
	"testing"

	treegen "github.com/seed-f165d83c/workos/gen/treegen"
)

func TestSummaryBecomesASentence(t *testing.T) {
	for summary, want := range map[string]string{
		"Get an organization.":             " gets an organization",
		"Rename or describe a group.":      " renames or describes a group",
		"Verify an email address.":         " verifies an email address",
		"Sign a user in and issue tokens.": " signs a user in and issues tokens",
		"List OAuth and M2M applications.": " lists OAuth and M2M applications",
		"Deny a claim.":                    " denies a claim",
		"Pay an invoice":                   " pays an invoice",
		"Finish a registration.":           " finishes a registration",
		"SKU of an item.":                  ": SKU of an item",
	} {
		if got := treegen.Sentence(summary); got != want {
			t.Errorf("%s: got %q, want %q", summary, got, want)
		}
	}
}
