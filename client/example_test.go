package client_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/jarcoal/httpmock"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/sandbox"
)

// inSandbox is a client whose API is in memory, which every example here runs against.
func inSandbox(opts ...workos.Option) *workos.Client {
	transport := workos.WithHTTPClient(&http.Client{Transport: sandbox.New()})
	c, err := workos.New("sk_test_key", append([]workos.Option{transport}, opts...)...)
	if err != nil {
		panic(err)
	}
	return c
}

func Example() {
	ctx := context.Background()
	c, err := workos.New("sk_test_key", workos.WithHTTPClient(&http.Client{Transport: sandbox.New()}))
	if err != nil {
		fmt.Println(err)
		return
	}
	organization, err := c.Organizations.Create(ctx, workos.CreateOrganization{Name: "Acme"})
	if err != nil {
		fmt.Println(err)
		return
	}
	user, err := c.UserManagement.Users.Create(ctx, workos.CreateUser{Email: "ada@example.com"})
	if err != nil {
		fmt.Println(err)
		return
	}
	membership, err := c.UserManagement.OrganizationMemberships.Create(ctx, workos.CreateOrganizationMembership{
		OrganizationID: organization.ID, UserID: user.ID,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(organization.Name, user.Email, membership.Status)
	// Output: Acme ada@example.com active
}

// Iterate over all entries; the pages are called for as the loop comes to them.
func ExampleOrganizationsService_All() {
	ctx, c := context.Background(), inSandbox()
	for _, name := range []string{"Acme", "Brown & Sons", "Cyberdyne"} {
		if _, err := c.Organizations.Create(ctx, workos.CreateOrganization{Name: name}); err != nil {
			fmt.Println(err)
			return
		}
	}
	order := workos.SortOrderAsc
	for organization, err := range c.Organizations.All(ctx, &workos.OrganizationsListParams{Order: &order}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(organization.Name)
	}
	// Output:
	// Acme
	// Brown & Sons
	// Cyberdyne
}

// Turn pages by hand, such as for a table with buttons.
func ExamplePage() {
	ctx, c := context.Background(), inSandbox()
	for i := range 3 {
		body := workos.CreateOrganization{Name: fmt.Sprintf("Tenant %d", i+1)}
		if _, err := c.Organizations.Create(ctx, body); err != nil {
			fmt.Println(err)
			return
		}
	}
	limit, order := 2, workos.SortOrderAsc
	page, err := c.Organizations.List(ctx, &workos.OrganizationsListParams{Limit: &limit, Order: &order})
	for err == nil {
		for _, organization := range page.Data {
			fmt.Println(organization.Name)
		}
		if !page.HasNext() {
			break
		}
		fmt.Println("--")
		page, err = page.Next(ctx)
	}
	if err != nil {
		fmt.Println(err)
	}
	// Output:
	// Tenant 1
	// Tenant 2
	// --
	// Tenant 3
}

// Go on where an iteration failed.
func ExamplePageError() {
	ctx, c := context.Background(), inSandbox()
	params := &workos.EventsListParams{Events: []string{"user.created"}}
	for event, err := range c.Events.All(ctx, params) {
		if failed, ok := errors.AsType[*workos.PageError](err); ok {
			params.After = &failed.After // to be kept for the next try
			break
		}
		_ = event
	}
	// Output:
}

func ExampleError() {
	ctx, c := context.Background(), inSandbox()
	_, err := c.Organizations.Get(ctx, "org_missing")
	if errors.Is(err, workos.ErrNotFound) {
		fmt.Println("there is no such organization")
	}
	if failed, ok := errors.AsType[*workos.Error](err); ok {
		fmt.Println(failed.Operation, failed.StatusCode, failed.Code)
	}
	// Output:
	// there is no such organization
	// organizations.get 404 entity_not_found
}

// A sign-in that needs a further step is an error that says which.
func ExampleError_StepUp() {
	transport := httpmock.NewMockTransport()
	transport.RegisterResponder(http.MethodPost, "https://api.workos.com/user_management/authenticate",
		httpmock.NewJsonResponderOrPanic(http.StatusForbidden, map[string]any{
			"code": "organization_selection_required", "message": "Choose an organization.",
			"pending_authentication_token": "secret",
			"organizations": []map[string]string{
				{"id": "org_01", "name": "Acme"}, {"id": "org_02", "name": "Brown"},
			},
		}))
	c, err := workos.New("sk_test_key", workos.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.UserManagement.Authenticate(context.Background(), workos.AuthenticateFrom(workos.AuthenticateWithCode{
		ClientID: "client_01", Code: "code",
	}))
	if failed, ok := errors.AsType[*workos.Error](err); ok {
		if step, ok := failed.StepUp(); ok {
			fmt.Println(failed.Code, step.Organizations[1].Name)
			fmt.Println(step)
		}
	}
	// Output:
	// organization_selection_required Brown
	// StepUp{PendingAuthenticationToken: [redacted], Organizations: 2, ConnectionIDs: 0, AuthenticationFactors: 0}
}

// One client for all tenants: it has no key of its own.
func ExampleWithCredentials() {
	c, err := workos.New("", workos.WithCredentialsFromContext(),
		workos.WithHTTPClient(&http.Client{Transport: sandbox.New()}))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	_, err = c.Organizations.List(ctx, nil)
	fmt.Println(errors.Is(err, workos.ErrNoCredentials))

	ctx = workos.WithCredentials(ctx, workos.Credentials{APIKey: "sk_test_tenant_1"})
	page, err := c.Organizations.List(ctx, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(page.Data))
	// Output:
	// true
	// 0
}

func ExampleCredentials() {
	fmt.Printf("%+v\n", workos.Credentials{APIKey: "sk_test_key"})
	// Output: Credentials{APIKey: [redacted], AccessToken: none, PlatformToken: none}
}

// Leave a field out, clear it with null, or set it.
func ExampleOrganizationsService_Update() {
	ctx, c := context.Background(), inSandbox()
	plan, seats := "team", "5"
	created, err := c.Organizations.Create(ctx, workos.CreateOrganization{
		Name: "Acme", ExternalID: workos.Value("tenant-7"),
		Metadata: workos.Value(map[string]*string{"plan": &plan, "seats": &seats}),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	updated, err := c.Organizations.Update(ctx, created.ID, workos.UpdateOrganization{
		ExternalID: workos.Null[string](),                          // cleared
		Metadata:   workos.Value(map[string]*string{"seats": nil}), // the key is removed
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(updated.Name, updated.ExternalID == nil, updated.Metadata)
	// Output: Acme true map[plan:team]
}

// Status, request ID and rate limit of a call.
func ExampleWithResponse() {
	transport := httpmock.NewMockTransport()
	transport.RegisterResponder(http.MethodGet, "https://api.workos.com/organizations",
		httpmock.NewStringResponder(http.StatusOK, `{"data":[],"list_metadata":{}}`).HeaderSet(http.Header{
			"Content-Type": {"application/json"}, "X-Request-Id": {"req_01"},
			"X-Ratelimit-Limit": {"1000"}, "X-Ratelimit-Remaining": {"998"},
		}))
	c, err := workos.New("sk_test_key", workos.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		fmt.Println(err)
		return
	}
	var tell workos.Response
	if _, err := c.Organizations.List(context.Background(), nil, workos.WithResponse(&tell)); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(tell.StatusCode, tell.RequestID, tell.RateLimit.Remaining, tell.Attempts)
	// Output: 200 req_01 998 1
}

// More patience for one call, and none for another.
func ExampleWithRetry() {
	ctx, c := context.Background(), inSandbox()
	patient := workos.RetryPolicy{MaxAttempts: 6, MinWait: time.Second, MaxWait: time.Minute}
	if _, err := c.Organizations.List(ctx, nil, workos.WithRetry(patient)); err != nil {
		fmt.Println(err)
	}
	if _, err := c.Organizations.List(ctx, nil, workos.WithRetry(workos.RetryPolicy{MaxAttempts: 1})); err != nil {
		fmt.Println(err)
	}
	// Output:
}

// Record an event once, however often the program sends it.
func ExampleWithIdempotencyKey() {
	ctx, c := context.Background(), inSandbox()
	organization, err := c.Organizations.Create(ctx, workos.CreateOrganization{Name: "Acme"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.AuditLogs.Actions.Schemas.Create(ctx, "user.signed_in", workos.CreateAuditLogSchema{
		Targets: []workos.CreateAuditLogSchemaTarget{{Type: "team"}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	event := workos.CreateAuditLogEvent{
		OrganizationID: organization.ID,
		Event: workos.AuditLogEvent{
			Action: "user.signed_in", OccurredAt: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC),
			Actor:   workos.AuditLogEventActor{ID: "user_01", Type: "user"},
			Targets: []workos.AuditLogEventTarget{{ID: "org_01", Type: "team"}},
			Context: workos.AuditLogEventContext{Location: "203.0.113.7"},
		},
	}
	receipt, err := c.AuditLogs.Events.Create(ctx, event, workos.WithIdempotencyKey("order-42-signed-in"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(receipt.Success)
	// Output: true
}

// Do something around every attempt of every call.
func ExampleWithMiddleware() {
	c := inSandbox(workos.WithMiddleware(func(req *http.Request, next workos.Next) (*http.Response, error) {
		resp, err := next(req)
		if op, ok := workos.OperationOf(req); ok && err == nil {
			fmt.Println(op.ID, resp.StatusCode)
		}
		return resp, err
	}))
	if _, err := c.Organizations.List(context.Background(), nil); err != nil {
		fmt.Println(err)
	}
	// Output: organizations.list 200
}

func ExampleWithLogger() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{
		Level: slog.LevelDebug,
		ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey || a.Key == "duration" || a.Key == "request_id" || a.Key == "path" {
				return slog.Attr{} // another one each time
			}
			return a
		},
	}))
	c := inSandbox(workos.WithLogger(logger))
	if _, err := c.Organizations.List(context.Background(), nil); err != nil {
		fmt.Println(err)
	}
	// Output: level=DEBUG msg="WorkOS response" operation=organizations.list method=GET attempt=1 status=200
}

// Tests of a program that uses the SDK: the sandbox behaves as the API does, and httpmock responds as a test says.
func ExampleWithHTTPClient() {
	transport := httpmock.NewMockTransport()
	transport.RegisterResponder(http.MethodGet, "https://api.workos.com/user_management/users/user_01",
		httpmock.NewJsonResponderOrPanic(http.StatusOK, map[string]any{"id": "user_01", "email": "ada@example.com"}))
	c, err := workos.New("sk_test_key", workos.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		fmt.Println(err)
		return
	}
	user, err := c.UserManagement.Users.Get(context.Background(), "user_01")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(user.Email, transport.GetTotalCallCount())
	// Output: ada@example.com 1
}

// Settings from the environment: WORKOS_API_KEY, WORKOS_CLIENT_ID and WORKOS_BASE_URL.
func ExampleFromEnv() {
	c, err := workos.FromEnv(workos.WithUserAgent("acme-portal/1.2"), workos.WithClientID("client_01"))
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(c.ClientID())
	// Output: client_01
}
