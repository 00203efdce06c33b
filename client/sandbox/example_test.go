package sandbox_test

import (
	"context"
	"fmt"
	"net/http"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
	"github.com/seed-f165d83c/workos/gen"
)

func Example() {
	api, err := gen.NewClientWithResponses("https://api.workos.com",
		gen.WithHTTPClient(&http.Client{Transport: sandbox.New(sandbox.WithAnyKey())}))
	if err != nil {
		panic(err)
	}
	ctx := context.Background()
	made, err := api.OrganizationsCreateWithResponse(ctx, workos.CreateOrganization{Name: "Acme"})
	if err != nil {
		panic(err)
	}
	got, err := api.OrganizationsGetWithResponse(ctx, made.JSON201.ID)
	if err != nil {
		panic(err)
	}
	fmt.Println(got.StatusCode(), got.JSON200.Name)

	missing, err := api.OrganizationsGetWithResponse(ctx, "org_none")
	if err != nil {
		panic(err)
	}
	fmt.Println(missing.StatusCode(), *missing.JSONDefault.Code)
	// Output:
	// 200 Acme
	// 404 entity_not_found
}

func ExampleWithClock() {
	sb := sandbox.New(
		sandbox.WithSeed(1), sandbox.WithAnyKey(),
		sandbox.WithClock(func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }),
	)
	api, err := gen.NewClientWithResponses("https://api.workos.com",
		gen.WithHTTPClient(&http.Client{Transport: sb}))
	if err != nil {
		panic(err)
	}
	invitation, err := api.UserManagementInvitationsCreateWithResponse(context.Background(),
		workos.CreateInvitation{Email: "ada@example.com"})
	if err != nil {
		panic(err)
	}
	fmt.Println(invitation.JSON201.State, invitation.JSON201.ExpiresAt.Format(time.DateOnly))
	// Output:
	// pending 2026-01-09
}
