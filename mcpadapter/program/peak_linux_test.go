package program_test

import (
	"os"
	"syscall"
)

// peakOf returns how much memory a process had at most, in bytes.
func peakOf(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return 0
	}
	return usage.Maxrss << 10 // in kilobytes, getrusage(2)
}
