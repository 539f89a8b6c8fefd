package engine

// Writes that no visit of a trace shows, for those who record: of steps that are called by what is no flow, or within a step that is
// noted as a whole. They make stale what is stored like any other.

import (
	"maps"
	"slices"
	"sync"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

// maxElsewhere bounds the writes that are remembered. Of those before, one of all data of each name is.
const maxElsewhere = 1 << 14

// An elsewhere has such writes. Its methods may be called at the same time.
type elsewhere struct {
	mu      sync.Mutex
	visits  map[string]*shown // under way, by what they write
	all     []profile.Write   // the newest last
	dropped int64             // how many came before these,
	of      map[string]lost   // by the names of what they wrote
}

// shown are visits under way that show the same write, and how many of them have made it.
type shown struct{ visits, made int }

// A lost is the last of the writes of a name that were dropped, as one of all its data.
type lost struct {
	number int64
	write  profile.Write
}

func newElsewhere() *elsewhere {
	return &elsewhere{visits: map[string]*shown{}, of: map[string]lost{}}
}

// showing says that what n is about to write on f is shown by a visit, which ends with over.
func (w *elsewhere) showing(n *node, f *Frame) (over func()) {
	if w == nil || n.kind == graph.Call {
		return func() {}
	}
	keys := keysOf(n.code.Writes, f)
	if len(keys) == 0 {
		return func() {}
	}
	var paths []string
	for _, k := range keys {
		paths = append(paths, written(k, 0).Path())
	}
	w.visiting(paths, +1)
	return func() { w.visiting(paths, -1) }
}

func (w *elsewhere) visiting(paths []string, more int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range paths {
		s := w.visits[p]
		if s == nil {
			s = &shown{}
			w.visits[p] = s
		}
		s.visits += more
		if more < 0 {
			s.made = max(s.made-1, 0)
		}
		if s.visits == 0 {
			delete(w.visits, p)
		}
	}
}

// began notes that keys are about to be written. over is called when they were.
func (w *elsewhere) began(keys []DataKey, world World) (over func()) {
	if w == nil {
		return func() {}
	}
	began := world.Elapsed()
	var all []profile.Write
	w.mu.Lock()
	for _, k := range keys {
		one := written(k, began)
		if s := w.visits[one.Path()]; s != nil && s.made < s.visits {
			s.made++
		} else {
			all = append(all, one)
		}
	}
	w.mu.Unlock()
	return func() {
		took := world.Elapsed() - began
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, one := range all {
			one.Took = took
			w.add(one)
		}
	}
}

// add notes a write, under w's lock.
func (w *elsewhere) add(one profile.Write) {
	if w.all = append(w.all, one); len(w.all) > maxElsewhere {
		first := w.all[0]
		w.all = w.all[1:]
		w.dropped++
		w.of[first.Data] = lost{w.dropped, profile.Write{At: first.At, Took: first.Took, Data: first.Data}}
	}
}

// since returns the writes behind so many, and how many there are now.
func (w *elsewhere) since(n int64) (all []profile.Write, now int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(w.of)) {
		if l := w.of[name]; l.number > n {
			all = append(all, l.write)
		}
	}
	return append(all, w.all[max(n-w.dropped, 0):]...), w.dropped + int64(len(w.all))
}

// written returns the write of a key that begins at a time, as a trace has it.
func written(k DataKey, at time.Duration) profile.Write {
	w := profile.Write{At: at, Data: k.Name}
	for _, p := range k.Parts {
		if p == nil {
			break
		}
		w.Parts = append(w.Parts, partHash(p))
	}
	return w
}
