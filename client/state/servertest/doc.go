// Package servertest starts a PostgreSQL or Redis server for a test, on a free port of 127.0.0.1 with a new data
// directory, and stops it when the test ends:
//
//	server := servertest.PostgreSQL(t)
//	pool, err := pgxpool.New(t.Context(), server.URL)
//
// It runs the servers that are installed, such as Debian's packages postgresql and redis-server. A test is skipped if
// there is none, but fails if the environment variable CI is "true", so that no run that counts leaves it out. It works
// on Unix systems.
package servertest
