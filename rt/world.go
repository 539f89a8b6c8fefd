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

func (realWorld) Now() time.Time { return began.Add(time.Since(began)) }
func (realWorld) Go(f func())    { go f() }
func (realWorld) Random() uint64 { return rand.Uint64() }

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
