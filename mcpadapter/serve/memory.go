package serve

import (
	"math"
	"os"
	"path"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// startGC is the growth of the heap, in percent of what is live (GOGC), after which the collector runs until the first
// response, or until HTTP listens. Starting allocates a few megabytes that stay; with the default the collector would
// run over them again and again, for a third of the time to the first response.
const startGC = 400

// tuning is what the runtime is given for serving.
type tuning struct {
	gcPercent  int // GOGC
	processors int // GOMAXPROCS; 0: all
}

// tunedForOne is for a server of one client, many of which may run on one machine. With 1.5 MiB live, the heap stays
// below 9. One processor makes more calls in a second than an API takes in a minute, while each hand-over of a call to
// a goroutine on another one, which sleeps, takes as long as the work on it.
func tunedForOne() tuning { return tuning{gcPercent: 220, processors: 1} }

// tunedForMany is for a server of many clients, whose collector would otherwise run hundreds of times a second.
func tunedForMany() tuning { return tuning{gcPercent: 200} }

// softMemory is the size in bytes of the process from which the collector runs more often: large responses leave much
// behind, while little of it is in use.
const softMemory = 192 << 20

// memoryShare is the share of the container's memory, in percent, from which the collector runs more often.
const memoryShare = 90

// tuneStart tunes the runtime for the start of the program and returns a function that tunes it for serving, once.
// GOGC, GOMEMLIMIT and GOMAXPROCS override it.
func tuneStart(getenv func(string) string) (started func(tuning)) {
	if getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(min(softMemory, containerMemory(readText)/100*memoryShare))
	}
	collects, schedules := getenv("GOGC") == "", getenv("GOMAXPROCS") == ""
	if collects {
		debug.SetGCPercent(startGC)
	}
	var once sync.Once
	return func(t tuning) {
		once.Do(func() {
			if collects {
				debug.SetGCPercent(t.gcPercent)
			}
			if schedules && t.processors > 0 {
				runtime.GOMAXPROCS(t.processors)
			}
		})
	}
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
