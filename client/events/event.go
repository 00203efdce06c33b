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

// ErrMalformedEvent means that the input of [Parse], or of decoding an [Event], is not JSON or lacks an ID or type.
var ErrMalformedEvent = errors.New("malformed event")

// Event is an event of the environment, delivered by webhook or listed by GET /events. Unknown types and fields are
// kept as received.
//
// The payload stays JSON until a [Type] decodes it:
//
//	user, err := events.UserCreated.Data(e)
type Event struct {
	// ID identifies the event, "event_…". It is the same in every delivery and in the list; use it to detect
	// duplicates.
	ID string
	// Type is the name of the event's type, such as "user.created"; there may be no [Type] for it.
	Type string
	// CreatedAt is the time of the event; zero if the JSON has none in the form of RFC 3339.
	CreatedAt time.Time
	// Data is the payload as received, a JSON object for all known types; nil if there is none.
	Data json.RawMessage
	// Context has further details; nil if there are none. [Event.Circumstances] decodes them.
	Context json.RawMessage
	// Raw is the whole event as received. If set, encoding the event writes Raw and ignores the other fields.
	Raw json.RawMessage
}

// envelope is the JSON of an event.
type envelope struct {
	Object    string          `json:"object"`
	ID        string          `json:"id"`
	Event     string          `json:"event"`
	Data      json.RawMessage `json:"data"`
	CreatedAt any             `json:"created_at,omitempty"`
	Context   json.RawMessage `json:"context,omitempty"`
}

// Parse decodes one event. The error wraps [ErrMalformedEvent] if data is not JSON or lacks an ID or type. Parse
// accepts any payload, because an event that cannot be decoded would block those after it. It keeps no reference to
// data.
func Parse(data []byte) (*Event, error) {
	e := new(Event)
	if err := e.UnmarshalJSON(data); err != nil {
		return nil, err
	}
	return e, nil
}

// UnmarshalJSON decodes an event like [Parse].
func (e *Event) UnmarshalJSON(data []byte) error {
	var wire envelope
	if err := json.Unmarshal(data, &wire); err != nil {
		return fmt.Errorf("%w: %w", ErrMalformedEvent, err)
	}
	switch {
	case wire.ID == "":
		return fmt.Errorf("%w: no id", ErrMalformedEvent)
	case wire.Event == "":
		return fmt.Errorf("%w: %s has no event type", ErrMalformedEvent, quote(wire.ID))
	}
	text, _ := wire.CreatedAt.(string)
	created, err := time.Parse(time.RFC3339, text)
	if err != nil {
		created = time.Time{} // an invalid time does not invalidate the event
	}
	*e = Event{
		ID: wire.ID, Type: wire.Event, CreatedAt: created,
		Data: present(wire.Data), Context: present(wire.Context), Raw: bytes.Clone(data),
	}
	return nil
}

// present returns nil for null.
func present(raw json.RawMessage) json.RawMessage {
	if string(raw) == "null" {
		return nil
	}
	return raw
}

// MarshalJSON writes Raw if it is set, else the other fields.
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

// Circumstances decodes Context: who caused the event, and what changed. All fields are nil if there is no context. The
// error wraps [ErrMalformedData].
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

// LogValue returns ID, type and time as a group, without the payload, which may contain personal data.
func (e Event) LogValue() slog.Value {
	return slog.GroupValue(slog.String("id", e.ID), slog.String("type", e.Type), slog.Time("created_at", e.CreatedAt))
}

// quote renders untrusted text as one short quoted line.
func quote(text string) string {
	const limit = 100
	if len(text) > limit {
		text = text[:limit]
	}
	return fmt.Sprintf("%q", text)
}
