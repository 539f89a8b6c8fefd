package engine

// Following a run from outside: for how long those who keep answers without
// asking, browsers and proxies, may use what it returned.

import (
	"context"
	"time"

	"fluxo.dev/fluxo/graph"
)

// Follow lets the run of the slot's flow under the context that it returns be
// followed. left, which must be called once the flow has returned, however that
// was, says for how much longer its results may be used: 0 if that is not known,
// because something failed, was read out of the context, or never expires. left is
// nil if the plan could not tell: under the empty plan nothing is recorded.
func (s *Slot) Follow(ctx context.Context) (followed context.Context, left func() time.Duration) {
	p := s.Plan()
	if p == nil || p.probe || !p.lasting {
		return ctx, nil
	}
	e, rec := p.engine, &recording{contexts: []context.Context{ctx}}
	swaps := e.swaps.Load()
	e.filling.Add(1)
	return watched{ctx, rec, &e.observers}, func() time.Duration {
		e.filling.Add(-1)
		saw := rec.seen()
		if saw.failed || saw.hidden != nil || len(saw.stamps) > 0 || saw.expires.IsZero() || e.swapped(swaps) {
			return 0
		}
		return max(0, saw.expires.Sub(e.world.Now()))
	}
}

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
