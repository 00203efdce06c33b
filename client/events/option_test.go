package events_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

func TestNewConsumerRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	api, err := client.New("sk_test_key")
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	handler := collect(new([]string))
	letter := func(context.Context, *events.Event, error) error { return nil }
	for _, err := range []error{
		second(events.NewConsumer(nil, new(store), handler)), second(events.NewConsumer(api, nil, handler)),
		second(events.NewConsumer(api, new(store), nil)),
	} {
		if err == nil {
			t.Error("NewConsumer takes nil")
		}
	}
	for says, opt := range map[string]events.Option{
		"option 1 is nil":                 nil,
		"no type is given":                events.WithTypes(),
		"type 2 has no name":              events.WithTypes(events.UserCreated, events.Type[any]("")),
		"organization is empty":           events.WithOrganization(""),
		"start time is zero":              events.WithStartTime(time.Time{}),
		"event to start after is empty":   events.WithStartAfter(""),
		"page size is 0":                  events.WithPageSize(0),
		"page size is 101":                events.WithPageSize(101),
		"checkpoint interval is 0":        events.WithCheckpointEvery(0),
		"poll interval is 0s":             events.WithPollInterval(0),
		"fetch time-out is -1s":           events.WithFetchTimeout(-time.Second),
		"grace period is 0s":              events.WithGracePeriod(0),
		"back-off is 0s":                  events.WithBackoff(0, time.Second),
		"back-off is 2s":                  events.WithBackoff(2*time.Second, time.Second),
		"attempts before the dead letter": events.WithDeadLetter(0, letter),
		"dead letter function is nil":     events.WithDeadLetter(1, nil),
		"error function is nil":           events.WithErrorFunc(nil),
	} {
		err := second(events.NewConsumer(api, new(store), handler, opt))
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want an error that says %q", err, says)
		}
	}
}

func second[T any](_ T, err error) error { return err }
