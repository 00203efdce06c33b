package main

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"

	"github.com/seed-f165d83c/workos/client/state/postgres"
	stateredis "github.com/seed-f165d83c/workos/client/state/redis"
	"github.com/seed-f165d83c/workos/mcpadapter/serve"
)

// stores are those that replicas can share.
func stores() map[string]serve.OpenStore {
	return map[string]serve.OpenStore{
		"redis": openRedis, "rediss": openRedis, "postgres": openPostgres, "postgresql": openPostgres,
	}
}

func openRedis(ctx context.Context, url string) (serve.Store, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, errors.New("the URL is not valid") // the error has the password
	}
	options.MaxRetries = -1 // a repeated write could be refused as used
	client := redis.NewClient(options)
	if err := client.Ping(ctx).Err(); err != nil {
		return nil, err
	}
	return stateredis.New(client)
}

func openPostgres(ctx context.Context, url string) (serve.Store, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, errors.New("the URL is not valid") // the error may have the password
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	store, err := postgres.New(pool)
	if err != nil {
		return nil, err
	}
	return store, store.Migrate(ctx)
}
