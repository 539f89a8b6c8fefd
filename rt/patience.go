package rt

// Patience: staying awake for a moment for what may come soon, rather than sleep at once. It gives way to
// whatever else could run, so that it costs time of processors that have nothing to do.

import (
	"sync/atomic"
	"time"
)

// awake is how long it is stayed awake: a little more than it takes to wake a processor.
const awake = 50 * time.Microsecond

// maxMisses bounds how seldom it is stayed awake where nothing comes: one time in 2^6.
const maxMisses = 6

// A patience learns whether it pays to stay awake.
type patience struct {
	misses atomic.Uint32 // in a row, up to maxMisses
	asked  atomic.Uint32
}

// pays reports whether to stay awake this time: always where that paid the last time, and
// the less often the longer it has not.
func (p *patience) pays() bool { return p.asked.Add(1)&(1<<p.misses.Load()-1) == 0 }

// met and missed say whether it came.
func (p *patience) met() { p.misses.Store(0) }
func (p *patience) missed() {
	p.misses.Store(min(p.misses.Load()+1, maxMisses))
}
