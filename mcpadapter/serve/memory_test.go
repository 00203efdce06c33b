package serve

import (
	"math"
	"runtime/debug"
	"testing"
)

func TestTheMemoryOfTheContainerIsTheLeastOfItsGroups(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  int64
	}{
		"none": {nil, math.MaxInt64},
		"a container": {map[string]string{
			"/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "536870912\n",
		}, 512 << 20},
		"no limit": {map[string]string{
			"/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "max\n",
		}, math.MaxInt64},
		"its own group": {map[string]string{
			"/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "1000\n", "/sys/fs/cgroup/memory.max": "max\n",
		}, 1000},
		"a group around it": {map[string]string{
			"/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/memory.max": "3000\n", "/sys/fs/cgroup/a/memory.max": "2000\n",
		}, 2000},
		"version 1":   {map[string]string{"/proc/self/cgroup": "4:memory:/a\n", "/sys/fs/cgroup/a/memory.max": "1\n"}, math.MaxInt64},
		"both":        {map[string]string{"/proc/self/cgroup": "1:x:/\n0::/a\n", "/sys/fs/cgroup/a/memory.max": "7\n"}, 7},
		"not a limit": {map[string]string{"/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/memory.max": "-1\n"}, math.MaxInt64},
	} {
		if got := containerMemory(func(file string) string { return c.files[file] }); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func TestTheCollectorIsTunedUnlessTheEnvironmentDoes(t *testing.T) {
	before := debug.SetGCPercent(100)
	limit := debug.SetMemoryLimit(-1)
	defer func() {
		debug.SetGCPercent(before)
		debug.SetMemoryLimit(limit)
	}()
	current := func() int {
		percent := debug.SetGCPercent(100)
		debug.SetGCPercent(percent)
		return percent
	}
	started := tuneMemory(func(name string) string { return map[string]string{"GOMEMLIMIT": "1GiB"}[name] })
	if got := current(); got != startGC {
		t.Errorf("got %d at the start, want %d", got, startGC)
	}
	if started(stdioGC); current() != stdioGC {
		t.Errorf("got %d after the start, want %d", current(), stdioGC)
	}
	debug.SetGCPercent(50)
	if started(httpGC); current() != 50 {
		t.Errorf("got %d, want it set once", current())
	}
	tuneMemory(func(string) string { return "50" })(httpGC)
	if got := current(); got != 50 {
		t.Errorf("got %d, want what GOGC sets", got)
	}
	if got := debug.SetMemoryLimit(-1); got != limit {
		t.Errorf("got the limit %d, want it as it was", got)
	}
}
