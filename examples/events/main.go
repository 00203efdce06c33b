// Events keeps a table of users in SQLite or PostgreSQL in step with WorkOS, by its list of events:
//
//	WORKOS_API_KEY=sk_… go -C examples/events run . -db users.db
//	WORKOS_API_KEY=sk_… go -C examples/events run . -db postgres://localhost/app
//
// It continues where it was whenever it is started again. The checkpoint is saved in the transaction that changes the
// table, so that each event changes it once, whatever happens in between. Start it on several machines for PostgreSQL, or
// several times on one for SQLite: one process leads, and another takes over if it ends or hangs.
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

func main() {
	database := flag.String("db", "users.db", "SQLite `file` or URL of a PostgreSQL database")
	term := flag.Duration("term", 15*time.Second, "time within which a process that hangs is replaced")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *database, *term); err != nil {
		fmt.Fprintln(os.Stderr, "events:", err)
		os.Exit(1) //nolint:gocritic // stop only restores signals
	}
}

func run(ctx context.Context, database string, term time.Duration) error {
	c, err := workos.FromEnv()
	if err != nil {
		return err
	}
	m, err := open(ctx, database, term)
	if err != nil {
		return err
	}
	defer m.close()
	consumer, err := newConsumer(ctx, c, m, m.handle, term)
	if err != nil {
		return err
	}
	return consumer.Run(ctx)
}

func open(ctx context.Context, database string, term time.Duration) (*mirror, error) {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		return openPostgres(ctx, database, term)
	}
	return openSQLite(ctx, database)
}

const attempts = 5 // to handle an event, before it becomes a dead letter

func newConsumer(
	ctx context.Context, c *workos.Client, m *mirror, handler events.Handler, term time.Duration, opts ...events.Option,
) (*events.Consumer, error) {
	return events.NewConsumer(c, m.checkpoints, handler, append([]events.Option{
		events.WithTypes(events.UserCreated, events.UserUpdated, events.UserDeleted),
		events.WithLease(m.state, "users", term),
		events.WithEventTimeout(time.Minute),
		events.WithDeadLetter(attempts, m.bury),
		events.WithErrorFunc(func(err error, wait time.Duration) {
			slog.WarnContext(ctx, "will try again", "error", err, "wait", wait)
		}),
	}, opts...)...)
}
