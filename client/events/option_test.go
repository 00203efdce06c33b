package events_test

import (
	"context"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

// counting is a client whose requests are counted.
func counting(t *testing.T, requests *int) *client.Client {
	t.Helper()
	w := wire(func(*http.Request) (*http.Response, error) {
		*requests++
		return respond(200, list("")), nil
	})
	c, err := client.New("sk_test_key", client.WithHTTPClient(&http.Client{Transport: w}))
	if err != nil {
		t.Fatalf("client: %v", err)
	}
	return c
}

func TestNewConsumerRefusesWhatCannotWork(t *testing.T) {
	t.Parallel()
	requests := 0
	api, s, handler := counting(t, &requests), new(store), collect(new([]string))
	refused := func(want string, c *client.Client, s events.Store, h events.Handler, opts ...events.Option) {
		t.Helper()
		consumer, err := events.NewConsumer(c, s, h, opts...)
		if consumer != nil || err == nil || err.Error() != "workos events: "+want {
			t.Errorf("got %v, %v; want workos events: %s", consumer, err, want)
		}
	}
	refused("NewConsumer needs a client, a store and a handler", nil, s, handler)
	refused("NewConsumer needs a client, a store and a handler", api, nil, handler)
	refused("NewConsumer needs a client, a store and a handler", api, s, nil)

	letter := func(context.Context, *events.Event, error) error { return nil }
	good, none := events.WithPageSize(1), events.Type[any]("")
	for _, test := range []struct {
		want string
		opt  events.Option
	}{
		{"no type is given; without WithTypes, all known types come", events.WithTypes()},
		{"type 1 has no name", events.WithTypes(none, events.UserCreated, events.UserUpdated)},
		{"type 2 has no name", events.WithTypes(events.UserCreated, none, events.UserUpdated)},
		{"type 3 has no name", events.WithTypes(events.UserCreated, events.UserUpdated, none)},
		{"type 1 has no name", events.WithTypes(nil)},
		{"organization is empty", events.WithOrganization("")},
		{"start time is zero; without WithStartTime, all events come", events.WithStartTime(time.Time{})},
		{"event to start after is empty", events.WithStartAfter("")},
		{"page size is -1; it must be from 1 to 100", events.WithPageSize(-1)},
		{"page size is 0; it must be from 1 to 100", events.WithPageSize(0)},
		{"page size is 101; it must be from 1 to 100", events.WithPageSize(101)},
		{"checkpoint interval is 0 events; it must be at least 1", events.WithCheckpointEvery(0)},
		{"checkpoint interval is -1 events; it must be at least 1", events.WithCheckpointEvery(-1)},
		{"poll interval is 0s; it must be more than 0", events.WithPollInterval(0)},
		{"poll interval is -1ns; it must be more than 0", events.WithPollInterval(-1)},
		{"fetch time-out is 0s; it must be more than 0", events.WithFetchTimeout(0)},
		{"fetch time-out is -1ns; it must be more than 0", events.WithFetchTimeout(-1)},
		{"grace period is 0s; it must be more than 0", events.WithGracePeriod(0)},
		{"grace period is -1ns; it must be more than 0", events.WithGracePeriod(-1)},
		{"back-off is 0s to 1s; it must be more than 0 and not descend", events.WithBackoff(0, time.Second)},
		{"back-off is -1ns to 1s; it must be more than 0 and not descend", events.WithBackoff(-1, time.Second)},
		{"back-off is 2ns to 1ns; it must be more than 0 and not descend", events.WithBackoff(2, 1)},
		{"attempts before the dead letter are 0; they must be at least 1", events.WithDeadLetter(0, letter)},
		{"attempts before the dead letter are -1; they must be at least 1", events.WithDeadLetter(-1, letter)},
		{"dead letter function is nil", events.WithDeadLetter(1, nil)},
		{"error function is nil", events.WithErrorFunc(nil)},
	} {
		refused(test.want, api, s, handler, test.opt)
		refused(test.want, api, s, handler, good, test.opt)
		refused(test.want, api, s, handler, test.opt, good)
	}
	refused("option 1 is nil", api, s, handler, nil, good, good)
	refused("option 2 is nil", api, s, handler, good, nil, good)
	refused("option 3 is nil", api, s, handler, good, good, nil)
	if requests != 0 || len(s.saved) != 0 {
		t.Errorf("got %d requests and %q saved, want none", requests, s.saved)
	}
}

func TestNewConsumerTakesTheLeastAndTheMost(t *testing.T) {
	t.Parallel()
	requests := 0
	api, s, handler := counting(t, &requests), new(store), collect(new([]string))
	letter := func(context.Context, *events.Event, error) error { return nil }
	for name, opt := range map[string]events.Option{
		"page of 1": events.WithPageSize(1), "page of 100": events.WithPageSize(100),
		"checkpoint each": events.WithCheckpointEvery(1), "poll": events.WithPollInterval(1),
		"fetch": events.WithFetchTimeout(1), "grace": events.WithGracePeriod(1),
		"back-off of 1 ns": events.WithBackoff(1, 1), "back-off of 1 to 2 ns": events.WithBackoff(1, 2),
		"dead letter at once": events.WithDeadLetter(1, letter), "type": events.WithTypes(events.UserCreated),
		"organization": events.WithOrganization("o"), "start": events.WithStartAfter("e"),
		"start time":     events.WithStartTime(time.Unix(0, 0)),
		"error function": events.WithErrorFunc(func(error, time.Duration) {}),
	} {
		if c, err := events.NewConsumer(api, s, handler, opt); c == nil || err != nil {
			t.Errorf("%s: got %v, %v; want a consumer", name, c, err)
		}
	}
	if requests != 0 || len(s.saved) != 0 {
		t.Errorf("got %d requests and %q saved, want none before Run", requests, s.saved)
	}
}

func TestLaterOptionCounts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var sent, told []string
		w := func(r *http.Request) (*http.Response, error) {
			sent = append(sent, r.URL.Query().Encode())
			return respond(200, list("", 0)), nil
		}
		tell := func(name string) events.Option {
			return events.WithErrorFunc(func(error, time.Duration) { told = append(told, name) })
		}
		letter := func(name string) func(context.Context, *events.Event, error) error {
			return func(context.Context, *events.Event, error) error {
				told = append(told, name)
				return nil
			}
		}
		c := newConsumer(t, w, new(store), func(context.Context, *events.Event) error { return errStop },
			events.WithTypes(events.UserCreated, events.UserUpdated), events.WithTypes(events.UserDeleted),
			events.WithOrganization("org_01"), events.WithOrganization("org_02"), events.WithPageSize(1), events.WithPageSize(2),
			events.WithStartAfter("event_01"), events.WithStartAfter("event_02"), tell("first"), tell("second"),
			events.WithDeadLetter(5, letter("early letter")), events.WithDeadLetter(2, letter("letter")),
			events.WithPollInterval(1), events.WithPollInterval(time.Hour), events.WithBackoff(time.Hour, time.Hour),
			events.WithBackoff(1, 1), events.WithFetchTimeout(1), events.WithFetchTimeout(time.Second))
		if err := runFor(t, c, time.Minute); err != nil {
			t.Errorf("Run: %v", err)
		}
		wantStrings(t, "sent", sent, "after=event_02&events=user.deleted&limit=2&order=asc&organization_id=org_02")
		wantStrings(t, "told", told, "second", "letter")
	})
}
