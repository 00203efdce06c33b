package main

import (
	"fmt"

	workos "github.com/seed-f165d83c/workos/client"
	"github.com/seed-f165d83c/workos/client/events"
)

// users are those of AuthKit.
var users = subject{
	name:  "users",
	types: []fmt.Stringer{events.UserCreated, events.UserUpdated, events.UserDeleted},
	tables: []string{
		`CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, email TEXT NOT NULL, events BIGINT NOT NULL)`,
	},
	statements: func(e *events.Event) ([]statement, error) {
		query := `INSERT INTO users (id, email, events) VALUES ($1, $2, 1)
			ON CONFLICT (id) DO UPDATE SET email = excluded.email, events = users.events + 1`
		switch e.Type {
		case string(events.UserCreated), string(events.UserUpdated):
		case string(events.UserDeleted):
			query = "DELETE FROM users WHERE id = $1"
		default:
			return nil, nil
		}
		user, err := events.Type[workos.User](e.Type).Data(e)
		if err != nil {
			return nil, err
		}
		args := []any{user.ID, user.Email}
		if e.Type == string(events.UserDeleted) {
			args = args[:1]
		}
		return []statement{{query, args}}, nil
	},
}
