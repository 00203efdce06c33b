package client_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/jarcoal/httpmock"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/gen"
)

// mock stands for the API in the examples.
func mock() *http.Client {
	transport := httpmock.NewMockTransport()
	organization := map[string]any{
		"object": "organization", "id": "org_01", "name": "Acme", "domains": []any{}, "metadata": map[string]string{},
		"created_at": "2026-01-02T03:04:05.678Z", "updated_at": "2026-01-02T03:04:05.678Z",
	}
	const organizations = "https://api.workos.com/organizations"
	transport.RegisterResponder(http.MethodPost, organizations, httpmock.NewJsonResponderOrPanic(201, organization))
	transport.RegisterResponder(http.MethodGet, organizations+"/org_01",
		httpmock.NewJsonResponderOrPanic(200, organization))
	transport.RegisterResponder(http.MethodGet, organizations+"/org_02",
		httpmock.NewJsonResponderOrPanic(404, map[string]string{
			"code": "entity_not_found", "message": "Organization not found: 'org_02'.",
		}).HeaderSet(http.Header{"X-Request-Id": {"req_01"}}))
	return &http.Client{Transport: transport}
}

func Example() {
	ctx := context.Background()
	c, err := client.New("sk_test_key", client.WithHTTPClient(mock()))
	if err != nil {
		fmt.Println(err)
		return
	}
	created, err := c.Organizations.Create(ctx, gen.CreateOrganization{Name: "Acme"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(created.ID, created.Name)
	// Output: org_01 Acme
}

func ExampleError() {
	ctx := context.Background()
	c, err := client.New("sk_test_key", client.WithHTTPClient(mock()))
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = c.Organizations.Get(ctx, "org_02")
	var failure *client.Error
	if errors.As(err, &failure) {
		fmt.Println(failure.StatusCode, failure.Code, failure.RequestID)
	}
	fmt.Println(err)
	// Output:
	// 404 entity_not_found req_01
	// organizations.get: 404 entity_not_found: Organization not found: 'org_02'. (request ID req_01)
}

func ExampleWithCredentials() {
	// One client for all tenants: it has no key of its own.
	c, err := client.New("", client.WithCredentialsFromContext(), client.WithHTTPClient(mock()))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	_, err = c.Organizations.Get(ctx, "org_01")
	fmt.Println(errors.Is(err, client.ErrNoCredentials))

	ctx = client.WithCredentials(ctx, client.Credentials{APIKey: "sk_test_tenant_1"})
	organization, err := c.Organizations.Get(ctx, "org_01")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(organization.Name)
	// Output:
	// true
	// Acme
}

func ExampleCredentials() {
	fmt.Printf("%+v\n", client.Credentials{APIKey: "sk_test_key"})
	// Output: Credentials{APIKey: [redacted], AccessToken: none}
}
