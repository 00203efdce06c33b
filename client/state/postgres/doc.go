// Package postgres stores the state of several processes in PostgreSQL, with pgx: [Store] is a [state.Store], and
// [Checkpoints] is a store of package events whose handlers change the database in the transaction of the checkpoint.
//
//	pool, err := pgxpool.New(ctx, os.Getenv("DATABASE_URL"))
//	…
//	store, err := postgres.New(pool)
//	…
//	err = store.Migrate(ctx)
//
// It is a module of its own, so that programs without PostgreSQL do not depend on pgx. It needs PostgreSQL 12 or later.
//
// # Durability
//
// What a write reports is durable if synchronous_commit is on. After a failover to an asynchronous replica the last
// writes may be gone: a used sign-in state could be used again, within its ttl. Use synchronous replication where that
// matters.
package postgres
