package engine

// The pace at which keys are asked for.

import (
	"math"
	"sync"
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
