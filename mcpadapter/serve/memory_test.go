package serve

import (
	"math"
	"runtime"
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

func TestTheRuntimeIsTunedUnlessTheEnvironmentDoes(t *testing.T) {
	percent, limit, processors := debug.SetGCPercent(100), debug.SetMemoryLimit(-1), runtime.GOMAXPROCS(3)
	defer func() {
		debug.SetGCPercent(percent)
		debug.SetMemoryLimit(limit)
		runtime.GOMAXPROCS(processors)
	}()
	current := func() tuning {
		percent := debug.SetGCPercent(100)
		debug.SetGCPercent(percent)
		return tuning{percent, runtime.GOMAXPROCS(0)}
	}
	is := func(when string, want tuning) {
		t.Helper()
		if got := current(); got != want {
			t.Errorf("%s: got %+v, want %+v", when, got, want)
		}
	}
	started := tuneStart(func(name string) string { return map[string]string{"GOMEMLIMIT": "1GiB"}[name] })
	is("at the start", tuning{startGC, 3})
	started(tuning{gcPercent: 70})
	is("for many", tuning{70, 3})
	started(tuning{80, 1})
	is("a second time", tuning{70, 3})

	tuneStart(func(string) string { return "" })(tuning{90, 1})
	is("for one", tuning{90, 1})
	debug.SetMemoryLimit(limit)
	runtime.GOMAXPROCS(3)

	tuneStart(func(name string) string { return map[string]string{"GOGC": "1", "GOMEMLIMIT": "1"}[name] })(tuning{60, 1})
	is("with GOGC", tuning{90, 1})
	runtime.GOMAXPROCS(3)
	tuneStart(func(name string) string { return map[string]string{"GOMAXPROCS": "1", "GOMEMLIMIT": "1"}[name] })(tuning{60, 1})
	is("with GOMAXPROCS", tuning{60, 3})
	if got := debug.SetMemoryLimit(-1); got != limit {
		t.Errorf("got the limit %d, want it as it was", got)
	}
}
