package engine

// Steps as a recording sees them: what their results depend on, and for how long
// they may be used.

import (
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
)

// A reading is what a node's results depend on beside its inputs.
type reading struct {
	life    time.Duration // how long after the call began they may be used; 0 for ever
	data    bool          // named data is read
	names   []DataKey     // all that it may read, by name alone
	errors  []string      // kinds of error that may be kept like results
	unseen  bool          // a flow is called that does not record, or a value made that is new every time
	standIn *standIn      // for failures; nil without onerror
	step    bool          // a step is called
}

func (c *compiler) reading(n *graph.Node) reading {
	var r reading
	if n.Kind == graph.Call && c.walked(graph.FlowName(n.Callee)) {
		return r // it records by itself
	}
	r.unseen = n.Kind == graph.Call || n.Kind == graph.Fresh
	r.step = n.Kind == graph.Step
	for _, e := range n.Effects {
		life := time.Duration(0)
		switch e.Class {
		case graph.Volatile:
			life = e.For
		case graph.Reads:
			life = e.Within
			r.data = true
			for _, k := range e.Data {
				r.names = append(r.names, DataKey{Name: k.Name})
			}
		}
		if life > 0 && (r.life == 0 || life < r.life) {
			r.life = life
		}
		r.errors = append(r.errors, e.Errors...)
	}
	return r
}

// before notes what n is about to read, and returns the time where it matters.
func (t *Thread) before(n *node, f *Frame) (began time.Time) {
	t.err = nil
	if t.rec == nil {
		return
	}
	if n.reads.data {
		t.rec.stamp(t.plan.engine.stamps, n.data(f))
	}
	if n.reads.life > 0 {
		began = t.plan.engine.world.Now()
		t.rec.close(began.Add(n.reads.life))
	}
	return began
}

// data returns the named data that n is about to read on f. Where its keys
// cannot be told, that is all data of those names.
func (n *node) data(f *Frame) []DataKey {
	keys := n.reads.names
	if n.code.Data != nil {
		capture(func() { keys = n.code.Data(f, nil) })
	}
	return keys
}

// after notes how n's call ended.
func (t *Thread) after(n *node, f *Frame, began time.Time) {
	if t.rec == nil {
		return
	}
	if n.reads.step {
		t.plan.engine.calls.Add(1)
	}
	if n.reads.life > 0 {
		t.rec.expire(began.Add(n.reads.life))
	}
	failed := t.err != nil && !t.answers(n)
	if failed {
		t.rec.err()
	}
	if n.reads.unseen || failed {
		t.rec.fail()
	}
}

// answers reports whether the error of n's call is of a kind that may be kept
// like a result.
func (t *Thread) answers(n *node) bool {
	return slices.Contains(n.reads.errors, t.plan.engine.kindOf(t.err))
}
