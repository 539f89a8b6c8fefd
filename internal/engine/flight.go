package engine

// Shared blocks: overlapping runs with the same inputs become one flight, under
// a context of its own.

import (
	"context"
	"slices"
	"sync"
	"time"

	"fluxo.dev/fluxo/graph"
)

// flights are those that new callers may join, by block and inputs. There are
// never more than callers.
type flights struct {
	mu   sync.Mutex
	open map[string]*flight
}

func (fs *flights) init() { fs.open = map[string]*flight{} }

// A flight is one run of a shared block for all its callers.
type flight struct {
	common *common
	key    string
	thread *Thread
	frame  *Frame
	rec    *recording // of the whole; the thread's own is that of the innermost fill
	start  []stamp    // of all that the block may read, taken before it began
	over   Gate

	callers int  // under the lock of the flights
	joined  bool // a second caller came; likewise

	exit   Exit // what follows is set before over opens
	raised *raised
	seen   seen
	saved  *results // nil if nobody joined, or what leaves cannot be copied
}

// shared runs a shared block on f.
func (t *Thread) shared(n *node, f *Frame) Exit {
	m := n.common
	from := len(t.keys)
	t.keys = append(t.keys, m.name...)
	_, ok := t.push(m.in, f)
	key := t.keys[from:]
	defer t.pop(from)
	if !ok {
		return t.walk(&m.body, f)
	}
	ctx := t.callerContext(m, f)
	fl, leads := t.board(m, key, ctx, f)
	if fl == nil {
		return t.walk(&m.body, f)
	}
	fl.rec.board(t.rec)
	var done <-chan struct{}
	if ctx != nil {
		done = ctx.Done()
	}
	if !fl.over.Wait(done) {
		fl.abandon(t.plan.engine)
		return t.walk(&m.body, f) // under its ended context, so that the failure is the author's own
	}
	if leads {
		t.say(toldLed)
		if t.trace != nil {
			t.trace.join(fl.thread.trace, t.plan.engine.world.Elapsed())
		}
		return t.land(fl, f)
	}
	t.say(toldJoined)
	return t.follow(fl, ctx, f)
}

// callerContext returns the context under which this caller waits: of those that
// enter the block the one that ends first; the flow's own if none does.
func (t *Thread) callerContext(m *common, f *Frame) context.Context {
	ctx := t.ctx
	for i := range m.in {
		r := &m.in[i]
		if r.src.Kind != graph.Context || r.code.Save == nil {
			continue
		}
		saved, _, _ := r.code.Save(r.vars(f))
		c, ok := saved.(context.Context)
		if ok && (ctx == nil || !endsBefore(ctx, c)) {
			ctx = c
		}
	}
	if ctx != nil && t.origin != nil {
		ctx = t.origin.context(ctx)
	}
	return ctx
}

// endsBefore reports whether a has a deadline before b's.
func endsBefore(a, b context.Context) bool {
	da, ok := a.Deadline()
	db, okB := b.Deadline()
	return ok && (!okB || da.Before(db))
}

// board joins the open flight of key, or begins one; nil if neither can be.
func (t *Thread) board(m *common, key []byte, ctx context.Context, f *Frame) (fl *flight, leads bool) {
	e := t.plan.engine
	now := e.world.Now()
	if fl = e.flights.join(key, now, ctx, nil); fl == nil {
		own := t.newFlight(m, string(key), ctx, f)
		if own == nil {
			return nil, false
		}
		if fl = e.flights.join(key, now, ctx, own); fl == nil {
			m.tally.flights.Add(1)
			e.filling.Add(1)
			e.world.Go(own.run)
			return own, true
		}
	}
	m.tally.joined.Add(1)
	fl.time().extend(deadline(ctx))
	return fl, false
}

// join adds a caller to the open flight of key and returns it; nil if there is
// none that admits the caller. own, if not nil, is then opened in its place.
func (fs *flights) join(key []byte, now time.Time, ctx context.Context, own *flight) *flight {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	if fl := fs.open[string(key)]; fl != nil && fl.admits(now, ctx) {
		fl.callers++
		fl.joined = true
		return fl
	}
	if own != nil {
		fs.open[own.key] = own
	}
	return nil
}

// newFlight returns a flight with this caller as its leader; nil if what enters
// cannot be copied.
func (t *Thread) newFlight(m *common, key string, ctx context.Context, f *Frame) *flight {
	e := t.plan.engine
	thread, frame, ok := t.detach(&m.edge, f, ctx, deadline(ctx))
	if !ok {
		return nil
	}
	thread.barred, thread.sampled, thread.trace = slices.Concat(m.departs, t.barred), t.sampled, t.trace.fork()
	if t.rec != nil {
		thread.rec.after = t.rec.after
	}
	fl := &flight{common: m, key: key, thread: thread, frame: frame, rec: thread.rec, callers: 1, over: e.world.NewGate()}
	for _, k := range m.names {
		fl.start = e.stamps.read(k, fl.start)
	}
	return fl
}

// deadline returns ctx's deadline; zero for none.
func deadline(ctx context.Context) time.Time {
	if ctx == nil {
		return time.Time{}
	}
	d, _ := ctx.Deadline()
	return d
}

// admits reports whether a caller that comes now may take the flight's results:
// nothing that it has read or may read was written, nothing has run out of its time,
// no foreign context value was read, and it is not the flight itself that calls,
// through a step: that would wait for itself.
func (fl *flight) admits(now time.Time, ctx context.Context) bool {
	if ctx != nil && ctx.Value(insideOf{fl.thread.origin}) != nil {
		return false
	}
	return fl.rec.isOpen(now) && unchanged(fl.start)
}

// time is the context that decides when the flight ends.
func (fl *flight) time() *timedContext { return fl.thread.origin.flight }

// close keeps new callers from joining.
func (fl *flight) close(e *Engine) {
	e.flights.mu.Lock()
	if e.flights.open[fl.key] == fl {
		delete(e.flights.open, fl.key)
	}
	e.flights.mu.Unlock()
}

// abandon takes a caller off the flight; the last one ends it.
func (fl *flight) abandon(e *Engine) {
	e.flights.mu.Lock()
	fl.callers--
	last := fl.callers == 0
	if last && e.flights.open[fl.key] == fl {
		delete(e.flights.open, fl.key)
	}
	e.flights.mu.Unlock()
	if last {
		fl.time().cancel()
	}
}

// run is the flight itself.
func (fl *flight) run() {
	defer fl.end()
	fl.exit = fl.thread.walk(&fl.common.body, fl.frame)
	fl.thread.lookAtGifts(fl.frame)
	fl.thread.returned = true
}

// end is deferred by run: it lets the callers have the outcome.
func (fl *flight) end() {
	t, e := fl.thread, fl.thread.plan.engine
	fl.seen, fl.raised = t.end(recover())
	if h := fl.seen.hidden; h != nil {
		e.reports.hidden(e, t.plan.flow, fl.common.first, h)
	}
	fl.close(e)
	if fl.joined && fl.raised == nil {
		fl.saved, _, _ = save(fl.common.data, fl.frame, t.marks)
	}
	e.filling.Add(-1)
	fl.over.Open()
}

// land gives the flight's outcome to its leader.
func (t *Thread) land(fl *flight, f *Frame) Exit {
	if fl.goesAlone() {
		return t.walk(&fl.common.body, f)
	}
	t.adopt(fl)
	return t.alight(fl, f, func() { move(fl.common.out, f, fl.frame, fl.thread.marks) })
}

// follow gives the flight's outcome to a caller that joined it, if it can have
// it: otherwise the caller runs the block itself.
func (t *Thread) follow(fl *flight, ctx context.Context, f *Frame) Exit {
	m := fl.common
	if fl.goesAlone() || fl.seen.hidden != nil || fl.raised == nil && fl.saved == nil || fl.seen.failed && fl.time().shorter(deadline(ctx)) {
		return t.walk(&m.body, f)
	}
	return t.alight(fl, f, func() {
		if fl.raised == nil {
			t.load(m.data, f, fl.saved)
			move(m.errs, f, fl.frame, fl.thread.marks)
		}
	})
}

// note notes what the flight did where its block stands, and raises what it raised.
func (t *Thread) note(fl *flight) {
	for i := range t.marks {
		t.marks[i] |= fl.thread.marks[i]
	}
	t.rec.absorb(fl.seen)
	if fl.raised != nil {
		fl.raised.again(t)
	}
}
