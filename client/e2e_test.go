//go:build e2e

package client_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/oapi-codegen/nullable"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// These tests talk to a server that speaks the WorkOS API over the network, such as the emulator that .ci/run starts:
//
//	WORKOS_E2E_URL=http://127.0.0.1:4100 WORKOS_E2E_KEY=sk_test_default go test -tags e2e ./client
//
// Without the two variables they fail: a run that has asked for the tag must not pass without a server. They run one
// after the other, as one that deletes what a cursor names would disturb one that walks a list.

func TestE2EOrganizationIsCreatedUpdatedAndDeleted(t *testing.T) {
	api, ctx := e2eClient(t), t.Context()

	name := "Acme " + rand.Text()
	created, err := api.OrganizationsCreateWithResponse(ctx, gen.CreateOrganization{
		Name:       name,
		DomainData: []gen.OrganizationDomainData{{Domain: e2eDomain(), State: gen.OrganizationDomainDataStateVerified}},
		Metadata:   nullable.NewNullableWithValue(map[string]*string{"plan": e2ePtr("team")}),
	})
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	if created.JSON201 == nil {
		t.Fatalf("create: got %s without an organization, want 201: %s", created.Status(), created.Body)
	}
	org := created.JSON201
	if org.Name != name || len(org.Domains) != 1 || org.Metadata["plan"] != "team" {
		t.Errorf("create: got name %q, domains %v, metadata %v; want what was sent", org.Name, org.Domains, org.Metadata)
	}

	renamed := name + ", Inc."
	updated, err := api.OrganizationsUpdateWithResponse(ctx, org.ID, gen.UpdateOrganization{Name: &renamed})
	if err != nil {
		t.Fatalf("update: %v", err)
	}
	if updated.JSON200 == nil || updated.JSON200.Name != renamed {
		t.Errorf("update: got %s, want the name %q", updated.Body, renamed)
	}

	got, err := api.OrganizationsGetWithResponse(ctx, org.ID)
	if err != nil {
		t.Fatalf("get: %v", err)
	}
	if got.JSON200 == nil || got.JSON200.Name != renamed || got.JSON200.Metadata["plan"] != "team" {
		t.Errorf("get: got %s, want the name %q and the metadata kept", got.Body, renamed)
	}

	if _, err := api.OrganizationsDeleteWithResponse(ctx, org.ID); err != nil {
		t.Fatalf("delete: %v", err)
	}
	_, err = api.OrganizationsGetWithResponse(ctx, org.ID)
	e2eWantError(t, err, http.StatusNotFound, "")
}

func TestE2EListFollowsCursors(t *testing.T) {
	api, ctx := e2eClient(t), t.Context()

	want := make([]string, 0, 3)
	for range cap(want) {
		want = append(want, e2eOrganization(t, api).ID)
	}

	var seen []string
	params := &gen.OrganizationsListParams{Limit: e2ePtr(2), Order: e2ePtr(gen.SortOrderDesc)}
	for pages := 0; ; pages++ {
		if pages == 50 {
			t.Fatalf("the list goes on after %d pages; the last cursor is %q", pages, *params.After)
		}
		page, err := api.OrganizationsListWithResponse(ctx, params)
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		if page.JSON200 == nil || len(page.JSON200.Data) > *params.Limit {
			t.Fatalf("list: got %s, want a page of at most %d", page.Body, *params.Limit)
		}
		for _, org := range page.JSON200.Data {
			seen = append(seen, org.ID)
		}
		params.After = page.JSON200.ListMetadata.After
		if params.After == nil {
			break
		}
	}

	for _, id := range want {
		if !slices.Contains(seen, id) {
			t.Errorf("got the pages %v, want %s on one of them", seen, id)
		}
	}
	slices.Sort(seen)
	if unique := len(slices.Compact(slices.Clone(seen))); unique != len(seen) {
		t.Errorf("got %d organizations of which %d differ, want each once", len(seen), unique)
	}
}

func TestE2EUserJoinsAndIsInvited(t *testing.T) {
	api, ctx := e2eClient(t), t.Context()
	org := e2eOrganization(t, api)

	email := "ada@" + e2eDomain()
	user, err := api.UserManagementUsersCreateWithResponse(ctx, gen.CreateUser{
		Email:     email,
		FirstName: nullable.NewNullableWithValue("Ada"),
		LastName:  nullable.NewNullNullable[string](),
	})
	if err != nil {
		t.Fatalf("create the user: %v", err)
	}
	if user.JSON201 == nil || user.JSON201.Email != email || user.JSON201.LastName != nil {
		t.Fatalf("create the user: got %s, want the email %s and no last name", user.Body, email)
	}
	t.Cleanup(func() {
		if _, err := api.UserManagementUsersDeleteWithResponse(context.WithoutCancel(ctx), user.JSON201.ID); err != nil {
			t.Errorf("delete the user: %v", err)
		}
	})

	member, err := api.UserManagementOrganizationMembershipsCreateWithResponse(ctx, gen.CreateOrganizationMembership{
		OrganizationID: org.ID,
		UserID:         user.JSON201.ID,
	})
	if err != nil {
		t.Fatalf("create the membership: %v", err)
	}
	if member.JSON201 == nil || member.JSON201.Status != gen.OrganizationMembershipStatusActive {
		t.Errorf("create the membership: got %s, want an active one", member.Body)
	}

	invitee := "grace@" + e2eDomain()
	invitation, err := api.UserManagementInvitationsCreateWithResponse(ctx, gen.CreateInvitation{
		Email:          invitee,
		OrganizationID: &org.ID,
	})
	if err != nil {
		t.Fatalf("invite: %v", err)
	}
	if invitation.JSON201 == nil || invitation.JSON201.State != gen.InvitationStatePending ||
		invitation.JSON201.Email != invitee {
		t.Errorf("invite: got %s, want a pending one for %s", invitation.Body, invitee)
	}
}

func TestE2EFailuresAreErrors(t *testing.T) {
	api, ctx := e2eClient(t), t.Context()

	_, err := api.OrganizationsGetWithResponse(ctx, "org_missing")
	e2eWantError(t, err, http.StatusNotFound, "")

	_, err = api.OrganizationsCreateWithResponse(ctx, gen.CreateOrganization{Name: " "})
	e2eWantError(t, err, http.StatusUnprocessableEntity, "name")

	const wrongKey = "sk_test_wrong"
	stranger, err := client.New(wrongKey, client.WithBaseURL(e2eSetting(t, "WORKOS_E2E_URL")))
	if err != nil {
		t.Fatalf("new client: %v", err)
	}
	_, err = stranger.API().OrganizationsGetWithResponse(ctx, "org_missing")
	e2eWantError(t, err, http.StatusUnauthorized, "")
	if strings.Contains(fmt.Sprint(err), wrongKey) {
		t.Errorf("the error shows the key: %v", err)
	}
}

// e2eWantError fails the test unless err is an answer of that status, with a code, a message and a request ID, and
// with a complaint about the field unless that is "".
func e2eWantError(t *testing.T, err error, status int, field string) {
	t.Helper()
	var apiErr *client.Error
	if !errors.As(err, &apiErr) {
		t.Fatalf("got %T %v, want a *client.Error of status %d", err, err, status)
	}
	if apiErr.StatusCode != status || apiErr.Code == "" || apiErr.Message == "" || apiErr.RequestID == "" {
		t.Errorf("got %+v, want status %d, a code, a message and a request ID", apiErr, status)
	}
	named := func(e client.FieldError) bool { return e.Field == field }
	if field != "" && !slices.ContainsFunc(apiErr.Errors, named) {
		t.Errorf("got the field errors %+v, want one of %q", apiErr.Errors, field)
	}
}

// e2eOrganization creates an organization that is deleted when the test ends.
func e2eOrganization(t *testing.T, api *gen.ClientWithResponses) *gen.Organization {
	t.Helper()
	created, err := api.OrganizationsCreateWithResponse(t.Context(), gen.CreateOrganization{Name: "Acme " + rand.Text()})
	if err != nil {
		t.Fatalf("create an organization: %v", err)
	}
	if created.JSON201 == nil {
		t.Fatalf("create an organization: got %s, want 201: %s", created.Status(), created.Body)
	}
	org, ctx := created.JSON201, context.WithoutCancel(t.Context())
	t.Cleanup(func() {
		if _, err := api.OrganizationsDeleteWithResponse(ctx, org.ID); err != nil {
			t.Errorf("delete the organization: %v", err)
		}
	})
	return org
}

func e2eClient(t *testing.T) *gen.ClientWithResponses {
	t.Helper()
	c, err := client.New(e2eSetting(t, "WORKOS_E2E_KEY"), client.WithBaseURL(e2eSetting(t, "WORKOS_E2E_URL")))
	if err != nil {
		t.Fatalf("new client: %v", err)
	}
	return c.API()
}

func e2eSetting(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set; the end-to-end tests need a server", name)
	}
	return value
}

// e2eDomain is a domain that no other test has used.
func e2eDomain() string { return strings.ToLower(rand.Text()) + ".example.com" }

func e2ePtr[T any](v T) *T { return &v }
