package engine

// Work apart from any caller: a thread with frames, contexts and time of its own.

import (
	"context"
	"time"
)

// detach returns a thread, and a frame with copies of what enters e on f, for
// work that may outlive t. Its contexts have ctx's values, which are watched,
// and end at until, if that is not zero; false if what enters cannot be copied.
func (t *Thread) detach(e *edge, f *Frame, ctx context.Context, until time.Time) (*Thread, *Frame, bool) {
	own, ok := e.copyOf(f)
	if !ok {
		return nil, nil, false
	}
	alone := t.plan.alone(ctx, until)
	alone.swaps = t.swaps
	return alone, own, true
}

// copyOf returns a frame with copies of what enters e on f, for steps whose contexts are others; false if that cannot be copied.
func (e *edge) copyOf(f *Frame) (*Frame, bool) {
	own := e.frames()
	for i := range e.in {
		r := &e.in[i]
		if r.steady() {
			r.code.Move(r.vars(own), r.vars(f))
			continue
		}
		if r.code.Save == nil {
			return nil, false
		}
		saved, _, ok := r.code.Save(r.vars(f))
		if !ok {
			return nil, false
		}
		r.code.Load(r.vars(own), saved)
	}
	return own, true
}

// alone returns a thread whose contexts have ctx's values, which are watched, and end at until, if that is not zero.
func (p *Plan) alone(ctx context.Context, until time.Time) *Thread {
	parent := context.Background()
	if ctx != nil {
		parent = context.WithoutCancel(ctx)
	}
	timed := newTimed(p.engine.world, parent, until)
	return &Thread{
		plan: p, ctx: timed, origin: &origin{flight: timed}, marks: p.newMarks(),
		rec: &recording{watch: true},
	}
}

// end is deferred by what runs on a detached thread, with what recover returned:
// it ends the thread's forks and contexts, and returns what was seen and raised.
func (t *Thread) end(recovered any) (s seen, r *raised) {
	if !t.returned {
		r = outcome(recovered)
		t.rec.fail()
	}
	t.drop(t.begun)
	t.linger()
	s = t.rec.seen()
	t.origin.flight.cancel()
	return s, r
}
