package events

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

var (
	// ErrOtherType is what errors.Is finds where an event is asked for the payload of another type.
	ErrOtherType = errors.New("event of another type")
	// ErrMalformedData is what errors.Is finds where a payload does not fit its type. The event is not lost: its
	// Data and Raw hold what came.
	ErrMalformedData = errors.New("malformed event data")
)

// Type is the name of an event type whose payload is a T. The known ones are constants of this package; a new one
// needs no new version of it:
//
//	const Renamed events.Type[map[string]any] = "organization.renamed"
//
// As a string it fits a switch: case string(events.UserCreated).
type Type[T any] string

// String is the name on the wire, such as "user.created".
func (t Type[T]) String() string { return string(t) }

// Data decodes the payload of an event of this type. The error wraps [ErrOtherType] if the event is of another one,
// and [ErrMalformedData] if its payload does not fit. Members of the payload that T does not know are ignored here and
// stand in e.Data.
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

// Do is the route of this type to f, for [Route]. An event whose payload does not fit fails with [ErrMalformedData],
// and f is not called.
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
