package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/webhook"
)

// An endpoint for webhooks, and how a test of it signs a delivery.
func Example() {
	ctx := context.Background()
	verifier, err := webhook.NewVerifier("wh_secret")
	if err != nil {
		fmt.Println(err)
		return
	}
	welcome := func(_ context.Context, e *events.Event, user *workos.User) error {
		fmt.Println(e.ID, "welcome,", user.Email)
		return nil
	}
	handler, err := events.Route(events.UserCreated.Do(welcome))
	if err != nil {
		fmt.Println(err)
		return
	}
	endpoint, err := webhook.NewHandler(verifier, handler)
	if err != nil {
		fmt.Println(err)
		return
	}

	delivery := []byte(anEvent)
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/webhooks/workos", bytes.NewReader(delivery))
	request.Header.Set(webhook.HeaderName, webhook.Sign(delivery, "wh_secret", time.Now()))
	answer := httptest.NewRecorder()
	endpoint.ServeHTTP(answer, request)
	fmt.Println(answer.Code)
	// Output:
	// event_01 welcome, ada@example.com
	// 200
}

func ExampleVerifier_Verify() {
	verifier, err := webhook.NewVerifier("wh_secret")
	if err != nil {
		fmt.Println(err)
		return
	}
	body := []byte(`{"id":"event_01"}`)
	yesterday := webhook.Sign(body, "wh_secret", time.Now().Add(-24*time.Hour))
	forged := webhook.Sign(body, "guess", time.Now())
	fmt.Println(errors.Is(verifier.Verify(body, yesterday), webhook.ErrTimestampTooOld))
	fmt.Println(errors.Is(verifier.Verify(body, forged), webhook.ErrSignatureMismatch))
	// Output:
	// true
	// true
}

// During a change of secrets, deliveries signed with either are accepted.
func ExampleWithPreviousSecret() {
	verifier, err := webhook.NewVerifier("new_secret", webhook.WithPreviousSecret("old_secret"))
	if err != nil {
		fmt.Println(err)
		return
	}
	body := []byte("{}")
	fmt.Println(verifier.Verify(body, webhook.Sign(body, "old_secret", time.Now())))
	// Output: <nil>
}

// An endpoint for actions: users of one domain alone may register.
func ExampleNewActionHandler() {
	ctx := context.Background()
	verifier, err := webhook.NewActionVerifier("action_secret")
	if err != nil {
		fmt.Println(err)
		return
	}
	decide := func(_ context.Context, a *webhook.Action) (*webhook.ActionResponse, error) {
		if a.UserRegistration != nil && !strings.HasSuffix(a.UserRegistration.UserData.Email, "@acme.example") {
			return a.Deny("Use your work address."), nil
		}
		return a.Allow(), nil
	}
	endpoint, err := webhook.NewActionHandler(verifier, decide)
	if err != nil {
		fmt.Println(err)
		return
	}

	body := []byte(aRegistration)
	request := httptest.NewRequestWithContext(ctx, http.MethodPost, "/actions/workos", bytes.NewReader(body))
	request.Header.Set(webhook.HeaderName, webhook.Sign(body, "action_secret", time.Now()))
	answer := httptest.NewRecorder()
	endpoint.ServeHTTP(answer, request)
	fmt.Println(answer.Code, strings.Contains(answer.Body.String(), `"verdict":"Deny","error_message":"Use your work`))
	// Output: 200 true
}
