package main

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// rlimitData is the limit of writable private memory (getrlimit(2), RLIMIT_DATA), which package syscall has not.
const rlimitData = 2

// room is what the process may have beside the values of the program, in bytes: messages on their way, and an arena of
// the Go heap that grows.
const room = 192 << 20

// limitMemory has the kernel end the process if it takes much more memory than the values of a program may.
func limitMemory(values uint64) error {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil //nolint:nilerr // the interpreter's own limit remains
	}
	var kilobytes uint64
	for line := range strings.SplitSeq(string(status), "\n") {
		if _, err := fmt.Sscanf(line, "VmData: %d kB", &kilobytes); err == nil {
			break
		}
	}
	most := kilobytes<<10 + values + room
	if err := syscall.Setrlimit(rlimitData, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
		return fmt.Errorf("limit the memory: %w", err)
	}
	return nil
}
