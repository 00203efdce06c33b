// Events keeps tables in SQLite or PostgreSQL in step with WorkOS, by its list of events: the users of AuthKit, or the
// users, groups and members of directories:
//
//	WORKOS_API_KEY=sk_… go -C examples/events run . -db users.db
//	WORKOS_API_KEY=sk_… go -C examples/events run . -db postgres://localhost/app -of directories
//
// It continues where it was whenever it is started again. The checkpoint is saved in the transaction that changes the
// tables, so that each event changes them once, whatever happens in between. Start it on several machines for PostgreSQL,
// or several times on one for SQLite: one process leads, and another takes over if it ends or hangs.
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
	of := flag.String("of", users.name, "`what` the tables have: users or directories")
	term := flag.Duration("term", 15*time.Second, "time within which a process that hangs is replaced")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *database, *of, *term); err != nil {
		fmt.Fprintln(os.Stderr, "events:", err)
		os.Exit(1) //nolint:gocritic // stop only restores signals
	}
}

func run(ctx context.Context, database, of string, term time.Duration) error {
	what, ok := map[string]subject{users.name: users, directories.name: directories}[of]
	if !ok {
		return fmt.Errorf("unknown -of %q: want users or directories", of)
	}
	c, err := workos.FromEnv()
	if err != nil {
		return err
	}
	m, err := open(ctx, database, what, term)
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

func open(ctx context.Context, database string, of subject, term time.Duration) (*mirror, error) {
	if strings.HasPrefix(database, "postgres://") || strings.HasPrefix(database, "postgresql://") {
		return openPostgres(ctx, database, of, term)
	}
	return openSQLite(ctx, database, of)
}

const attempts = 5 // to handle an event, before it becomes a dead letter

func newConsumer(
	ctx context.Context, c *workos.Client, m *mirror, handler events.Handler, term time.Duration, opts ...events.Option,
) (*events.Consumer, error) {
	return events.NewConsumer(c, m.checkpoints, handler, append([]events.Option{
		events.WithTypes(m.of.types...),
		events.WithLease(m.state, m.of.name, term),
		events.WithEventTimeout(time.Minute),
		events.WithDeadLetter(attempts, m.bury),
		events.WithErrorFunc(func(err error, wait time.Duration) {
			slog.WarnContext(ctx, "will try again", "error", err, "wait", wait)
		}),
	}, opts...)...)
}
