package rt

// Workers: the goroutines that forks run on. A worker that is done looks around for a
// moment before it ends, because a fork that finds it awake begins at once, and one for which a
// sleeping processor has to be woken 10 to 40 µs later.

import (
	"context"
	"runtime"
	"runtime/pprof"
	"sync/atomic"
	"time"
)

// A pool starts functions on workers. At most one of them lingers at a time.
type pool struct {
	patience
	lingering time.Duration
	free      atomic.Pointer[worker] // the one that lingers
}

var workers = pool{lingering: awake}

// A worker runs one function after the other.
type worker struct {
	pool *pool
	next atomic.Pointer[func()] // what it was handed
}

// begin starts f on a worker.
//
// A new one gets a second goroutine for company, which does nothing, to push it out of the place of
// the next one to run on this processor: an idle processor takes work from the queue
// at once, but from that place only after a pause of 3 µs, of which Linux makes
// more than 50. The caller of a fork goes on, and leaves the place to nobody.
func (p *pool) begin(f func()) {
	if w := p.free.Load(); w != nil && p.free.CompareAndSwap(w, nil) {
		w.next.Store(&f)
		return
	}
	w := &worker{pool: p}
	go w.run(f)
	go nothing()
}

func nothing() {}

// run runs f, and what comes while it lingers. Labels for profiles are those of who began
// the first; the others have none rather than wrong ones.
func (w *worker) run(f func()) {
	f()
	for w.linger() {
		f := *w.next.Swap(nil)
		pprof.SetGoroutineLabels(context.Background())
		f()
	}
}

// linger waits for more work; false if there is none.
func (w *worker) linger() bool {
	p := w.pool
	if !p.pays() || !p.free.CompareAndSwap(nil, w) {
		return false
	}
	for since := time.Now(); ; runtime.Gosched() {
		if w.next.Load() != nil {
			p.met()
			return true
		}
		if time.Since(since) >= p.lingering && p.free.CompareAndSwap(w, nil) {
			p.missed()
			return false
		}
	}
}
