package rt

// The real world: the process's clock, goroutines and random numbers.

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"fluxo.dev/fluxo/internal/clock"
	"fluxo.dev/fluxo/internal/engine"
)

type realWorld struct{}

func (realWorld) Elapsed() time.Duration { return clock.Elapsed() }
func (realWorld) Now() time.Time         { return clock.Now() }
func (realWorld) Machine() time.Time     { return time.Now() }
func (realWorld) Random() uint64         { return rand.Uint64() }

// Advance moves the clock of the process ahead, by which results age and which fluxo.Now tells, and
// returns the new time. Timers and deadlines keep the time that they have: what waits for ten
// seconds waits for ten seconds. What is under way seems to have taken d longer.
func Advance(d time.Duration) (time.Time, error) { return clock.Advance(d) }

func (realWorld) Go(f func()) { workers.begin(f) }

func (realWorld) After(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

func (realWorld) At(d time.Duration, f func()) { clock.At(d, f) }

func (realWorld) NewGate() engine.Gate { return &gate{open: make(chan struct{})} }

type gate struct {
	once sync.Once
	open chan struct{}
}

func (g *gate) Open() { g.once.Do(func() { close(g.open) }) }

func (g *gate) Wait(done <-chan struct{}) bool {
	if g.isOpen() || g.opensSoon() {
		return true
	}
	select {
	case <-g.open:
		return true
	case <-done:
		return false
	}
}

func (g *gate) isOpen() bool {
	select {
	case <-g.open:
		return true
	default:
		return false
	}
}

// opening is for those who wait at gates.
var opening patience

// opensSoon waits for a moment, where that has paid of late: to wake who sleeps takes longer than
// a fork that began together with the walk is behind it.
func (g *gate) opensSoon() bool {
	if !opening.pays() {
		return false
	}
	for since := time.Now(); time.Since(since) < awake; runtime.Gosched() {
		if g.isOpen() {
			opening.met()
			return true
		}
	}
	opening.missed()
	return false
}
