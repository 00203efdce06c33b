package main

import "github.com/seed-f165d83c/workos/mcpadapter/serve"

// stores are those that replicas can share. This build has none; that of _cluster has Redis and PostgreSQL.
func stores() map[string]serve.OpenStore { return nil }
