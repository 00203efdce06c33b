// Package redis stores the state of several processes in Redis, with go-redis: [Store] is a [state.Store].
//
//	client := redis.NewClient(&redis.Options{Addr: "localhost:6379", MaxRetries: -1})
//	store, err := stateredis.New(client)
//
// It is a module of its own, so that programs without Redis do not depend on go-redis. It needs Redis 3 or later, or a
// compatible server, and works with a cluster.
//
// # Durability
//
// Redis replicates asynchronously: after a failover, or a crash without appendfsync always, the last writes are gone. A
// used sign-in state could be used again within its ttl, and two processes could hold one lease. Where that is not
// acceptable use the module client/state/postgres. The setting maxmemory-policy must be noeviction, the default:
// otherwise Redis forgets keys that have not expired.
package redis
