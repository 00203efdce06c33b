package main

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

const (
	streamName = "WORKOS"
	partitions = 8 // of the stream, each in order; the number of events that are handled at the same time
)

// newStream creates the stream, or updates it.
func newStream(ctx context.Context, js jetstream.JetStream) (jetstream.Stream, error) {
	stream, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: streamName, Subjects: []string{"workos.events.>"},
		// The window must exceed the time in which a publisher that crashed comes back.
		Duplicates: 24 * time.Hour,
		MaxAge:     events.Retention,
	})
	if err != nil {
		return nil, fmt.Errorf("create the stream: %w", err)
	}
	return stream, nil
}

// publish copies the list of events into the stream until ctx ends. An event counts as handled once the stream has
// stored it.
func publish(
	ctx context.Context, c *workos.Client, js jetstream.JetStream, store events.Store, opts ...events.Option,
) error {
	if _, err := newStream(ctx, js); err != nil {
		return err
	}
	consumer, err := events.NewConsumer(c, store, func(ctx context.Context, e *events.Event) error {
		return publishEvent(ctx, js, e)
	}, opts...)
	if err != nil {
		return err
	}
	return consumer.Run(ctx)
}

func publishEvent(ctx context.Context, js jetstream.JetStream, e *events.Event) error {
	body, err := e.MarshalJSON()
	if err != nil {
		return fmt.Errorf("encode %s: %w", e.ID, err)
	}
	message := nats.NewMsg("workos.events." + strconv.Itoa(partition(e)) + "." + e.Type)
	message.Data = body
	message.Header.Set(jetstream.MsgIDHeader, e.ID)
	if _, err := js.PublishMsg(ctx, message); err != nil {
		return fmt.Errorf("publish %s: %w", e.ID, err)
	}
	return nil
}

// partition keeps together what must stay in order: the events of a user, or else of an organization.
func partition(e *events.Event) int {
	var about struct {
		Object       string `json:"object"`
		ID           string `json:"id"`
		User         string `json:"user_id"`         //nolint:tagliatelle // the API's name
		Organization string `json:"organization_id"` //nolint:tagliatelle // the API's name
	}
	_ = json.Unmarshal(e.Data, &about) // what cannot be read is in order with its like
	key := about.User
	switch {
	case about.Object == "user":
		key = about.ID
	case key == "" && about.Organization != "":
		key = about.Organization
	case key == "":
		key = about.ID
	}
	sum := fnv.New32a()
	_, _ = sum.Write([]byte(key))
	return int(sum.Sum32() % partitions)
}
