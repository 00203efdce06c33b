//go:build unix

package serve

import "syscall"

// maxDescriptors returns how many files and connections the process may have open; 0: unknown.
func maxDescriptors() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) != nil {
		return 0
	}
	const enough = 1 << 24                     // also where there is no limit
	return int(min(uint64(limit.Cur), enough)) //nolint:unconvert // it is signed on some systems
}
