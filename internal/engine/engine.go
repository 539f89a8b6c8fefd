package engine

// The engine of a process: what all its flows share.

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"fluxo.dev/fluxo/internal/memo"
	"fluxo.dev/fluxo/internal/profile"
)

// Bounds of what an engine does beyond the walks that it was asked for.
const (
	DefaultMemory = 64 << 20 // bytes of all stored results together
	DefaultEarly  = 1 << 10  // forks begun early and not over, of the whole process
)

// Options say what an engine is made of.
type Options struct {
	World  World
	Log    *slog.Logger // nil for slog.Default
	Memory int64        // bytes of all stored results together; 0 for DefaultMemory
	Early  int64        // forks at once, of the whole process; 0 for DefaultEarly, negative for none
	Alone  bool         // one goroutine of the world runs at a time, as in a replay

	// KindOf returns the kind of an error, as steps list kinds under errors=.
	KindOf func(error) string

	// Traced is given each run that was noted, from any goroutine. See Probe.
	Traced func(*profile.Run)

	// ParentOf returns what a request said of the trace that it is part of; "" for nothing.
	ParentOf func(context.Context) string
}

// An Engine runs flows. All its methods may be called at the same time.
type Engine struct {
	world     World
	alone     bool // one goroutine of it runs at a time
	log       *slog.Logger
	kindOf    func(error) string
	stamps    *stamps
	elsewhere atomic.Pointer[elsewhere] // nil if nobody records
	flights   flights
	observers observers
	reports   reports
	promises  promises
	tallies   tallies
	refreshes refreshes

	traced   func(*profile.Run)
	parentOf func(context.Context) string
	spans    atomic.Bool // runs that are noted say when each visit began

	early       atomic.Int64  // forks that may still be begun,
	most        int64         // of as many
	shadows     atomic.Int64  // under way
	calls       atomic.Int64  // of what is outside the process, in fills and flights
	shadowCalls atomic.Int64  // likewise, in shadows that are bounded by them
	filling     atomic.Int64  // recordings and shadows under way: while there is one, flows look for it in their contexts
	swaps       atomic.Uint64 // of plans: odd while one is under way
	regionMu    sync.Mutex
	memory      int64
	store       *memo.Store
	regions     map[string]*memo.Region // by flow and region, so that results outlive a change of plan
	paces       map[string]*paces       // likewise
}

// New returns an engine.
func New(o Options) *Engine {
	e := &Engine{world: o.World, alone: o.Alone, log: o.Log, kindOf: o.KindOf, traced: o.Traced, parentOf: o.ParentOf, stamps: newStamps(o.World.Random()), paces: map[string]*paces{}}
	if e.kindOf == nil {
		e.kindOf = func(error) string { return "" }
	}
	if o.Early == 0 {
		o.Early = DefaultEarly
	}
	e.SetMemory(o.Memory)
	e.most = max(o.Early, 0)
	e.early.Store(o.Early)
	e.flights.init()
	e.promises.init()
	e.tallies.init()
	e.refreshes.init()
	return e
}

// logger returns where to report. The default is asked for each time: an engine is
// made before a program's main function has set it.
func (e *Engine) logger() *slog.Logger {
	if e.log != nil {
		return e.log
	}
	return slog.Default()
}

// World returns what the engine was made with.
func (e *Engine) World() World { return e.world }

// SetMemory bounds all stored results together, in bytes; 0 for DefaultMemory.
// If the bound changes, plans compiled from now on begin with an empty store; undo
// gives them the one before.
func (e *Engine) SetMemory(bytes int64) (undo func()) {
	if bytes == 0 {
		bytes = DefaultMemory
	}
	e.regionMu.Lock()
	defer e.regionMu.Unlock()
	memory, store, regions := e.memory, e.store, e.regions
	if bytes != e.memory {
		e.memory, e.store, e.regions = bytes, memo.New(bytes, e.world.Now().Add(-e.world.Elapsed()), e.world.Elapsed), map[string]*memo.Region{}
	}
	return func() {
		e.regionMu.Lock()
		defer e.regionMu.Unlock()
		e.memory, e.store, e.regions = memory, store, regions
	}
}

// Forget empties the store, for plans compiled from now on.
func (e *Engine) Forget() {
	e.regionMu.Lock()
	defer e.regionMu.Unlock()
	e.store, e.regions = memo.New(e.memory, e.world.Now().Add(-e.world.Elapsed()), e.world.Elapsed), map[string]*memo.Region{}
}

// Swap runs set, which puts other plans in place. What is computed across it is
// not kept: a flow that was called may have run as written, where nobody notes what
// it saw. One swap at a time.
func (e *Engine) Swap(set func()) {
	e.swaps.Add(1)
	defer e.swaps.Add(1)
	e.refreshes.forget()
	set()
}

// swapped reports whether plans were swapped since the count was n.
func (e *Engine) swapped(n uint64) bool { return n%2 == 1 || e.swaps.Load() != n }

// NoteSpans has runs that are noted say when each visit began, and of which trace they are part.
func (e *Engine) NoteSpans() { e.spans.Store(true) }

// Observe says that the value under a context key cannot influence results.
func (e *Engine) Observe(key any) { e.observers.keys.Store(key, true) }

// region returns the store's region of that name.
func (e *Engine) region(name string) *memo.Region {
	e.regionMu.Lock()
	defer e.regionMu.Unlock()
	r := e.regions[name]
	if r == nil {
		r = e.store.NewRegion()
		e.regions[name] = r
	}
	return r
}

// pacesOf returns those of the keys of the region of that name.
func (e *Engine) pacesOf(name string) *paces {
	e.regionMu.Lock()
	defer e.regionMu.Unlock()
	p := e.paces[name]
	if p == nil {
		p = new(paces)
		e.paces[name] = p
	}
	return p
}

// Stored returns the bytes of all stored results together.
func (e *Engine) Stored() int64 {
	e.regionMu.Lock()
	defer e.regionMu.Unlock()
	return e.store.Bytes()
}

// current is the engine of the process: what acting words use, which stand in
// code that knows of no plan.
var current atomic.Pointer[Engine]

// SetCurrent makes e the engine of the process.
func SetCurrent(e *Engine) { current.Store(e) }

// Current returns the engine of the process.
func Current() *Engine { return current.Load() }
