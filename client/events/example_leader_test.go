package events_test //nolint:testableexamples // a PostgreSQL would have to run; it is compiled

import (
	"context"
	"database/sql"
	"fmt"
	"os/signal"
	"syscall"
	"time"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

// lead runs the consumer on one of many machines: that whose session holds a lock of PostgreSQL. The others wait for
// their turn, which comes when the leader stops, or its session ends for another reason.
func lead(ctx context.Context, db *sql.DB, consumer *events.Consumer) error {
	const lock = 7263 // a number of your choice, the same on all machines
	session, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("open a session: %w", err)
	}
	defer func() { _ = session.Close() }()
	if _, err := session.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return fmt.Errorf("wait for the lock: %w", err)
	}
	defer func() { // the session goes back to the pool, the lock must not
		_, _ = session.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", lock)
	}()

	leading, stop := context.WithCancel(ctx)
	watched := make(chan struct{})
	go func() { // stops the consumer when the session is gone, and the lock with it
		defer close(watched)
		defer stop()
		for tick := time.Tick(5 * time.Second); session.PingContext(leading) == nil; {
			select {
			case <-tick:
			case <-leading.Done():
				return
			}
		}
	}()
	err = consumer.Run(leading)
	stop()
	<-watched
	return err
}

// One leader among many machines, by an advisory lock of PostgreSQL.
func Example_leader() {
	db, err := sql.Open("pgx", "postgres://db.internal/app") // or any other driver
	if err != nil {
		fmt.Println(err)
		return
	}
	c, err := workos.FromEnv()
	if err != nil {
		fmt.Println(err)
		return
	}
	store := new(events.MemoryStore) // better a table of the same database, as in examples/events
	consumer, err := events.NewConsumer(c, store, func(context.Context, *events.Event) error { return nil })
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	for ctx.Err() == nil {
		if err := lead(ctx, db, consumer); err != nil {
			fmt.Println(err)
			time.Sleep(time.Second)
		}
	}
}
