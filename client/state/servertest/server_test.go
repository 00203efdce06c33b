//go:build unix

package servertest_test

import (
	"net"
	"testing"

	"github.com/seed-f165d83c/workos/client/state/servertest"
)

func TestServersListenUntilTheyAreStopped(t *testing.T) {
	for name, start := range map[string]func(*testing.T) *servertest.Server{
		"PostgreSQL": servertest.PostgreSQL, "Redis": servertest.Redis,
	} {
		t.Run(name, func(t *testing.T) {
			server := start(t)
			var dialer net.Dialer
			conn, err := dialer.DialContext(t.Context(), "tcp", server.Addr)
			if err != nil {
				t.Fatalf("connect: %v", err)
			}
			_ = conn.Close()
			server.Stop()
			if conn, err := dialer.DialContext(t.Context(), "tcp", server.Addr); err == nil {
				_ = conn.Close()
				t.Error("connect after Stop: got a connection")
			}
		})
	}
}
