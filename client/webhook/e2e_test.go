//go:build e2e

package webhook_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/client/internal/nodesdk"
	"github.com/seed-f165d83c/workos/client/webhook"
	"github.com/seed-f165d83c/workos/gen"
)

// awkward are texts that JSON encoders and text decoders treat differently.
const awkward = "a<b>&c é \U0001F600 \u2028\u2029 \"quoted\\\" \x00\b\f\n\r\t\x1f\x7f/"

func TestE2ENodeSDKAcceptsWhatWeSign(t *testing.T) {
	peer := nodesdk.Start(t)
	for _, body := range []string{anEvent, `{"id":"event_01","event":"x","data":{}}` + awkward, ""} {
		header := webhook.Sign([]byte(body), secret, time.Now())
		for _, method := range []string{"webhooks.verifyHeader", "actions.verifyHeader"} {
			var ok bool
			args := map[string]any{"payload": nodesdk.Bytes(body), "sigHeader": header, "secret": secret}
			if err := peer.Call(t, method, &ok, args); err != nil || !ok {
				t.Errorf("%s of %q: got %v, %v; want true", method, body, ok, err)
			}
			args["payload"] = nodesdk.Bytes(body + " ")
			var thrown *nodesdk.Error
			if err := peer.Call(t, method, &ok, args); !errors.As(err, &thrown) {
				t.Errorf("%s of a changed %q: got %v, %v; want it refused", method, body, ok, err)
			}
		}
	}

	args := map[string]any{
		"payload": nodesdk.Bytes(anEvent), "sigHeader": webhook.Sign([]byte(anEvent), secret, time.Now()), "secret": secret,
	}
	var event struct {
		ID    string `json:"id"`
		Event string `json:"event"`
	}
	if err := peer.Call(t, "webhooks.constructEvent", &event, args); err != nil {
		t.Fatalf("constructEvent: %v", err)
	}
	if event.ID != "event_01" || event.Event != "user.created" {
		t.Errorf("constructEvent: got %+v, want the event that we signed", event)
	}
}

func TestE2EWeAcceptWhatNodeSDKSigns(t *testing.T) {
	peer := nodesdk.Start(t)
	verifier, err := webhook.NewVerifier(secret)
	if err != nil {
		t.Fatalf("NewVerifier: %v", err)
	}
	actions, err := webhook.NewActionVerifier(secret)
	if err != nil {
		t.Fatalf("NewActionVerifier: %v", err)
	}
	for _, body := range []string{anEvent, awkward, ""} {
		at := time.Now().UnixMilli()
		var mac string
		if err := peer.Call(t, "webhooks.computeSignature", &mac, at, nodesdk.Bytes(body), secret); err != nil {
			t.Fatalf("computeSignature: %v", err)
		}
		header := "t=" + strconv.FormatInt(at, 10) + ", v1=" + mac
		if err := verifier.Verify([]byte(body), header); err != nil {
			t.Errorf("Verify of %q: got %v, want it accepted", body, err)
		}
		if err := actions.Verify([]byte(body), header); err != nil {
			t.Errorf("Verify of the action %q: got %v, want it accepted", body, err)
		}
		if err := verifier.Verify([]byte(body+" "), header); !errors.Is(err, webhook.ErrSignatureMismatch) {
			t.Errorf("Verify of a changed %q: got %v, want ErrSignatureMismatch", body, err)
		}
	}
}

// TestE2EActionResponsesAreTheNodeSDKs compares the responses byte for byte, but for the time, and has the other SDK check
// our signatures over the payload as it serializes it.
func TestE2EActionResponsesAreTheNodeSDKs(t *testing.T) {
	peer := nodesdk.Start(t)
	type verdict struct {
		Type         string `json:"type"`
		Verdict      string `json:"verdict"`
		ErrorMessage string `json:"errorMessage,omitempty"` //nolint:tagliatelle // the Node SDK's name
	}
	type answer struct {
		Object    string          `json:"object"`
		Payload   json.RawMessage `json:"payload"`
		Signature string          `json:"signature"`
	}
	for kind, body := range map[string]string{
		"authentication":    anAuthentication,
		"user_registration": aRegistration,
	} {
		for _, message := range []string{"allow", "", "No entry.", awkward} {
			decide := func(a *webhook.Action) *webhook.ActionResponse { return a.Deny(message) }
			theirs := verdict{kind, "Deny", message}
			if message == "allow" {
				decide = (*webhook.Action).Allow
				theirs = verdict{kind, "Allow", ""}
			}
			var want answer
			if err := peer.Call(t, "actions.signResponse", &want, theirs, secret); err != nil {
				t.Fatalf("signResponse: %v", err)
			}
			var signed struct {
				Timestamp int64 `json:"timestamp"`
			}
			if err := json.Unmarshal(want.Payload, &signed); err != nil {
				t.Fatalf("payload %s: %v", want.Payload, err)
			}

			at := time.UnixMilli(signed.Timestamp)
			actions, err := webhook.NewActionVerifier(secret, webhook.WithClock(func() time.Time { return at }))
			if err != nil {
				t.Fatalf("NewActionVerifier: %v", err)
			}
			action, err := actions.Action([]byte(body), webhook.Sign([]byte(body), secret, at))
			if err != nil {
				t.Fatalf("Action: %v", err)
			}
			ours, err := decide(action).MarshalJSON()
			if err != nil {
				t.Fatalf("MarshalJSON: %v", err)
			}
			var got answer
			if err := json.Unmarshal(ours, &got); err != nil {
				t.Fatalf("answer %s: %v", ours, err)
			}
			if got.Object != want.Object || string(got.Payload) != string(want.Payload) || got.Signature != want.Signature {
				t.Errorf("answer: got %s, want %+v", ours, want)
			}

			var mac string
			if err := peer.Call(t, "actions.computeSignature", &mac, signed.Timestamp, got.Payload, secret); err != nil {
				t.Fatalf("computeSignature: %v", err)
			}
			if mac != got.Signature {
				t.Errorf("signature over %s: got %s, want %s", got.Payload, got.Signature, mac)
			}
		}
	}
}

// TestE2EEmulatorDeliversEvents needs the server that .ci/run starts. It signs times in seconds, hence the tolerance.
func TestE2EEmulatorDeliversEvents(t *testing.T) {
	base, key := os.Getenv("WORKOS_E2E_URL"), os.Getenv("WORKOS_E2E_KEY")
	if base == "" || key == "" {
		t.Fatal("WORKOS_E2E_URL and WORKOS_E2E_KEY are not set; the end-to-end tests need a server")
	}
	c, err := client.New(key, client.WithBaseURL(base))
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	ctx := t.Context()
	var endpoint http.Handler // known once the emulator has made its secret
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		endpoint.ServeHTTP(w, r)
	}))
	defer server.Close()
	registered, err := c.WebhookEndpoints.Create(ctx, gen.CreateWebhookEndpoint{
		EndpointURL: server.URL, Events: []gen.WebhookEventType{gen.WebhookEventTypeOrganizationCreated},
	})
	if err != nil {
		t.Fatalf("register: %v", err)
	}
	defer func() {
		if err := c.WebhookEndpoints.Delete(ctx, registered.ID); err != nil {
			t.Errorf("unregister: %v", err)
		}
	}()
	verifier, err := webhook.NewVerifier(registered.Secret, webhook.WithTolerance(100*365*24*time.Hour))
	if err != nil {
		t.Fatalf("NewVerifier: %v", err)
	}
	delivered := make(chan *gen.Organization, 10)
	route, err := events.Route(events.OrganizationCreated.Do(
		func(_ context.Context, _ *events.Event, org *gen.Organization) error {
			delivered <- org
			return nil
		}))
	if err != nil {
		t.Fatalf("Route: %v", err)
	}
	endpoint, err = webhook.NewHandler(verifier, route, webhook.WithErrorFunc(func(_ *http.Request, err error) {
		t.Errorf("the endpoint refuses a delivery: %v", err)
	}))
	if err != nil {
		t.Fatalf("NewHandler: %v", err)
	}

	created, err := c.Organizations.Create(ctx, gen.CreateOrganization{Name: "Acme " + rand.Text()})
	if err != nil {
		t.Fatalf("create: %v", err)
	}
	defer func() {
		if err := c.Organizations.Delete(ctx, created.ID); err != nil {
			t.Errorf("delete: %v", err)
		}
	}()
	select {
	case got := <-delivered:
		if got.ID != created.ID || got.Name != created.Name {
			t.Errorf("delivered: got %+v, want %+v", got, created)
		}
	case <-time.After(10 * time.Second):
		t.Error("nothing was delivered in 10 seconds")
	}
}

func TestE2ENodeSDKReadsTheActionsOfOurTests(t *testing.T) {
	peer := nodesdk.Start(t)
	for _, body := range []string{anAuthentication, aRegistration} {
		var action struct {
			ID string `json:"id"`
		}
		args := map[string]any{
			"payload": nodesdk.Bytes(body), "sigHeader": webhook.Sign([]byte(body), secret, time.Now()), "secret": secret,
		}
		if err := peer.Call(t, "actions.constructAction", &action, args); err != nil {
			t.Fatalf("constructAction: %v", err)
		}
		if !strings.HasPrefix(action.ID, "action_") {
			t.Errorf("constructAction of %s: got the ID %q", body, action.ID)
		}
	}
}
