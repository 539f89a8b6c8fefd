package engine

// What a computation saw that its results depend on beside its inputs.

import (
	"context"
	"slices"
	"sync"
	"time"
)

// maxStamps bounds what one recording remembers of named data: a computation
// that reads more is not kept.
const maxStamps = 1 << 12

// A recording gathers what the work of a fill, a flight or a fork saw. Its
// methods may be called at the same time: flows that a step calls record too.
type recording struct {
	watch bool       // contexts given to steps are watched for it
	up    *recording // of what this is a part of: a fill in a flight, a flow called in it, a fork
	after time.Time  // of a refresh, some time after what it computes again expires: kept results that expire by then are computed again, too

	mu       sync.Mutex
	callers  []*recording // of a flight: those of its callers, as up
	failed   bool         // an error, a time-out, a cancellation, a panic
	erred    bool         // an error of a step, which is no answer
	stood    bool         // a result that stood in for a failure was used
	expires  time.Time    // the earliest expiry of what was read; zero for none
	open     time.Time    // until when another caller may join: the earliest expiry of what is being read, too
	stamps   []stamp
	calls    []*call // that were made or taken, of steps whose calls a journal has
	uses     []use   // of kept parts that may be computed again, some of them if there are very many
	hidden   any     // a foreign context key that was read
	contexts []context.Context
}

// part returns a recording of a part of what r, which may be nil, is of.
func (r *recording) part(watch bool) *recording {
	p := &recording{watch: watch, up: r}
	if r != nil {
		p.after = r.after
	}
	return p
}

// fail notes that something failed: what comes out may be passed on, never kept.
func (r *recording) fail() {
	r.mu.Lock()
	r.failed = true
	r.mu.Unlock()
}

// err notes that a step failed.
func (r *recording) err() {
	r.mu.Lock()
	r.erred = true
	r.mu.Unlock()
}

// standIn notes that a result stood in for a failure.
func (r *recording) standIn(last *lastResult) {
	r.mu.Lock()
	r.stood = true
	r.stamps = append(r.stamps, stamp{stripe: &last.over})
	r.failed = r.failed || len(r.stamps) > maxStamps
	r.mu.Unlock()
}

// expire notes that something read may be used until t; zero for ever.
func (r *recording) expire(t time.Time) {
	r.mu.Lock()
	r.expires = earliest(r.expires, t)
	r.mu.Unlock()
	r.close(t)
}

// close notes, for all that r is a part of, that whoever comes at t or later must not
// have what comes out: what is read now would be too old. It cannot wait until r is over,
// because a flight may be joined meanwhile.
func (r *recording) close(t time.Time) {
	for ; r != nil; r = r.up {
		r.mu.Lock()
		r.open = earliest(r.open, t)
		callers := r.callers
		r.mu.Unlock()
		for _, c := range callers {
			c.close(t)
		}
	}
}

// board notes that c, if it is not nil, depends on the flight whose recording r is, from
// now on.
func (r *recording) board(c *recording) {
	if c == nil {
		return
	}
	r.mu.Lock()
	r.callers = append(r.callers, c)
	open := r.open
	r.mu.Unlock()
	if !open.IsZero() {
		c.close(open)
	}
}

// isOpen reports whether a caller that comes now may join.
func (r *recording) isOpen(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.hidden == nil && (r.open.IsZero() || now.Before(r.open))
}

// stamp notes the named data that is about to be read.
func (r *recording) stamp(t *stamps, keys []DataKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range keys {
		r.stamps = t.read(k, r.stamps)
		r.failed = r.failed || len(r.stamps) > maxStamps
	}
}

// reads notes that a value was read under a foreign context key.
func (r *recording) reads(key any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.hidden == nil {
		r.hidden = key
	}
}

// gave notes a context that a step got.
func (r *recording) gave(c context.Context) {
	r.mu.Lock()
	r.contexts = append(r.contexts, c)
	r.mu.Unlock()
}

// A seen is what a recording came to.
type seen struct {
	failed  bool
	erred   bool
	stood   bool
	hidden  any
	expires time.Time
	stamps  []stamp
	calls   []*call
	uses    []use
}

// seen returns what r came to. A context that ended counts as a failure even if
// every step made the best of it.
func (r *recording) seen() seen {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range r.contexts {
		r.failed = r.failed || c.Err() != nil
	}
	return seen{r.failed, r.erred, r.stood, r.hidden, r.expires, r.stamps, r.calls, r.uses}
}

// absorb adds what another computation saw whose results r's now depend on.
func (r *recording) absorb(s seen) {
	if r == nil {
		return
	}
	r.expire(s.expires)
	r.mu.Lock()
	r.erred, r.stood = r.erred || s.erred, r.stood || s.stood
	r.failed = r.failed || s.failed || len(r.stamps)+len(s.stamps) > maxStamps
	if !r.failed {
		r.stamps = append(r.stamps, s.stamps...)
	}
	r.called(s.calls...)
	r.mu.Unlock()
	r.use(s.uses...)
	if s.hidden != nil {
		r.reads(s.hidden)
	}
}

// called notes calls of steps, under r's lock. They are there to be compared with, so that some may be missing.
func (r *recording) called(calls ...*call) {
	r.calls = append(r.calls, calls[:min(len(calls), maxStamps-len(r.calls))]...)
}

// use notes uses of kept parts.
func (r *recording) use(uses ...use) {
	r.mu.Lock()
	r.uses = append(r.uses, uses[:min(len(uses), maxUses-len(r.uses))]...)
	r.mu.Unlock()
}

// lastCall returns the call that ended last, if there is one.
func (r *recording) lastCall() []*call {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls[max(len(r.calls)-1, 0):])
}

// earliest returns the earlier of two times, of which zero means never.
func earliest(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
