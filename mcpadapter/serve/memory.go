package serve

import (
	"math"
	"os"
	"path"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// Growth of the heap after which the collector runs, in percent of the live heap (GOGC).
const (
	// startGC applies until the first response, or until HTTP listens. Starting allocates a few megabytes that stay; with
	// the default the collector would run over them again and again, for a third of the time to the first response.
	startGC = 400
	// stdioGC applies after that to a server of one client, many of which may run on one machine: with 1.5 MiB live, the
	// heap stays below 9.
	stdioGC = 185
	// httpGC applies after that to a server of many, whose collector would run hundreds of times a second.
	httpGC = 200
)

// softMemory is the size in bytes of the process from which the collector runs more often: large responses leave much
// behind, while little of it is in use.
const softMemory = 192 << 20

// memoryShare is the share of the container's memory, in percent, from which the collector runs more often.
const memoryShare = 90

// tuneMemory tunes the collector for the start of the program and returns a function that tunes it for serving. GOGC
// and GOMEMLIMIT override it.
func tuneMemory(getenv func(string) string) (started func(percent int)) {
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(min(softMemory, containerMemory(readText)/100*memoryShare))
	}
	if getenv("GOGC") != "" {
		return func(int) {}
	}
	debug.SetGCPercent(startGC)
	var once sync.Once
	return func(percent int) { once.Do(func() { debug.SetGCPercent(percent) }) }
}

// containerMemory returns the memory in bytes that the control groups of the process allow it (cgroup v2,
// "memory.max"), or [math.MaxInt64] where none is known.
func containerMemory(read func(name string) string) int64 {
	limit := int64(math.MaxInt64)
	for line := range strings.Lines(read("/proc/self/cgroup")) {
		group, ok := strings.CutPrefix(strings.TrimSpace(line), "0::/")
		for ok {
			n, err := strconv.ParseInt(strings.TrimSpace(read(path.Join("/sys/fs/cgroup", group, "memory.max"))), 10, 64)
			if err == nil && n > 0 {
				limit = min(limit, n)
			}
			ok = group != "" && group != "."
			group = path.Dir(group)
		}
	}
	return limit
}

// readText returns the content of a file, or "" if it cannot be read.
func readText(name string) string {
	text, _ := os.ReadFile(name) //nolint:gosec // G304: only files of the kernel are read
	return string(text)
}
