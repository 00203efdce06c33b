package events

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/seed-f165d83c/workos/gen"
)

// ErrMalformedEvent is what errors.Is finds in the error of [Parse] and of decoding an [Event] where the JSON is none,
// or lacks what every event has.
var ErrMalformedEvent = errors.New("malformed event")

// Event is one thing that happened in the environment, as a webhook delivers it and GET /events lists it. It holds
// every event there is: what this version does not know, be it a type or a field, is kept as it came.
//
// The payload stays JSON until somebody asks for it by a [Type]:
//
//	user, err := events.UserCreated.Data(e)
type Event struct {
	// ID is the event's own, "event_…". It is the same in every delivery of the event and in the list, which is how
	// duplicates are told.
	ID string
	// Type is its name, such as "user.created"; it may be one that has no [Type] here.
	Type string
	// CreatedAt is when it happened; zero if the JSON has no time in the form of RFC 3339.
	CreatedAt time.Time
	// Data is the payload as it came. That of every type known so far is a JSON object; nil if there is none.
	Data json.RawMessage
	// Context has further details, nil if there are none; [Event.Circumstances] decodes them.
	Context json.RawMessage
	// Raw is the whole event as it came. Encoding an event writes Raw if it is set, whatever the other fields say.
	Raw json.RawMessage
}

// envelope is the event on the wire.
type envelope struct {
	Object    string          `json:"object"`
	ID        string          `json:"id"`
	Event     string          `json:"event"`
	Data      json.RawMessage `json:"data"`
	CreatedAt any             `json:"created_at,omitempty"`
	Context   json.RawMessage `json:"context,omitempty"`
}

// Parse decodes one event. What is not JSON, or has no ID or no type, is an error that wraps [ErrMalformedEvent].
// Everything else is kept, whatever its payload looks like, as an event that nobody can read would hold up those behind
// it. It keeps no reference to data.
func Parse(data []byte) (*Event, error) {
	e := new(Event)
	if err := e.UnmarshalJSON(data); err != nil {
		return nil, err
	}
	return e, nil
}

// UnmarshalJSON decodes an event as [Parse] does.
func (e *Event) UnmarshalJSON(data []byte) error {
	var wire envelope
	if err := json.Unmarshal(data, &wire); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformedEvent, err)
	}
	switch {
	case wire.ID == "":
		return fmt.Errorf("%w: it has no id", ErrMalformedEvent)
	case wire.Event == "":
		return fmt.Errorf("%w: %s has no event type", ErrMalformedEvent, quote(wire.ID))
	}
	text, _ := wire.CreatedAt.(string)
	created, err := time.Parse(time.RFC3339, text)
	if err != nil {
		created = time.Time{} // an event is not lost for want of a time
	}
	*e = Event{
		ID: wire.ID, Type: wire.Event, CreatedAt: created,
		Data: wire.Data, Context: wire.Context, Raw: bytes.Clone(data),
	}
	return nil
}

// MarshalJSON writes Raw if it is set, and the other fields if it is not, as in an event that a test makes.
func (e Event) MarshalJSON() ([]byte, error) {
	if len(e.Raw) > 0 {
		return e.Raw, nil
	}
	wire := envelope{Object: "event", ID: e.ID, Event: e.Type, Data: e.Data, Context: e.Context}
	if wire.Data == nil {
		wire.Data = json.RawMessage("{}")
	}
	if !e.CreatedAt.IsZero() {
		wire.CreatedAt = e.CreatedAt
	}
	return json.Marshal(wire) //nolint:wrapcheck // encoding/json names the type
}

// Circumstances decodes Context: who caused the event, and what has changed, as far as the event tells. Without a
// context all fields are nil. The error wraps [ErrMalformedData].
func (e Event) Circumstances() (*gen.EventContext, error) {
	known := new(gen.EventContext)
	if len(e.Context) == 0 {
		return known, nil
	}
	if err := json.Unmarshal(e.Context, known); err != nil {
		return nil, fmt.Errorf("%w: context of %s: %w", ErrMalformedData, quote(e.ID), err)
	}
	return known, nil
}

// LogValue gives ID, type and time as a group, without the payload, which may be about people.
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", e.ID), slog.String("type", e.Type), slog.Time("created_at", e.CreatedAt))
}

// quote makes one short line of a text from outside.
func quote(text string) string {
	const limit = 100
	if len(text) > limit {
		text = text[:limit]
	}
	return fmt.Sprintf("%q", text)
}
