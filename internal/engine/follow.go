package engine

// Following a run from outside: what an encoded answer needs to know of the results it was made
// from. Where the plan says so, the answer is kept in their place; and whoever keeps answers without
// asking, browsers and proxies, is told for how long it may.

import (
	"context"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
)

// A Following is one run of a flow as the one sees it who encodes its results. Where the plan keeps answers it is
// the context of that run.
type Following struct {
	context.Context
	engine *Engine
	slot   *Slot
	flow   graph.FlowName
	rec    *recording // of the run, where the plan keeps no answers
	swaps  uint64     // before it
	taken  atomic.Bool

	kept    *encoded   // was found: the flow did not run
	key     []byte     // under which an answer is kept; nil if none is
	filling *answering // what has to hold for the answer to be kept; nil if it may not
	expires time.Time  // when the results do; zero if nobody may be told, or never
	hidden  bool       // they depend on a value of the context
}

// Follow lets the run of the slot's flow under the context that it returns be followed. End must be called once the
// flow has returned, however that was. The Following is nil if the plan could tell nothing: under the empty plan
// nothing is recorded.
func (s *Slot) Follow(ctx context.Context) (context.Context, *Following) {
	p := s.Plan()
	if p == nil || p.probe || !p.lasting && !p.answers {
		return ctx, nil
	}
	e := p.engine
	f := &Following{Context: ctx, engine: e, slot: s, flow: p.flow}
	if p.answers {
		return f, f
	}
	f.swaps, f.rec = e.swaps.Load(), &recording{contexts: []context.Context{ctx}}
	e.filling.Add(1)
	return watched{ctx, f.rec, &e.observers}, f
}

type followedKey struct{}

func (f *Following) Value(key any) any {
	if key == (followedKey{}) {
		return f
	}
	return f.Context.Value(key)
}

// End ends following: the flow has returned.
func (f *Following) End() {
	if f.rec == nil {
		return
	}
	f.engine.filling.Add(-1)
	f.saw(f.rec.seen(), f.swaps, true)
	f.rec = nil
}

// saw notes what the results depend on.
func (f *Following) saw(s seen, swaps uint64, lasting bool) {
	f.hidden = s.hidden != nil
	if lasting && !s.failed && !f.hidden && len(s.stamps) == 0 && !f.engine.swapped(swaps) {
		f.expires = s.expires
	}
}

// Left returns for how much longer the results may be used; 0 if that is not known, because something failed, was read
// out of the context or can change at any time, or if they never expire.
func (f *Following) Left() time.Duration {
	if f.expires.IsZero() {
		return 0
	}
	return max(0, f.expires.Sub(f.engine.world.Now()))
}

// Hidden reports whether the results depend on a value of the context, which is the caller's.
func (f *Following) Hidden() bool { return f.hidden }

// lasting reports whether the results of a flow depend on its arguments and on what
// expires by age alone. A context of its own making may end without anybody being
// told who follows from outside.
func lasting(g *graph.Graph) bool {
	for _, v := range g.Vars {
		if v.Kind == graph.Context && v.Role != graph.Param ||
			v.Role == graph.Param && v.Kind != graph.Context && v.Kind != graph.Data {
			return false
		}
	}
	for at := range g.Places() {
		if at.Node.Kind == graph.Fresh {
			return false
		}
		for _, e := range at.Node.Effects {
			ages := e.Class == graph.Pure || e.Class == graph.Observes || e.Class == graph.Volatile && e.For > 0
			if !ages || e.Hidden != "" {
				return false
			}
		}
	}
	return true
}
