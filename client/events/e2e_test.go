//go:build e2e

package events_test

import (
	"context"
	"crypto/rand"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/gen"
)

// TestE2EConsumerFollowsTheEmulator needs the server that .ci/run starts, as the tests of package client do.
func TestE2EConsumerFollowsTheEmulator(t *testing.T) {
	c, err := client.New(setting(t, "WORKOS_E2E_KEY"), client.WithBaseURL(setting(t, "WORKOS_E2E_URL")))
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	var want, got []string
	for range 3 {
		created, err := c.Organizations.Create(ctx, gen.CreateOrganization{Name: "Acme " + rand.Text()})
		if err != nil {
			t.Fatalf("create: %v", err)
		}
		t.Cleanup(func() {
			if err := c.Organizations.Delete(context.WithoutCancel(ctx), created.ID); err != nil {
				t.Errorf("delete: %v", err)
			}
		})
		want = append(want, created.Name)
	}

	handler, err := events.Route(events.OrganizationCreated.Do(
		func(_ context.Context, _ *events.Event, org *gen.Organization) error {
			if slices.Contains(want, org.Name) {
				got = append(got, org.Name)
			}
			if len(got) == len(want) {
				stop()
			}
			return nil
		}))
	if err != nil {
		t.Fatalf("Route: %v", err)
	}
	consumer, err := events.NewConsumer(c, new(events.MemoryStore), handler, events.WithPageSize(2),
		events.WithPollInterval(50*time.Millisecond))
	if err != nil {
		t.Fatalf("NewConsumer: %v", err)
	}
	if err := consumer.Run(ctx); err != nil {
		t.Fatalf("Run: %v", err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got the organizations %q, want %q in the order of their creation", got, want)
	}
}

func setting(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv(name)
	if value == "" {
		t.Fatalf("%s is not set; the end-to-end tests need a server", name)
	}
	return value
}
