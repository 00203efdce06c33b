package events_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/seed-f165d83c/workos/client/events"
	"github.com/seed-f165d83c/workos/gen"
)

func TestTypeDecodesThePayloadOfItsEvents(t *testing.T) {
	t.Parallel()
	e := parse(t, anEvent)
	user, err := events.UserCreated.Data(e)
	if err != nil || user.ID != "user_01" || user.Email != "ada@example.com" || user.LastName != nil {
		t.Errorf("got %+v, %v; want the user", user, err)
	}
	if user, err := events.UserUpdated.Data(e); user != nil || !errors.Is(err, events.ErrOtherType) {
		t.Errorf("another type: got %+v, %v; want ErrOtherType", user, err)
	}
	misfit := parse(t, strings.Replace(anEvent, `"email_verified":true`, `"email_verified":"yes"`, 1))
	if user, err := events.UserCreated.Data(misfit); user != nil || !errors.Is(err, events.ErrMalformedData) {
		t.Errorf("payload that does not fit: got %+v, %v; want ErrMalformedData", user, err)
	}
	if !strings.Contains(string(misfit.Data), `"email_verified":"yes"`) {
		t.Errorf("payload that does not fit: it is lost: %s", misfit.Data)
	}
	loose, err := events.Type[map[string]any]("user.created").Data(e)
	if err != nil || (*loose)["nickname"] != "Countess" {
		t.Errorf("as a map: got %v, %v; want the field that gen.User lacks", loose, err)
	}
}

func TestRouteGoesByType(t *testing.T) {
	t.Parallel()
	var got []string
	take := func(branch string) func(context.Context, *events.Event, *gen.User) error {
		return func(_ context.Context, e *events.Event, user *gen.User) error {
			got = append(got, branch+" "+e.ID+" "+user.ID)
			return nil
		}
	}
	handler, err := events.Route(
		events.UserCreated.Do(take("created")),
		events.UserUpdated.Do(take("updated")),
		events.Otherwise(func(_ context.Context, e *events.Event) error {
			got = append(got, "otherwise "+e.ID)
			return errStop
		}),
	)
	if err != nil {
		t.Fatalf("Route: %v", err)
	}
	updated := strings.NewReplacer("user.created", "user.updated", "event_01", "event_02").Replace(anEvent)
	unknown := strings.NewReplacer("user.created", "user.renamed", "event_01", "event_03").Replace(anEvent)
	misfit := strings.NewReplacer(`"user_01"`, `{}`, "event_01", "event_04").Replace(anEvent)
	for text, want := range map[string]error{
		anEvent: nil, updated: nil, unknown: errStop, misfit: events.ErrMalformedData,
	} {
		if err := handler(t.Context(), parse(t, text)); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", text, err, want)
		}
	}
	slices.Sort(got)
	want := []string{"created event_01 user_01", "otherwise event_03", "updated event_02 user_01"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

var errStop = errors.New("stop")

func TestRouteWithoutOtherwiseLetsOtherTypesPass(t *testing.T) {
	t.Parallel()
	stop := func(context.Context, *events.Event, *gen.User) error { return errStop }
	handler, err := events.Route(events.UserUpdated.Do(stop))
	if err != nil {
		t.Fatalf("Route: %v", err)
	}
	if err := handler(t.Context(), parse(t, anEvent)); err != nil {
		t.Errorf("got %v, want nil", err)
	}
}

func TestRouteRefusesWhatIsAmbiguous(t *testing.T) {
	t.Parallel()
	do := func(context.Context, *events.Event, *gen.User) error { return nil }
	other := func(context.Context, *events.Event) error { return nil }
	for says, branches := range map[string][]events.Branch{
		"no branch":                    nil,
		"two branches for user.c":      {events.UserCreated.Do(do), events.UserUpdated.Do(do), events.UserCreated.Do(do)},
		"two branches for all oth":     {events.Otherwise(other), events.Otherwise(other)},
		"user.created has no function": {events.UserCreated.Do(nil)},
		"other types has no function":  {events.Otherwise(nil)},
		"empty event type":             {events.Type[gen.User]("").Do(do)},
		"empty event ty":               {{}},
	} {
		if handler, err := events.Route(branches...); handler != nil || err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("got %v, want an error that says %q", err, says)
		}
	}
}
