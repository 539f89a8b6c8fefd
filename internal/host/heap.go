package host

// How often garbage is collected.

import (
	"io/fs"
	"math"
	"path"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strconv"
	"strings"
)

// Most of a service's heap is what it keeps, and to mark that costs the same however little was allocated since the
// last time. By Go's own rule garbage may come to as much as is live; here it may come to garbage bytes where that is more, but
// to no more than a part of the memory there is, and to mostPercent of what is live.
const (
	garbage     = 256 << 20
	partly      = 8 // garbage may take one in so many bytes of the memory there is
	mostPercent = 800
)

// A collection is found dead by each collection of garbage, and goes on to the next one.
type collection struct {
	room    int64 // for garbage, in bytes
	percent int   // what the collector was told
	scanned []metrics.Sample
}

// collectSeldom has garbage collected less often than by Go's own rule, unless the environment has GOGC.
func collectSeldom(getenv func(string) string, root fs.FS) {
	if getenv("GOGC") == "" {
		c := &collection{room: min(garbage, memory(root)/partly), scanned: []metrics.Sample{{Name: "/gc/heap/live:bytes"}, {Name: "/gc/scan/stack:bytes"}, {Name: "/gc/scan/globals:bytes"}}}
		c.over()
	}
}

// over tells the collector what follows from what a collection found: garbage may come to its per cent of what is live, and of stacks and
// globals, which it scans too.
func (c *collection) over() {
	metrics.Read(c.scanned)
	sum := int64(0)
	for _, s := range c.scanned {
		sum += int64(s.Value.Uint64())
	}
	percent := garbagePercent(c.room, sum)
	if d := percent - c.percent; d > c.percent/10 || d < -c.percent/10 {
		debug.SetGCPercent(percent)
		c.percent = percent
	}
	runtime.SetFinalizer(c, (*collection).over)
}

// garbagePercent is how much garbage there may be, in per cent of what is live.
func garbagePercent(room, live int64) int {
	return int(min(max(100*room/max(live, 1), 100), mostPercent))
}

// memory returns how many bytes a process may use: what the machine has, or less if a control group of Linux limits it.
// Where nothing says how much that is, it is taken to be a lot.
func memory(root fs.FS) int64 {
	least := int64(math.MaxInt64)
	note := func(text string, unit int64) {
		if n, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64); err == nil && n > 0 && n < least/unit {
			least = n * unit
		}
	}
	read := func(name string) string {
		text, _ := fs.ReadFile(root, name) // what is not there limits nothing
		return string(text)
	}
	for line := range strings.Lines(read("proc/meminfo")) {
		if kB, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			note(strings.TrimSuffix(strings.TrimSpace(kB), "kB"), 1<<10)
		}
	}
	for line := range strings.Lines(read("proc/self/cgroup")) { // 0::/of/version/2, or 7:memory:/of/version/1
		_, rest, _ := strings.Cut(strings.TrimSpace(line), ":")
		controllers, group, _ := strings.Cut(rest, ":")
		top, file := "sys/fs/cgroup", "memory.max"
		if controllers == "memory" {
			top, file = "sys/fs/cgroup/memory", "memory.limit_in_bytes"
		} else if controllers != "" {
			continue
		}
		for ; strings.HasPrefix(group, "/"); group = path.Dir(group) {
			note(read(path.Join(top, group, file)), 1)
			if group == "/" {
				break
			}
		}
	}
	return least
}
