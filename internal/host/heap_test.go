package host

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"testing/fstest"
)

func TestGarbagePercent(t *testing.T) {
	const mib = 1 << 20
	for _, c := range []struct {
		room, live int64
		want       int
	}{
		{128 * mib, 0, 800}, {128 * mib, mib, 800}, {128 * mib, 32 * mib, 400}, {128 * mib, 128 * mib, 100}, {128 * mib, 1024 * mib, 100},
		{16 * mib, 8 * mib, 200}, {0, 8 * mib, 100},
	} {
		if got := garbagePercent(c.room, c.live); got != c.want {
			t.Errorf("room for %d, %d live: %d %%, want %d", c.room, c.live, got, c.want)
		}
	}
}

// What the collector is told follows what is live, after each collection.
func TestCollectSeldom(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(100))
	told := func() int {
		p := debug.SetGCPercent(100)
		debug.SetGCPercent(p)
		return p
	}
	collectSeldom(func(string) string { return "200" }, fstest.MapFS{})
	if p := told(); p != 100 {
		t.Errorf("%d %%, though the environment has GOGC", p)
	}
	collectSeldom(func(string) string { return "" }, fstest.MapFS{"proc/meminfo": {Data: []byte("MemTotal: 1048576 kB\n")}})
	tells := func(what string, right func(percent int) bool) { // finalizers run a little after a collection
		for range 10_000 {
			if right(told()) {
				return
			}
			runtime.GC()
		}
		t.Errorf("%d %% with %s", told(), what)
	}
	tells("an empty heap", func(percent int) bool { return percent > 400 })
	ballast := make([]byte, 96<<20)
	tells("96 MiB", func(percent int) bool { return percent < 140 })
	runtime.KeepAlive(ballast)
	ballast = nil
	tells("an empty heap again", func(percent int) bool { return percent > 400 })
}

func TestMemory(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	meminfo := file("MemTotal:        2048000 kB\nMemFree:          1024 kB\n")
	for name, c := range map[string]struct {
		files fstest.MapFS
		want  int64
	}{
		"nothing": {nil, math.MaxInt64},
		"machine": {fstest.MapFS{"proc/meminfo": meminfo}, 2048000 << 10},
		"container": {fstest.MapFS{"proc/meminfo": meminfo, "proc/self/cgroup": file("0::/\n"),
			"sys/fs/cgroup/memory.max": file("134217728\n")}, 128 << 20},
		"no limit": {fstest.MapFS{"proc/meminfo": meminfo, "proc/self/cgroup": file("0::/a.slice\n"),
			"sys/fs/cgroup/a.slice/memory.max": file("max\n")}, 2048000 << 10},
		"group around": {fstest.MapFS{"proc/meminfo": meminfo, "proc/self/cgroup": file("0::/a.slice/b.service\n"),
			"sys/fs/cgroup/a.slice/memory.max": file("67108864\n"), "sys/fs/cgroup/a.slice/b.service/memory.max": file("134217728\n")}, 64 << 20},
		"version 1": {fstest.MapFS{"proc/self/cgroup": file("8:cpu:/c\n7:memory:/c\n"), "sys/fs/cgroup/c/memory.max": file("1\n"),
			"sys/fs/cgroup/memory/c/memory.limit_in_bytes": file("33554432\n")}, 32 << 20},
		"nonsense": {fstest.MapFS{"proc/meminfo": file("MemTotal: -4 kB\n"), "proc/self/cgroup": file("0:\n:::\n0::x\n")}, math.MaxInt64},
	} {
		if got := memory(c.files); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
