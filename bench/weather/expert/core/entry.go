package core

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

// An entry is one thing that a step may be asked for: a ZIP code, a station.
type entry[V any] struct {
	step *step[V]
	path string // of the provider, which is the key, too
	held atomic.Pointer[held[V]]

	mu     sync.Mutex
	flight *flight[V]   // the call that is under way, if any
	count  float64      // accesses, of which each counts half as much after a half-life
	asked  atomic.Int64 // when the last one was, by the clock
	gone   atomic.Bool  // pushed out of the shelf
}

// Held is a value, or the fault that there is no such thing. It is never changed.
type held[V any] struct {
	value   V
	fault   *fault
	fresh   time.Duration // when the call began
	expires time.Duration
	stale   time.Duration // until when it may stand in for a call that failed; zero: never
}

// A flight is a call that any number of requests wait for.
type flight[V any] struct {
	done chan struct{}
	held *held[V] // nil if the call failed
	err  *fault
}

// now returns what is held if it may be served at that time.
func (e *entry[V]) now(at time.Duration) *held[V] {
	if h := e.held.Load(); h != nil && at < h.expires {
		return h
	}
	return nil
}

// A ticket is for a value that is held, or on a flight.
type ticket[V any] struct {
	held   *held[V]
	flight *flight[V]
}

// begin has the provider asked if need be, and does not wait.
func (e *entry[V]) begin() ticket[V] {
	if h := e.now(e.step.clock.Now()); h != nil {
		return ticket[V]{held: h}
	}
	f, h := e.fly(true)
	return ticket[V]{h, f}
}

// wait returns the value, or why there is none.
func (t ticket[V]) wait(ctx context.Context) (*held[V], *fault) {
	if t.held != nil {
		return t.held, t.held.fault
	}
	select {
	case <-t.flight.done:
	case <-ctx.Done():
		return nil, faultOf(ctx.Err())
	}
	if t.flight.err != nil {
		return nil, t.flight.err
	}
	return t.flight.held, t.flight.held.fault
}

// get returns the value, from the provider if need be.
func (e *entry[V]) get(ctx context.Context) (*held[V], *fault) { return e.begin().wait(ctx) }

// fly returns the flight under way, a new one, or what has arrived meanwhile. Nobody waits for
// one that is not hurried.
func (e *entry[V]) fly(hurried bool) (*flight[V], *held[V]) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.flight != nil {
		return e.flight, nil
	}
	if h := e.now(e.step.clock.Now()); h != nil && hurried {
		return nil, h
	}
	f := &flight[V]{done: make(chan struct{})}
	e.flight = f
	go e.land(f, hurried)
	return f, nil
}

// land makes the call.
func (e *entry[V]) land(f *flight[V], hurried bool) {
	s := e.step
	began := s.clock.Now()
	hedge := s.settings.hedge()
	if !hurried {
		hedge = 0
	}
	value, err := try(context.Background(), hedge, &s.calls, func(ctx context.Context) (V, error) {
		var none V
		body, err := s.fetch(ctx, s.provider, e.path)
		if err != nil {
			return none, err
		}
		value, err := s.decode(body)
		if err != nil {
			return none, unavailable.errorf("%s sent something that cannot be read: %v", s.provider.Name, err)
		}
		return value, nil
	})
	switch old, failed := e.held.Load(), faultOf2(err); {
	case failed == nil:
		f.held = &held[V]{value: value, fresh: began, expires: began + s.settings.ttl()}
		if s.stale > 0 {
			f.held.stale = began + s.stale
		}
	case failed.kind == notFound && s.keepNotFound:
		f.held = &held[V]{fault: failed, fresh: began, expires: began + s.settings.ttl()}
	case failed.passes() && old != nil && s.clock.Now() < old.stale:
		again := *old // for a while nobody asks a provider that fails
		again.expires = min(max(old.expires, s.clock.Now()+standIn), old.stale)
		f.held = &again
	default:
		f.err = failed
	}
	e.mu.Lock()
	if f.held != nil {
		e.held.Store(f.held)
	}
	e.flight = nil
	e.mu.Unlock()
	close(f.done)
	if f.held != nil {
		s.weigh(e)
		s.renewLater(e, f.held)
	}
}

// standIn is how long a stale value stands in before its provider is asked again.
const standIn = 5 * time.Second

// faultOf2 is faultOf, and nil for nil.
func faultOf2(err error) *fault {
	if err == nil {
		return nil
	}
	return faultOf(err)
}

// touch counts an access.
func (e *entry[V]) touch(at time.Duration) {
	e.mu.Lock()
	e.count = e.count*e.step.decay(at-time.Duration(e.asked.Load())) + 1
	e.asked.Store(int64(at))
	e.mu.Unlock()
}

// wanted is the probability that somebody asks within so much time from now, if
// accesses come at the pace that they came lately.
func (e *entry[V]) wanted(at, within time.Duration) float64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	rate := e.count * e.step.decay(at-time.Duration(e.asked.Load())) * math.Ln2 / e.step.halfLife.Seconds()
	return 1 - math.Exp(-rate*within.Seconds())
}

// renew is what the schedule calls shortly before a value expires.
func (e *entry[V]) renew(of *held[V]) (done <-chan struct{}) {
	s := e.step
	if e.gone.Load() || e.held.Load() != of || e.wanted(s.clock.Now(), s.settings.ttl()) < s.settings.Renew {
		return nil
	}
	f, _ := e.fly(false)
	return f.done
}
