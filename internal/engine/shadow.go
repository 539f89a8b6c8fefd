package engine

// Shadows: a sample of the runs under a plan is run again behind the answer, as written, and noted. What a plan
// leaves out does not show in the runs under it; these show what a flow would do without one. What they return is held
// against what was answered, where the two should be the same.

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"fluxo.dev/fluxo/graph"
)

// Bounds of shadows beside the sample of runs, which is that of promises.
const (
	maxShadows     = 4                // under way, of the whole process
	shadowTime     = 10 * time.Second // until the context of one ends
	callsPerShadow = 10               // calls of steps that fills make, for each that a shadow makes
	fillsPerShadow = 10               // fills of the flow's own regions, for each of its shadows
)

// A shadow is what a plan knows of its flow as written.
type shadow struct {
	probe   *Plan
	calls   int64 // of steps, loops and called flows apart
	begun   atomic.Int64
	before  int64 // fills and flights of its plan's decisions, when it began
	free    bool  // the plan makes all calls that the flow makes: a share of the runs is a share of the calls
	results []ref // nil if they may differ from those as written
	names   []DataKey
}

// Shadow has a sample of the runs of p run again behind their answers by probe, which is of the same flow. The flow, with
// those that it calls, must have no effects, and take a context. free says that p keeps and shares nothing.
func (p *Plan) Shadow(probe *Plan, free bool) {
	s := &shadow{probe: probe, free: free, before: p.filled()}
	probe.behind = !free
	for n := range graph.Within(probe.graph.Body.Nodes...) {
		if n.Kind == graph.Step {
			s.calls++
		}
	}
	if exact(probe.graph) {
		s.results = probe.comparable()
		for n := range graph.Within(probe.graph.Body.Nodes...) {
			for _, e := range n.Effects {
				for _, k := range e.Data {
					s.names = append(s.names, DataKey{Name: k.Name})
				}
			}
		}
	}
	p.shadow = s
}

// exact reports whether a flow has the same results whenever it runs, until something that it reads is written.
func exact(g *graph.Graph) bool {
	for n := range graph.Within(g.Body.Nodes...) {
		if n.Kind == graph.Call || n.Kind == graph.Fresh {
			return false
		}
		for _, e := range n.Effects {
			if e.Class != graph.Pure && (e.Class != graph.Reads || e.Within > 0) {
				return false
			}
		}
	}
	return true
}

// comparable returns the results of a flow; nil if one of them has no key.
func (p *Plan) comparable() (refs []ref) {
	for i := range p.vars {
		v := &p.vars[i]
		switch {
		case v.src.Role != graph.Result || v.src.Kind == graph.Error:
		case v.src.Kind != graph.Data || v.code.Key == nil:
			return nil
		default:
			refs = append(refs, ref{variable: v, index: i})
		}
	}
	return refs
}

// A shadowed is a run that is run again.
type shadowed struct {
	*shadow
	engine *Engine
	frame  *Frame // of the probe, with copies of the parameters
	ctx    *timedContext
	start  []stamp
}

// shadowKey is known to the contexts of shadows.
type shadowKey struct{}

type shadowContext struct{ context.Context }

func (c shadowContext) Value(key any) any {
	if key == (shadowKey{}) {
		return true
	}
	return c.Context.Value(key)
}

// shadowRun prepares to run the flow again for what f has when a run of p begins; nil if that may not be.
func (p *Plan) shadowRun(ctx context.Context, f *Frame) *shadowed {
	e, s := p.engine, p.shadow
	if ctx == nil || ctx.Value(shadowKey{}) != nil || !p.mayShadow() {
		return nil
	}
	if e.shadows.Add(1) > maxShadows {
		e.shadows.Add(-1)
		return nil
	}
	s.begun.Add(1)
	r := &shadowed{shadow: s, engine: e, frame: s.probe.Enter()}
	r.ctx = newTimed(e.world, context.WithoutCancel(ctx), e.world.Machine().Add(shadowTime))
	for i := range s.probe.params {
		if !copyTo(&s.probe.params[i], r.frame, f, shadowContext{r.ctx}) {
			r.over()
			return nil
		}
	}
	for _, k := range s.names {
		r.start = e.stamps.read(k, r.start)
	}
	return r
}

// mayShadow reports whether what p computes allows another shadow: however cheap it has made a flow, what
// observes it stays a small part of what the flow does.
func (p *Plan) mayShadow() bool {
	e, s := p.engine, p.shadow
	if s.free {
		return true
	}
	return (len(p.saving) == 0 || s.begun.Load()*fillsPerShadow < p.filled()-s.before) && (e.shadowCalls.Load()+s.calls)*callsPerShadow <= e.calls.Load()
}

// filled is how often blocks of p's decisions have run that save calls, under this and earlier plans with them.
func (p *Plan) filled() (fills int64) {
	for _, d := range p.saving {
		fills += d.fills.Load() + d.flights.Load()
	}
	return fills
}

// copyTo sets the variable of r in to to a copy of that in from, and contexts to ctx; false if it cannot be copied.
func copyTo(r *ref, to, from *Frame, ctx context.Context) bool {
	switch {
	case r.src.Kind == graph.Context && r.code.Load != nil:
		r.code.Load(to.Vars, ctx)
		return true
	case r.src.Kind != graph.Context && r.steady():
		r.code.Move(to.Vars, from.Vars)
		return true
	case r.code.Save == nil:
		return false
	}
	saved, _, ok := r.code.Save(from.Vars)
	if ok {
		r.code.Load(to.Vars, saved)
	}
	return ok
}

// over ends the shadow.
func (r *shadowed) over() {
	r.ctx.cancel()
	r.engine.shadows.Add(-1)
}

// follow is deferred by a run, which has set its results in f if it returned.
func (r *shadowed) follow(t *Thread, f *Frame) {
	e := r.engine
	var served []ref
	if t.returned && !t.answered && !t.plan.failedOn(f) {
		served = r.results
	}
	want, keyed := t.sum(served, f)
	shown := show(served, f)
	e.filling.Add(1)
	e.world.Go(func() {
		returned := false
		defer func() {
			if !returned {
				_ = recover() // it is noted as a run that panicked
			}
			e.filling.Add(-1)
			r.over()
		}()
		r.probe.Run(shadowContext{r.ctx}, r.frame)
		returned = true
		if len(served) > 0 && keyed {
			r.compare(want, shown)
		}
		r.probe.Leave(r.frame)
	})
}

// compare reports if the flow as written returns something else than was answered, though nothing that it reads was
// written. Where it fails now, or failed then, there is nothing to compare.
func (r *shadowed) compare(want uint64, served string) {
	t := &r.frame.run.thread
	got, ok := t.sum(r.results, r.frame)
	if !ok || got == want || r.probe.failedOn(r.frame) || r.ctx.Err() != nil || !unchanged(r.start) {
		return
	}
	flow := r.probe.flow
	first := r.probe.graph.Body.Nodes[0]
	r.engine.reports.promise(r.engine, flow, &graph.Node{ID: first.ID, Callee: string(flow), Pos: first.Pos},
		"an answer under the plan is not what the flow returns as written, though no write was reported",
		"write //fluxo:writes where the data changes; //fluxo:volatile where a step's answers change by themselves",
		slog.String("served", served), slog.String("computed", show(r.results, r.frame)))
}

// failedOn reports whether the flow returned an error on f.
func (p *Plan) failedOn(f *Frame) bool {
	for i := range p.errors {
		if failed(p.errors[i].code, p.errors[i].vars(f)) != 0 {
			return true
		}
	}
	return false
}

// inShadow runs the flow as written if it is a shadow that calls it, and reports whether it was.
func (p *Plan) inShadow(ctx context.Context, f *Frame) bool {
	if p.shadow == nil || ctx.Value(shadowKey{}) == nil {
		return false
	}
	if tr, _ := ctx.Value(traceKey{}).(*tracing); tr == nil {
		return false // a step calls it, which is noted as a whole
	}
	probe := p.shadow.probe
	g := probe.Enter()
	own := g.Vars
	g.Vars = f.Vars
	returned := false
	defer func() {
		g.Vars = own
		if returned {
			probe.Leave(g)
		}
	}()
	probe.Run(ctx, g)
	returned = true
	return true
}
