// Events keeps a table of users in SQLite in step with WorkOS, by its list of events:
//
//	WORKOS_API_KEY=sk_… go -C examples/events run . -db users.db
//
// It goes on from where it was whenever it is started again. The checkpoint is saved in the transaction that changes
// the table, so that each event changes it once, whatever happens in between.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

func main() {
	file := flag.String("db", "users.db", "SQLite `file`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *file); err != nil {
		fmt.Fprintln(os.Stderr, "events:", err)
		os.Exit(1) //nolint:gocritic // stop only restores signals
	}
}

func run(ctx context.Context, file string) error {
	c, err := workos.FromEnv()
	if err != nil {
		return err
	}
	m, err := open(ctx, file)
	if err != nil {
		return err
	}
	defer func() { _ = m.db.Close() }()
	consumer, err := events.NewConsumer(c, m, m.handle,
		events.WithTypes(events.UserCreated, events.UserUpdated, events.UserDeleted),
		events.WithErrorFunc(func(err error, wait time.Duration) {
			slog.WarnContext(ctx, "will try again", "error", err, "wait", wait)
		}))
	if err != nil {
		return err
	}
	return consumer.Run(ctx)
}
