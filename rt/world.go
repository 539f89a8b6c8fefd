package rt

// The real world: the process's clock, goroutines and random numbers.

import (
	"math/rand/v2"
	"sync"
	"time"

	"fluxo.dev/fluxo/internal/engine"
)

type realWorld struct{}

// began anchors the clock. Every hit in the store asks for the time, and reading
// the monotonic clock alone takes half as long as time.Now.
var began = time.Now()

func (realWorld) Elapsed() time.Duration { return time.Since(began) }
func (realWorld) Now() time.Time         { return began.Add(time.Since(began)) }
func (realWorld) Random() uint64         { return rand.Uint64() }

// Go starts a second goroutine, which does nothing, to push f out of the place of
// the next one to run on this processor: an idle processor takes work from the queue
// at once, but from that place only after a pause of 3 µs, of which Linux makes
// more than 50. The caller of a fork goes on, and leaves the place to nobody.
func (realWorld) Go(f func()) {
	go f()
	go nothing()
}

func nothing() {}

func (realWorld) After(d time.Duration, f func()) (stop func()) {
	t := time.AfterFunc(d, f)
	return func() { t.Stop() }
}

func (realWorld) NewGate() engine.Gate { return &gate{open: make(chan struct{})} }

type gate struct {
	once sync.Once
	open chan struct{}
}

func (g *gate) Open() { g.once.Do(func() { close(g.open) }) }

func (g *gate) Wait(done <-chan struct{}) bool {
	select {
	case <-g.open:
		return true
	default:
	}
	select {
	case <-g.open:
		return true
	case <-done:
		return false
	}
}
