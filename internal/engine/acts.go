package engine

// Words that act: what timeout, retry, limit and writes do, under every plan and
// for every caller.

import (
	"context"
	"fmt"
	"log/slog"
	"math/bits"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
)

// Acts are the acting words of one step. The fields without a word are zero.
type Acts struct {
	Step    string        // full name
	At      string        // where it is declared: "weather.go:12"
	Timeout time.Duration // of each attempt
	Retry   int           // attempts after the first one
	Limit   int           // calls at once
	Writes  []string      // names of the data that it writes
	Errors  []string      // kinds of error that are answers, and not tried again
	Engine  *Engine       // nil for that of the process

	mu     sync.Mutex
	active int
	queue  []Gate // of callers that wait for the limit, the first one first
	queued *queueTally
}

// Bounds of the pause before an attempt. It doubles from the first to the last,
// and a random part of up to half is taken off, so that callers which failed
// together do not come back together.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 2 * time.Second
)

// Do calls f, an attempt at the step, as the words say. keys returns the named
// data that the call writes; nil if the step writes none. f sets the step's
// results and returns its error.
//
// Do returns an error only if ctx ended while the call waited for its limit and f
// was not called at all: it is the step's error then. A step that cannot fail
// passes no context there: its ctx may be nil.
func (a *Acts) Do(ctx context.Context, keys func() []DataKey, f func(context.Context) error) error {
	e := a.Engine
	if e == nil {
		e = Current()
	}
	if e == nil {
		panic("bug: step " + a.Step + " runs before the engine was set up")
	}
	if a.Limit > 0 {
		if err := a.acquire(ctx, e); err != nil {
			return err
		}
		defer a.release()
	}
	if len(a.Writes) > 0 {
		written := a.keys(keys)
		defer e.elsewhere.Load().began(written, e.world)()
		w := e.stamps.begin(written)
		defer e.stamps.end(w)
	}
	for n := 0; ; n++ {
		err := a.attempt(ctx, e, f)
		if err == nil || n >= a.Retry || !a.again(ctx, e, err) || !pause(ctx, e, n) {
			return nil
		}
	}
}

// keys returns the data that a call is about to write: all of its names where
// the keys cannot be told.
func (a *Acts) keys(f func() []DataKey) (keys []DataKey) {
	if f == nil || capture(func() { keys = f() }) != nil {
		keys = nil
		for _, name := range a.Writes {
			keys = append(keys, DataKey{Name: name})
		}
	}
	return keys
}

// attempt calls f once, under its own deadline if there is one.
func (a *Acts) attempt(ctx context.Context, e *Engine, f func(context.Context) error) error {
	if a.Timeout <= 0 || ctx == nil {
		return f(ctx)
	}
	began := e.world.Machine()
	c := newTimed(e.world, ctx, began.Add(a.Timeout))
	defer c.cancel()
	err := f(c)
	if took := e.world.Machine().Sub(began); took > a.Timeout+a.Timeout/4 {
		e.reports.promise(e, "", &graph.Node{Callee: a.Step},
			"a step went on after its time-out and was waited for",
			"let the step return when its context ends",
			slog.Duration("timeout", a.Timeout), slog.Duration("took", took), slog.String("declared", a.At))
	}
	return err
}

// again reports whether an attempt that failed with err may succeed later.
func (a *Acts) again(ctx context.Context, e *Engine, err error) bool {
	if ctx != nil && ctx.Err() != nil {
		return false
	}
	kind := e.kindOf(err)
	for _, k := range a.Errors {
		if k == kind {
			return false
		}
	}
	return true
}

// pause waits before attempt n+1; false if ctx ends first.
func pause(ctx context.Context, e *Engine, n int) bool {
	d := lastPause
	if n < bits.Len64(uint64(lastPause/firstPause)) {
		d = min(firstPause<<n, lastPause)
	}
	d -= time.Duration(e.world.Random() % uint64(d/2))
	if ctx == nil {
		ctx = context.Background()
	}
	return sleep(ctx, e.world, d)
}

// acquire waits for one of the Limit places, first come first served.
func (a *Acts) acquire(ctx context.Context, e *Engine) error {
	a.mu.Lock()
	if a.queued == nil {
		a.queued = e.tallies.queue(a)
	}
	a.queued.calls.Add(1)
	if a.active < a.Limit {
		a.active++
		a.mu.Unlock()
		return nil
	}
	g := e.world.NewGate()
	a.queue = append(a.queue, g)
	a.mu.Unlock()
	began := e.world.Elapsed()
	defer func() { a.waited(ctx, e.world.Elapsed()-began) }()
	if ctx == nil {
		g.Wait(nil)
		return nil
	}
	if g.Wait(ctx.Done()) {
		return nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.Index(a.queue, g)
	if i < 0 {
		return nil // its turn came at the same moment
	}
	a.queued.left.Add(1)
	a.queue = slices.Delete(a.queue, i, i+1)
	return fmt.Errorf("%s: waiting for one of %d places: %w", a.Step, a.Limit, ctx.Err())
}

// waited notes that a caller waited for its turn.
func (a *Acts) waited(ctx context.Context, d time.Duration) {
	a.queued.waited.Add(d, 1)
	if ctx == nil {
		return
	}
	if w, ok := ctx.Value(turnKey{}).(*turn); ok && w.step == a.Step {
		w.took.Add(int64(d))
	}
}

// A turn is for how long the call of a step that a run makes has waited for one of the step's places.
type turn struct {
	step string
	took atomic.Int64
}

type turnKey struct{}

// A turnContext tells a step where that is noted.
type turnContext struct {
	context.Context
	turn *turn
}

func (c turnContext) Value(key any) any {
	if key == (turnKey{}) {
		return c.turn
	}
	return c.Context.Value(key)
}

// timesWait has it noted how long n's call waits from now on, if it may; over ends that and returns it.
func (t *Thread) timesWait(n *node) (over func() time.Duration) {
	if n.src.Limit == 0 {
		return func() time.Duration { return 0 }
	}
	w, outer := &turn{step: n.src.Callee}, t.turn
	t.turn = w
	return func() time.Duration {
		t.turn = outer
		return time.Duration(w.took.Load())
	}
}

// release hands the place to the next caller in the queue.
func (a *Acts) release() {
	a.mu.Lock()
	var next Gate
	if len(a.queue) > 0 {
		next, a.queue = a.queue[0], a.queue[1:]
	} else {
		a.active--
	}
	a.mu.Unlock()
	if next != nil {
		next.Open()
	}
}
