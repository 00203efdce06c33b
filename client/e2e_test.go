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
	"time"

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
	c, ctx := e2eClient(t), t.Context()

	name := "Acme " + rand.Text()
	created, err := c.Organizations.Create(ctx, gen.CreateOrganization{
		Name:       name,
		DomainData: []gen.OrganizationDomainData{{Domain: e2eDomain(), State: gen.OrganizationDomainDataStateVerified}},
		Metadata:   nullable.NewNullableWithValue(map[string]*string{"plan": new("team")}),
	})
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	org := created
	if org.Name != name || len(org.Domains) != 1 || org.Metadata["plan"] != "team" {
		t.Errorf("create: got name %q, domains %v, metadata %v; want what was sent", org.Name, org.Domains, org.Metadata)
	}

	renamed := name + ", Inc."
	updated, err := c.Organizations.Update(ctx, org.ID, gen.UpdateOrganization{Name: &renamed})
	if err != nil {
		t.Fatalf("update: %v", err)
	}
	if updated.Name != renamed {
		t.Errorf("update: got %+v, want the name %q", updated, renamed)
	}

	got, err := c.Organizations.Get(ctx, org.ID)
	if err != nil {
		t.Fatalf("get: %v", err)
	}
	if got.Name != renamed || got.Metadata["plan"] != "team" {
		t.Errorf("get: got %+v, want the name %q and the metadata kept", got, renamed)
	}

	if err := c.Organizations.Delete(ctx, org.ID); err != nil {
		t.Fatalf("delete: %v", err)
	}
	_, err = c.Organizations.Get(ctx, org.ID)
	e2eWantError(t, err, http.StatusNotFound, "")
}

func TestE2EListFollowsCursors(t *testing.T) {
	c, ctx := e2eClient(t), t.Context()

	want := make([]string, 0, 3)
	for range cap(want) {
		want = append(want, e2eOrganization(t, c).ID)
	}

	var seen []string
	params := &gen.OrganizationsListParams{Limit: new(2), Order: e2ePtr(gen.SortOrderDesc)}
	for org, err := range c.Organizations.All(ctx, params) {
		if err != nil {
			t.Fatalf("list: %v", err)
		}
		seen = append(seen, org.ID)
	}

	page, err := c.Organizations.List(ctx, params)
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	if len(page.Data) != *params.Limit || !page.HasNext() || page.HasPrevious() {
		t.Fatalf("list: got %+v, want a page of %d with one after it", page, *params.Limit)
	}
	second, err := page.Next(ctx)
	if err != nil {
		t.Fatalf("next: %v", err)
	}
	if got, want := second.Data[0].ID, seen[*params.Limit]; got != want {
		t.Errorf("next: got a page that begins with %s, want %s", got, want)
	}
	first, err := second.Previous(ctx)
	if err != nil {
		t.Fatalf("previous: %v", err)
	}
	if got, want := first.Data[0].ID, seen[0]; got != want {
		t.Errorf("previous: got a page that begins with %s, want %s", got, want)
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
	c, ctx := e2eClient(t), t.Context()
	org := e2eOrganization(t, c)

	email := "ada@" + e2eDomain()
	user, err := c.UserManagement.Users.Create(ctx, gen.CreateUser{
		Email:     email,
		FirstName: nullable.NewNullableWithValue("Ada"),
		LastName:  nullable.NewNullNullable[string](),
	})
	if err != nil {
		t.Fatalf("create the user: %v", err)
	}
	if user.Email != email || user.LastName != nil {
		t.Fatalf("create the user: got %+v, want the email %s and no last name", user, email)
	}
	t.Cleanup(func() {
		if err := c.UserManagement.Users.Delete(context.WithoutCancel(ctx), user.ID); err != nil {
			t.Errorf("delete the user: %v", err)
		}
	})

	member, err := c.UserManagement.OrganizationMemberships.Create(ctx, gen.CreateOrganizationMembership{
		OrganizationID: org.ID,
		UserID:         user.ID,
	})
	if err != nil {
		t.Fatalf("create the membership: %v", err)
	}
	if member.Status != gen.OrganizationMembershipStatusActive {
		t.Errorf("create the membership: got %+v, want an active one", member)
	}

	invitee := "grace@" + e2eDomain()
	invitation, err := c.UserManagement.Invitations.Create(ctx, gen.CreateInvitation{
		Email:          invitee,
		OrganizationID: &org.ID,
	})
	if err != nil {
		t.Fatalf("invite: %v", err)
	}
	if invitation.State != gen.InvitationStatePending || invitation.Email != invitee {
		t.Errorf("invite: got %+v, want a pending one for %s", invitation, invitee)
	}
}

func TestE2EFailuresAreErrors(t *testing.T) {
	c, ctx := e2eClient(t), t.Context()

	_, err := c.Organizations.Get(ctx, "org_missing")
	e2eWantError(t, err, http.StatusNotFound, "")

	_, err = c.Organizations.Create(ctx, gen.CreateOrganization{Name: " "})
	e2eWantError(t, err, http.StatusUnprocessableEntity, "name")

	const wrongKey = "sk_test_wrong"
	stranger, err := client.New(wrongKey, client.WithBaseURL(e2eSetting(t, "WORKOS_E2E_URL")))
	if err != nil {
		t.Fatalf("new client: %v", err)
	}
	_, err = stranger.Organizations.Get(ctx, "org_missing")
	e2eWantError(t, err, http.StatusUnauthorized, "")
	if strings.Contains(fmt.Sprint(err), wrongKey) {
		t.Errorf("the error shows the key: %v", err)
	}
}

func TestE2EResponseHasTheRateLimit(t *testing.T) {
	var tell client.Response
	_, err := e2eClient(t).Organizations.List(t.Context(), nil, client.WithResponse(&tell))
	if err != nil {
		t.Fatal(err)
	}
	if tell.RequestID == "" || tell.RateLimit.Limit == 0 || time.Until(tell.RateLimit.Reset) > time.Hour {
		t.Errorf("got %+v, want a request ID and a limit that resets within the hour", tell)
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
func e2eOrganization(t *testing.T, c *client.Client) *gen.Organization {
	t.Helper()
	created, err := c.Organizations.Create(t.Context(), gen.CreateOrganization{Name: "Acme " + rand.Text()})
	if err != nil {
		t.Fatalf("create an organization: %v", err)
	}
	ctx := context.WithoutCancel(t.Context())
	t.Cleanup(func() {
		if err := c.Organizations.Delete(ctx, created.ID); err != nil {
			t.Errorf("delete the organization: %v", err)
		}
	})
	return created
}

func e2eClient(t *testing.T) *client.Client {
	t.Helper()
	c, err := client.New(e2eSetting(t, "WORKOS_E2E_KEY"), client.WithBaseURL(e2eSetting(t, "WORKOS_E2E_URL")))
	if err != nil {
		t.Fatalf("new client: %v", err)
	}
	return c
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

//go:fix inline
func e2ePtr[T any](v T) *T { return new(v) }
