// Events-nats distributes the events of WorkOS to workers on many machines, by NATS JetStream:
//
//	WORKOS_API_KEY=sk_… go -C examples/events-nats run . -nats nats://localhost:4222 publish
//	go -C examples/events-nats run . -nats nats://localhost:4222 -db users.db work
//
// One publisher copies the list of events into a stream; start it on several machines to have a substitute. Any number
// of workers share the stream. Events of one user or organization are handled in order, one after the other; others at
// the same time.
//
// Each event takes effect once: the publisher sends its ID as Nats-Msg-Id, by which the stream drops what is published
// again after a crash, and a worker commits the ID in the transaction of the effect, so that a message that is delivered
// again changes nothing.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

func main() {
	server := flag.String("nats", nats.DefaultURL, "`URL` of the NATS server, with JetStream")
	checkpoint := flag.String("checkpoint", "checkpoint.json", "`file` of the publisher's position")
	database := flag.String("db", "users.db", "SQLite `file` of the workers")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, flag.Arg(0), *server, *checkpoint, *database); err != nil && ctx.Err() == nil {
		fmt.Fprintln(os.Stderr, "events-nats:", err)
		os.Exit(1) //nolint:gocritic // stop only restores signals
	}
}

func run(ctx context.Context, role, server, checkpoint, database string) error {
	connection, err := nats.Connect(server, nats.Name("workos events"), nats.MaxReconnects(-1))
	if err != nil {
		return fmt.Errorf("connect to NATS: %w", err)
	}
	defer connection.Close()
	js, err := jetstream.New(connection)
	if err != nil {
		return fmt.Errorf("JetStream: %w", err)
	}
	switch role {
	case "publish":
		c, err := workos.FromEnv()
		if err != nil {
			return err
		}
		store, err := events.NewFileStore(checkpoint)
		if err != nil {
			return err
		}
		return publish(ctx, c, js, store)
	case "work":
		m, err := open(ctx, database)
		if err != nil {
			return err
		}
		defer m.close()
		return work(ctx, js, m.apply)
	default:
		return errors.New(`what to do? want "publish" or "work" after the flags`)
	}
}
