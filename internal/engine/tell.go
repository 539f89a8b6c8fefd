package engine

// Runs under a plan, told as spans: the calls that they make, and what their decisions come to. It is a sample of the runs,
// with the flows that these call, and only while somebody listens.

import (
	"context"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

// Outcomes of decisions, as they are told.
const (
	toldHit    = "hit"
	toldMiss   = "miss"
	toldLed    = "led" // a flight
	toldJoined = "joined"
	toldFirst  = "first" // try
	toldSecond = "second"
)

// TellTo has a sample of p's runs passed on to f, from any goroutine, once NoteSpans was called. Call it before p runs.
func (p *Plan) TellTo(f func(*profile.Run)) { p.told = f }

// tells reports whether the run of p that t begins is told: it is in the sample, or called by one that is.
func (p *Plan) tells(t *Thread, ctx context.Context) bool {
	e := p.engine
	if p.told == nil || !e.spans.Load() || !t.sampled && e.filling.Load() == 0 {
		return false
	}
	if ctx != nil {
		if up, called := ctx.Value(traceKey{}).(*tracing); called {
			return up != nil && up.tells
		}
	}
	return t.sampled
}

// tell runs an operation of a run that is told.
func (t *Thread) tell(o *op, f *Frame) Exit {
	n, tr, w := o.node, t.trace, t.plan.engine.world
	if n.kind != graph.Step && n.kind != graph.Call && n.decision == "" || tr.left.Add(-1) < 0 {
		return t.op(o, f)
	}
	tr.calls, tr.child = n.kind == graph.Call, nil
	began, at := w.Elapsed(), len(tr.run.Visits)
	tr.add(profile.Visit{Node: n.number, Took: began, Block: -1, Exit: profile.Raised}, began)
	if n.decision != "" {
		tr.live.Decided[at] = &profile.Decided{Line: n.decision}
	}
	outer := tr.within
	tr.within = at + 1
	x := t.op(o, f)
	tr.within = outer
	v := &tr.run.Visits[at]
	v.Took, v.Exit, v.Run = w.Elapsed()-began, int32(x), tr.child
	if n.kind == graph.Step && n.src.Err != "" && t.err != nil {
		v.Kind = t.plan.engine.kindName(t.err)
	}
	return x
}

// kindName returns the kind of an error, or what stands for errors that have none.
func (e *Engine) kindName(err error) string {
	if kind := e.kindOf(err); kind != "" {
		return kind
	}
	return profile.AnyError
}

// say tells what the decision came to that is under way.
func (t *Thread) say(outcome string) {
	if tr := t.trace; tr != nil && tr.tells && tr.within > 0 {
		tr.live.Decided[tr.within-1].Outcome = outcome
	}
}

// failure returns the kind of the error that the flow returns on f; "" if it returns none.
func (p *Plan) failure(f *Frame) string {
	for i := range p.errors {
		r := &p.errors[i]
		if r.code.Save == nil {
			continue
		}
		saved, _, _ := r.code.Save(r.vars(f))
		if err, ok := saved.(error); ok && err != nil {
			return p.engine.kindName(err)
		}
	}
	return ""
}
