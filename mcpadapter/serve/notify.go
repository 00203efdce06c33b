package serve

import (
	"context"
	"log/slog"
	"net"
)

// notify sends a state to the service manager that has started the process, if one wants to know (sd_notify(3)).
func (p program) notify(ctx context.Context, state string, logger *slog.Logger) {
	socket := p.getenv("NOTIFY_SOCKET")
	if socket == "" {
		return
	}
	conn, err := new(net.Dialer).DialContext(ctx, "unixgram", socket)
	if err == nil {
		_, err = conn.Write([]byte(state))
		_ = conn.Close()
	}
	if err != nil {
		logger.Warn("notify the service manager", "error", err)
	}
}
