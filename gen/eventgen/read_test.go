package main_test

import (
	"slices"
	"strings"
	"testing"

	eventgen "github.com/seed-f165d83c/workos/gen/eventgen"
)

const aDocument = `
components:
  schemas:
    User: {type: object}
    Key: {type: object}
    Event:
      type: object
      x-event-payloads:
        user.created: User
        api_key.sso_failed: Key
`

func TestEventTypesAreReadInOrder(t *testing.T) {
	t.Parallel()
	got, err := eventgen.Read([]byte(aDocument))
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	want := []eventgen.Event{
		{Name: "api_key.sso_failed", GoName: "APIKeySSOFailed", Payload: "Key"},
		{Name: "user.created", GoName: "UserCreated", Payload: "User"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestFaultsAreNamedWithTheirLine(t *testing.T) {
	t.Parallel()
	for says, change := range map[string][2]string{
		`no mapping x-event-payloads`:             {"x-event-payloads", "x-other"},
		`line 9: the payload "Person" of`:         {"created: User", "created: Person"},
		`line 10: event type "user" does not`:     {"api_key.sso_failed", "user"},
		`line 10: user.created and user_created `: {"api_key.sso_failed", "user_created"},
		`parse YAML`: {"components:", "components: {"},
	} {
		events, err := eventgen.Read([]byte(strings.Replace(aDocument, change[0], change[1], 1)))
		if events != nil || err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: got %v, %v; want an error that says %q", change, events, err, says)
		}
	}
}
