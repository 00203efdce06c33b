package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-f165d83c/workos/client/events"
)

const (
	ackWait = 30 * time.Second // after which another worker gets the message
	retry   = time.Second      // after a failure
)

// work handles events until ctx ends, together with all other workers. apply must commit its effect and the ID of the
// event in one transaction: messages come at least once.
func work(ctx context.Context, js jetstream.JetStream, apply func(context.Context, *events.Event) error) error {
	stream, err := newStream(ctx, js)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failures := make(chan error, partitions)
	var all sync.WaitGroup
	for n := range partitions {
		consumer, err := stream.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
			Durable: "users-" + strconv.Itoa(n), FilterSubject: "workos.events." + strconv.Itoa(n) + ".>",
			AckPolicy: jetstream.AckExplicitPolicy, AckWait: ackWait,
			MaxAckPending: 1, // among all workers, which keeps the order
		})
		if err != nil {
			return fmt.Errorf("consumer %d: %w", n, err)
		}
		all.Go(func() {
			if err := consume(ctx, consumer, apply); err != nil {
				failures <- err
				cancel()
			}
		})
	}
	all.Wait()
	select {
	case err := <-failures:
		return err
	default:
		return context.Cause(ctx)
	}
}

// consume handles the messages of a partition.
func consume(
	ctx context.Context, consumer jetstream.Consumer, apply func(context.Context, *events.Event) error,
) error {
	messages, err := consumer.Messages(jetstream.PullMaxMessages(1))
	if err != nil {
		return fmt.Errorf("read the stream: %w", err)
	}
	defer context.AfterFunc(ctx, messages.Stop)()
	for {
		message, err := messages.Next()
		switch {
		case errors.Is(err, jetstream.ErrMsgIteratorClosed):
			return nil
		case err != nil:
			return fmt.Errorf("read the stream: %w", err)
		}
		handle(ctx, message, apply)
	}
}

func handle(ctx context.Context, message jetstream.Msg, apply func(context.Context, *events.Event) error) {
	e, err := events.Parse(message.Data())
	if err != nil { // it will not get better
		slog.ErrorContext(ctx, "message is no event", "subject", message.Subject(), "error", err)
		_ = message.Term()
		return
	}
	if err := apply(ctx, e); err != nil {
		slog.WarnContext(ctx, "will try again", "event", e, "error", err)
		_ = message.NakWithDelay(retry)
		return
	}
	if err := message.DoubleAck(ctx); err != nil { // it comes again, and changes nothing
		slog.WarnContext(ctx, "acknowledge", "event", e, "error", err)
	}
}
