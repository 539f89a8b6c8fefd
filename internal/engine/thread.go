package engine

// A thread: one goroutine's walk over a graph, and what emitted code asks of it.

import (
	"context"
	"time"

	"fluxo.dev/fluxo/graph"
)

// A Thread is a walk over a flow's graph: that of the caller, or that of a fork.
type Thread struct {
	plan  *Plan
	ctx   context.Context // as the flow got it; nil if it got none
	swaps uint64          // of plans, before the flow began

	defers   []func()
	begun    []*fork // and neither taken nor dropped yet
	keys     []byte  // keys of the blocks around, one after the other
	lingers  []*fork // dropped, and reading memory of the flow's caller
	returned bool

	fork   *fork      // whose thread this is; nil on the caller's goroutine and on a flight's
	origin *origin    // of contexts; nil on the caller's goroutine
	rec    *recording // of the innermost fill, flight or fork around; nil if nobody asks
	sink   *recording // of the fill that called this flow
	marks  []uint64   // variables set so far; nil if nobody asks
	err    error      // the failure of the step that runs
	trace  *tracing   // of a run that is noted; nil of others
	turn   *turn      // of the step that is called, which may wait for it; nil if nobody asks
	exam   *exam      // of a run that is verified; nil of others

	follower *Following // wants the results encoded, and is served from what is kept; nil if nobody does
	answered bool       // it was: results are not set

	barred []graph.NodeID // failure edges before which this thread ends: they are their callers' to run
	stop   *stop          // where it ended for one

	runs    uint32 // so far, for the sample
	pending uint32 // of those, that are not counted yet
	every   uint32 // as many are counted together
	clocked *Frame // of a run that is timed; nil of others
	began   time.Duration
	sampled bool // this run is looked at
	gifts   []gift
}

// Context returns the context under which a call must run here, where the
// source says c.
func (t *Thread) Context(c context.Context) context.Context {
	if t.origin == nil && t.rec == nil && t.trace == nil && t.turn == nil {
		return c
	}
	return t.derive(c)
}

func (t *Thread) derive(c context.Context) context.Context {
	if c == nil {
		return nil
	}
	if t.origin != nil {
		c = t.origin.context(c)
	}
	if t.trace != nil {
		c = t.trace.context(c)
	}
	if t.turn != nil {
		c = turnContext{c, t.turn}
	}
	if r := t.rec; r != nil && r.watch && c.Value(recordingKey{}) != r {
		r.gave(c)
		c = watched{c, r, &t.plan.engine.observers}
	}
	return c
}

// Failed tells of a step's error, nil included.
func (t *Thread) Failed(err error) {
	if err != nil {
		t.err = err
	}
}

// Defer registers a call that runs when the flow exits, the last one first.
func (t *Thread) Defer(f func()) { t.defers = append(t.defers, f) }

// join makes t tell the fill that called its flow, if one did.
func (t *Thread) join(ctx context.Context) {
	if r, ok := ctx.Value(recordingKey{}).(*recording); ok {
		t.sink, t.rec = r, r.part(r.watch)
	}
}

// finish ends the run, however it ends: by a return, a panic or Goexit. Calls
// that panic are followed by the others, as in Go.
func (t *Thread) finish() {
	if t.clocked != nil {
		defer t.count()
	}
	if t.trace != nil {
		t.endTrace()
	}
	if t.simple() {
		return
	}
	if t.sink != nil {
		if !t.returned {
			t.rec.fail()
		}
		t.sink.absorb(t.rec.seen())
	}
	t.drop(t.begun)
	defer t.linger()
	t.unwind()
}

// simple reports whether there is nothing to finish.
func (t *Thread) simple() bool {
	return len(t.defers) == 0 && len(t.begun) == 0 && len(t.lingers) == 0 && t.sink == nil
}

// unwind runs the deferred calls, the last one first.
func (t *Thread) unwind() {
	n := len(t.defers)
	if n == 0 {
		return
	}
	f := t.defers[n-1]
	t.defers = t.defers[:n-1]
	defer t.unwind()
	f()
}

// reset makes t ready for the next run. What a run leaves behind is kept small.
func (t *Thread) reset() {
	const keep = 1 << 12
	if cap(t.keys) > keep {
		t.keys = nil
	}
	clear(t.defers[:cap(t.defers)])
	t.ctx, t.defers, t.begun, t.lingers, t.keys = nil, t.defers[:0], t.begun[:0], nil, t.keys[:0]
	t.returned, t.rec, t.sink, t.marks, t.err, t.exam = false, nil, nil, nil, nil, nil
	t.follower, t.answered = nil, false
	t.runs++
	t.sampled = t.runs%sampleEvery == 0
}
