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
		if consumer != nil || err == nil || err.Error() != "workos/events: "+want {
			t.Errorf("got %v, %v; want workos/events: %s", consumer, err, want)
		}
	}
	refused("NewConsumer: client, store or handler is nil", nil, s, handler)
	refused("NewConsumer: client, store or handler is nil", api, nil, handler)
	refused("NewConsumer: client, store or handler is nil", api, s, nil)

	letter := func(context.Context, *events.Event, error) error { return nil }
	good, none := events.WithPageSize(1), events.Type[any]("")
	for _, test := range []struct {
		want string
		opt  events.Option
	}{
		{"WithTypes: no types", events.WithTypes()},
		{"WithTypes: type 1 has no name", events.WithTypes(none, events.UserCreated, events.UserUpdated)},
		{"WithTypes: type 2 has no name", events.WithTypes(events.UserCreated, none, events.UserUpdated)},
		{"WithTypes: type 3 has no name", events.WithTypes(events.UserCreated, events.UserUpdated, none)},
		{"WithTypes: type 1 has no name", events.WithTypes(nil)},
		{"WithOrganization: ID is empty", events.WithOrganization("")},
		{"WithStartTime: time is zero", events.WithStartTime(time.Time{})},
		{"WithStartAfter: ID is empty", events.WithStartAfter("")},
		{"WithPageSize: invalid size -1: want 1 to 100", events.WithPageSize(-1)},
		{"WithPageSize: invalid size 0: want 1 to 100", events.WithPageSize(0)},
		{"WithPageSize: invalid size 101: want 1 to 100", events.WithPageSize(101)},
		{"WithCheckpointEvery: invalid number 0: want at least 1", events.WithCheckpointEvery(0)},
		{"WithCheckpointEvery: invalid number -1: want at least 1", events.WithCheckpointEvery(-1)},
		{"WithPollInterval: invalid duration 0s: want more than 0", events.WithPollInterval(0)},
		{"WithPollInterval: invalid duration -1ns: want more than 0", events.WithPollInterval(-1)},
		{"WithFetchTimeout: invalid duration 0s: want more than 0", events.WithFetchTimeout(0)},
		{"WithFetchTimeout: invalid duration -1ns: want more than 0", events.WithFetchTimeout(-1)},
		{"WithGracePeriod: invalid duration 0s: want more than 0", events.WithGracePeriod(0)},
		{"WithGracePeriod: invalid duration -1ns: want more than 0", events.WithGracePeriod(-1)},
		{"WithBackoff: invalid range 0s to 1s: want 0 < lowest <= highest", events.WithBackoff(0, time.Second)},
		{"WithBackoff: invalid range -1ns to 1s: want 0 < lowest <= highest", events.WithBackoff(-1, time.Second)},
		{"WithBackoff: invalid range 2ns to 1ns: want 0 < lowest <= highest", events.WithBackoff(2, 1)},
		{"WithDeadLetter: invalid attempts 0: want at least 1", events.WithDeadLetter(0, letter)},
		{"WithDeadLetter: invalid attempts -1: want at least 1", events.WithDeadLetter(-1, letter)},
		{"WithDeadLetter: function is nil", events.WithDeadLetter(1, nil)},
		{"WithErrorFunc: function is nil", events.WithErrorFunc(nil)},
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
