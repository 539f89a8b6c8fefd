package engine

// The pace at which keys are asked for.

import (
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// What a pace is told by.
const (
	paceSlots   = 1 << 12          // keys of a block whose pace is known, at most
	paceLives   = 32               // lives of results after which an access counts half as much,
	paceMost    = 90 * time.Minute // or this time, if that is less and no less than one life
	paceDoubt   = 2                // lives without any access that a key is supposed to have had before it was known
	paceSilence = 3                // accesses that did not come: then none is expected any more
)

// paces are those of the keys of a block, found by their hashes. Of two keys that meet in one slot the one stays
// that is asked for: what is lost is a guess, and costs no more than time.
type paces [paceSlots]pace

// A pace is that of one key.
type pace struct {
	mu          sync.Mutex
	key         uint64
	first, last time.Duration // accesses, by the world's steady clock
	count       float64       // of accesses, at the last one
}

func (ps *paces) of(key uint64) *pace { return &ps[key%paceSlots] }

// decay is what an access counts after some time; a result lives for life.
func decay(after, life time.Duration) float64 {
	return math.Exp2(-after.Seconds() / halfLife(life).Seconds())
}

func halfLife(life time.Duration) time.Duration { return min(paceLives*life, max(life, paceMost)) }

// note counts an access to a key, whose results live for life.
func (ps *paces) note(key uint64, now, life time.Duration) {
	p := ps.of(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	left := p.count
	if now > p.last {
		left *= decay(now-p.last, life)
	}
	if p.key != key {
		if left >= 1 {
			return
		}
		p.key, p.first, left = key, now, 0
	}
	p.count, p.last = left+1, now
}

// A use is one of what is kept under a key.
type use struct {
	paces *paces
	key   uint64
	life  time.Duration
}

// Bounds of what results remember of the kept parts that they are made of.
const (
	maxUses   = 64
	usesALife = 32 // of a part, that are counted: more say no more
)

// inside are the uses of kept parts that results are made of: who takes the results would have asked for those.
type inside struct {
	uses  []use
	every time.Duration // at most once
	last  atomic.Int64  // they were noted, by the world's steady clock
}

// size is what in takes, in bytes, about.
func (in *inside) size() int64 {
	if in == nil {
		return 0
	}
	return 48 + int64(cap(in.uses))*24
}

// newInside is of uses that were just noted; nil if there are none.
func newInside(uses []use, now time.Duration) *inside {
	if len(uses) == 0 {
		return nil
	}
	shortest := uses[0].life
	for _, u := range uses {
		shortest = min(shortest, u.life)
	}
	in := &inside{uses: uses, every: shortest / usesALife}
	in.last.Store(int64(now))
	return in
}

// took notes that somebody takes results instead of the kept parts inside them.
func (t *Thread) took(in *inside) {
	if in == nil {
		return
	}
	if t.rec != nil {
		t.rec.use(in.uses...)
		if !t.rec.after.IsZero() {
			return // a refresh does
		}
	}
	now, last := t.plan.engine.world.Elapsed(), in.last.Load()
	if now-time.Duration(last) < in.every || !in.last.CompareAndSwap(last, int64(now)) {
		return
	}
	for _, u := range in.uses {
		u.paces.note(u.key, now, u.life)
	}
}

// likely returns the probability that a key is asked for during a life that begins now, if accesses go on as they came.
func (ps *paces) likely(key uint64, now, life time.Duration) float64 {
	p := ps.of(key)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.key != key {
		return 0
	}
	half := halfLife(life)
	window := half.Seconds() / math.Ln2 * (1 - decay(now-p.first, life)) // in which accesses counted, as much as they do
	rate := p.count * decay(now-p.last, life) / (window + paceDoubt*life.Seconds())
	if rate*(now-p.last).Seconds() > paceSilence {
		return 0
	}
	return 1 - math.Exp(-rate*life.Seconds())
}
