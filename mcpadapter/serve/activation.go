package serve

import (
	"fmt"
	"net"
	"os"
	"strconv"
)

// firstPassed is the first file descriptor that a service manager passes (sd_listen_fds(3)).
const firstPassed = 3

// passedListener returns the socket that the service manager listens on for this process, or nil if there is none. It
// stays open in the service manager when the process ends, so that a restart refuses no connection.
func (p program) passedListener() (net.Listener, error) {
	if p.getenv("LISTEN_PID") != strconv.Itoa(os.Getpid()) { // for another process, or none
		return nil, nil //nolint:nilnil // there is none
	}
	if n := p.getenv("LISTEN_FDS"); n != "1" {
		return nil, usageError{fmt.Errorf("LISTEN_FDS is %.20q: want one socket", n)}
	}
	file := os.NewFile(firstPassed, "LISTEN_FDS")
	defer func() { _ = file.Close() }()
	listener, err := net.FileListener(file) // a duplicate, which programs that the server starts do not inherit
	if err != nil {
		return nil, fmt.Errorf("use the socket of the service manager: %w", err)
	}
	return listener, nil
}
