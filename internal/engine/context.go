package engine

// The contexts that steps get on forks and flights, and contexts whose end is
// decided under the world's clock.

import (
	"context"
	"reflect"
	"slices"
	"sync"
	"time"
)

// An origin is what stands between a caller's contexts and the steps of a fork
// or flight: it can end them all. Contexts are derived when a step asks, because
// a flow may make contexts of its own on the way.
type origin struct {
	up     *origin       // of the thread that began this fork; nil if that has none
	flight *timedContext // of a flight: stands in for every context of the caller

	holds World // of a try whose calls may outlast the caller's contexts; nil of others

	mu       sync.Mutex
	ended    bool
	cancels  []context.CancelFunc
	held     []held
	released bool
	last     [2]context.Context // derived last: from what, and what
}

// A held context ends with the caller's until it is released.
type held struct {
	*timedContext
	release func() bool
}

// originKey asks a context for the innermost origin around it.
type originKey struct{}

// originContext is a context derived by an origin.
type originContext struct {
	context.Context
	origin *origin
}

func (c originContext) Value(key any) any {
	switch key {
	case originKey{}, insideOf{c.origin}:
		return c.origin
	}
	return c.Context.Value(key)
}

// AfterFunc arranges that f is called when c ends. It passes on what a flight's context offers:
// package context would have a goroutine wait for the end, and what a fork of the flight
// waits for would hear of it late.
func (c originContext) AfterFunc(f func()) (stop func() bool) {
	return afterwards(c.Context, f)
}

// afterwards arranges that f is called when c ends: at once where c can do that, otherwise on a goroutine of its own.
func afterwards(c context.Context, f func()) (stop func() bool) {
	if own, ok := c.(interface{ AfterFunc(func()) func() bool }); ok {
		return own.AfterFunc(f)
	}
	return context.AfterFunc(c, f)
}

// insideOf is a context key that only the contexts of one origin, and those derived
// from them, answer.
type insideOf struct{ origin *origin }

// context returns c, or what must be used in its place.
func (o *origin) context(c context.Context) context.Context {
	if c.Value(originKey{}) == o {
		return c
	}
	if o.flight != nil {
		return originContext{o.flight, o}
	}
	if o.up != nil {
		c = o.up.context(c)
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.last[0] != nil && isSame(o.last[0], c) {
		return o.last[1]
	}
	derived, cancel := o.derive(c)
	if o.ended {
		cancel()
	}
	o.cancels = append(o.cancels, cancel)
	o.last = [2]context.Context{c, originContext{derived, o}}
	return o.last[1]
}

// derive returns a context that ends with c, or with o.
func (o *origin) derive(c context.Context) (context.Context, context.CancelFunc) {
	if o.holds == nil || c.Err() != nil {
		return context.WithCancel(c)
	}
	own := newTimed(o.holds, context.WithoutCancel(c), deadline(c))
	o.held = append(o.held, held{own, afterwards(c, own.cancel)})
	return own, own.cancel
}

// isSame reports whether two contexts are one. Those of a type that cannot be compared, or
// that hold a value of such a type, are never known to be.
func isSame(a, b context.Context) bool {
	return reflect.ValueOf(a).Comparable() && reflect.ValueOf(b).Comparable() && a == b
}

// release lets the calls under way go on without the caller, for a while.
func (o *origin) release() {
	o.mu.Lock()
	all := o.held
	o.held, o.released = nil, true
	o.mu.Unlock()
	for _, h := range all {
		h.release()
		h.move(o.holds.Machine().Add(shadowTime))
	}
}

// state reports whether o's contexts were ended, not by their time, and whether no origin around it and no caller can end them.
func (o *origin) state() (ended, last bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.flight != nil {
		return o.flight.Err() == context.Canceled, true
	}
	return o.ended, o.released
}

// end cancels every context derived, and those still to come.
func (o *origin) end() {
	o.mu.Lock()
	cancels := o.cancels
	o.ended, o.cancels = true, nil
	o.mu.Unlock()
	for _, cancel := range cancels {
		cancel()
	}
}

// A timedContext ends when its parent does, when it is cancelled, or at a
// deadline that the world's clock decides and that may be moved while it runs.
type timedContext struct {
	context.Context // done when this one is
	cancelInner     context.CancelFunc
	world           World

	mu       sync.Mutex
	deadline time.Time // zero for none
	told     time.Time // the first deadline that anyone was told: no later one was earlier
	stop     func()    // of the timer; nil without
	expired  bool
	after    []*func() // to be called at the end
}

// newTimed returns a context below parent that ends at deadline, if that is not zero.
func newTimed(w World, parent context.Context, deadline time.Time) *timedContext {
	c := &timedContext{world: w}
	c.Context, c.cancelInner = context.WithCancel(parent)
	c.move(deadline)
	return c
}

// move sets another deadline; zero for none.
func (c *timedContext) move(deadline time.Time) {
	c.mu.Lock()
	stop := c.stop
	c.deadline, c.stop = deadline, nil
	c.mu.Unlock()
	if stop != nil {
		stop()
	}
	if deadline.IsZero() {
		return
	}
	stop = c.world.After(deadline.Sub(c.world.Machine()), func() { c.expire(deadline) })
	c.mu.Lock()
	c.stop = stop
	c.mu.Unlock()
}

// extend moves the deadline if d is later; zero is the latest.
func (c *timedContext) extend(d time.Time) {
	c.mu.Lock()
	later := !c.deadline.IsZero() && (d.IsZero() || d.After(c.deadline))
	c.mu.Unlock()
	if later {
		c.move(d)
	}
}

// shorter reports whether what ran under c may have failed for want of time that
// d gives: it expired, or a step was told of a deadline before d.
func (c *timedContext) shorter(d time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.expired || !c.told.IsZero() && (d.IsZero() || d.After(c.told))
}

// expire ends c at its deadline, unless that was moved meanwhile.
func (c *timedContext) expire(deadline time.Time) {
	c.mu.Lock()
	due := c.deadline.Equal(deadline) && c.Context.Err() == nil
	c.expired = c.expired || due
	c.mu.Unlock()
	if due {
		c.cancel()
	}
}

// cancel ends c now and calls what waits for its end.
func (c *timedContext) cancel() {
	c.cancelInner()
	c.mu.Lock()
	stop, after := c.stop, c.after
	c.stop, c.after = nil, nil
	c.mu.Unlock()
	if stop != nil {
		stop()
	}
	for _, f := range after {
		(*f)()
	}
}

func (c *timedContext) Deadline() (time.Time, bool) {
	outer, outerOK := c.Context.Deadline()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.told.IsZero() {
		c.told = c.deadline
	}
	if outerOK && (c.deadline.IsZero() || outer.Before(c.deadline)) {
		return outer, true
	}
	return c.deadline, !c.deadline.IsZero()
}

func (c *timedContext) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.expired {
		return context.DeadlineExceeded
	}
	return c.Context.Err()
}

// Value hides the inner context from package context: it would cancel the
// children of c with the inner one's error, which is never DeadlineExceeded.
// They come through AfterFunc instead.
func (c *timedContext) Value(key any) any {
	if key == cancelKey {
		return nil
	}
	return c.Context.Value(key)
}

// AfterFunc arranges that f is called when c ends: at once when c ends it by itself, on
// another goroutine when its parent does. Package context looks for it.
func (c *timedContext) AfterFunc(f func()) (stop func() bool) {
	var once sync.Once
	ran := false
	run := func() { once.Do(func() { ran = true; f() }) }
	c.mu.Lock()
	c.after = append(c.after, &run)
	c.mu.Unlock()
	unwatch := context.AfterFunc(c.Context, run)
	return func() bool {
		unwatch()
		c.mu.Lock()
		c.after = slices.DeleteFunc(c.after, func(g *func()) bool { return g == &run })
		c.mu.Unlock()
		once.Do(func() {})
		return !ran
	}
}

// cancelKey is the key under which package context looks for its own contexts.
// It asks a context that has ended for it when the cause is wanted.
var cancelKey = func() any {
	var p probe
	context.Cause(&p)
	return p.key
}()

type probe struct {
	context.Context
	key any
}

func (p *probe) Value(key any) any { p.key = key; return nil }
func (p *probe) Err() error        { return context.Canceled }
