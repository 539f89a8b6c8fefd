package engine

// Named data, exactly: striped counters of writes. A result carries the state
// of the counters of what it read, and is served only while they are unchanged
// and no write is on its way. There is no list of results to drop on a write, so
// there is none to forget.

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/internal/memo"
)

// numStripes bounds the table. Keys that fall on one stripe drop each other's
// results early, never late.
const numStripes = 1 << 14

// A stripe counts the writes of the keys that fall on it. A write is active from
// its start to its end; the end counts it as done before it is no longer active,
// so that whoever sees no active write sees the number of all that were. The two
// numbers are apart because neither may run into the other: 64 bits of writes
// last for centuries.
type stripe struct {
	done   atomic.Uint64
	active atomic.Int64
}

// A stamp is how many writes of a stripe were done at a moment.
type stamp struct {
	stripe *stripe
	done   uint64
}

// unchanged reports whether no write was active at or began since the moment of
// the stamp.
func (s stamp) unchanged() bool {
	return s.stripe.active.Load() == 0 && s.stripe.done.Load() == s.done
}

// unchanged reports whether no stamp of the list has changed.
func unchanged(stamps []stamp) bool {
	for _, s := range stamps {
		if !s.unchanged() {
			return false
		}
	}
	return true
}

// stamps is the table of stripes. A key is a path: the name, then its parts. A
// write and a read match if one path is a prefix of the other, so
//
//	a write of K changes at[K], and under[P] for every prefix P of K;
//	a read of K stamps at[P] for every prefix P of K, and under[K].
type stamps struct {
	seed    uint64 // nobody outside knows which keys meet; in a replay they always do
	stripes []stripe
	log     atomic.Pointer[writeLog] // nil if nobody asks when something was written
}

func newStamps(seed uint64) *stamps {
	return &stamps{seed: seed, stripes: make([]stripe, numStripes)}
}

// The two kinds of counter of a path.
const (
	at    = 'a'
	under = 'u'
)

// paths calls f with the encoded path of every prefix of k, the shortest (the
// name alone) first; last is true for that of the key itself, up to its first
// unknown part.
func (k DataKey) paths(f func(path []byte, last bool)) {
	known := 0
	for known < len(k.Parts) && k.Parts[known] != nil {
		known++
	}
	b := make([]byte, 1, 64) // the first byte is the kind of counter
	b = append(b, k.Name...)
	f(b, known == 0)
	for i, part := range k.Parts[:known] {
		b = binary.AppendUvarint(append(b, 0), uint64(len(part)))
		b = append(b, part...)
		f(b, i == known-1)
	}
}

func (t *stamps) stripe(kind byte, path []byte) *stripe {
	path[0] = kind
	return &t.stripes[memo.Hash(path, t.seed)%numStripes]
}

// read appends the stamps of a read of k that is about to begin. If a matching
// write is active they will change when it ends.
func (t *stamps) read(k DataKey, list []stamp) []stamp {
	add := func(s *stripe) { list = append(list, stamp{s, s.done.Load()}) }
	k.paths(func(path []byte, last bool) {
		add(t.stripe(at, path))
		if last {
			add(t.stripe(under, path))
		}
	})
	return list
}

// A write is what is held active for one call of a step that writes.
type write []*stripe

// begin makes a write of keys active. Its end must be called, whatever happens.
func (t *stamps) begin(keys []DataKey) write {
	var w write
	for _, k := range keys {
		k.paths(func(path []byte, last bool) {
			w = append(w, t.stripe(under, path))
			if last {
				w = append(w, t.stripe(at, path))
			}
		})
	}
	for _, s := range w {
		s.active.Add(1)
	}
	return w
}

func (t *stamps) end(w write) {
	l := t.log.Load()
	if l != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
	}
	for _, s := range w {
		done := s.done.Add(1)
		if l != nil {
			l.note(s, done-1)
		}
		s.active.Add(-1)
	}
}

// maxWrites bounds the writes that are remembered.
const maxWrites = 1 << 18

// A writeLog remembers when writes were done.
type writeLog struct {
	world World
	mu    sync.Mutex
	of    map[*stripe]*ends
	all   []*ends // whose writes they were, in their order
}

// ends are those of the writes of a stripe, without the first few.
type ends struct {
	before uint64
	times  []time.Time
}

// note notes that a write is done, before which so many were.
func (l *writeLog) note(s *stripe, before uint64) {
	e := l.of[s]
	if e == nil {
		e = &ends{before: before}
		l.of[s] = e
	}
	e.times = append(e.times, l.world.Now())
	if l.all = append(l.all, e); len(l.all) > maxWrites {
		first := l.all[0]
		first.before, first.times, l.all = first.before+1, first.times[1:], l.all[1:]
	}
}

// heldAt reports whether no write that was done before a moment came after the stamps. What was forgotten was long before.
func (l *writeLog) heldAt(stamps []stamp, moment time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range stamps {
		switch e := l.of[s.stripe]; {
		case e == nil || s.done >= e.before+uint64(len(e.times)): // none since
		case s.done < e.before || e.times[s.done-e.before].Before(moment):
			return false
		}
	}
	return true
}
