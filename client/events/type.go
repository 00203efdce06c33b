package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

var (
	// ErrOtherType means that an event has another type than the one that should decode it.
	ErrOtherType = errors.New("event of another type")
	// ErrMalformedData means that a payload does not fit its type. The event's Data and Raw contain it as received.
	ErrMalformedData = errors.New("malformed event data")
)

// Type is the name of an event type whose payload is a T. The known ones are constants of this package. A program can
// define others:
//
//	const Renamed events.Type[map[string]any] = "organization.renamed"
//
// As a string it fits a switch: case string(events.UserCreated).
type Type[T any] string

// String returns the name, such as "user.created".
func (t Type[T]) String() string { return string(t) }

// Data decodes the payload of an event of this type. The error wraps [ErrOtherType] if the event has another type, and
// [ErrMalformedData] if the payload does not fit. Unknown members of the payload are ignored; e.Data has them.
func (t Type[T]) Data(e *Event) (*T, error) {
	if e.Type != string(t) {
		return nil, fmt.Errorf("%w: %s is %s, not %s", ErrOtherType, quote(e.ID), quote(e.Type), string(t))
	}
	if len(e.Data) == 0 || string(e.Data) == "null" {
		return nil, fmt.Errorf("%w: %s has none", ErrMalformedData, quote(e.ID))
	}
	data := new(T)
	if err := json.Unmarshal(e.Data, data); err != nil {
		return nil, fmt.Errorf("%w: %s of %s: %w", ErrMalformedData, string(t), quote(e.ID), err)
	}
	return data, nil
}

// Do returns the branch that calls f for events of this type. If the payload does not fit, the handler fails with
// [ErrMalformedData] without calling f.
func (t Type[T]) Do(f func(ctx context.Context, e *Event, data *T) error) Branch {
	if f == nil {
		return Branch{name: string(t)}
	}
	return Branch{name: string(t), handler: func(ctx context.Context, e *Event) error {
		data, err := t.Data(e)
		if err != nil {
			return err
		}
		return f(ctx, e, data)
	}}
}
