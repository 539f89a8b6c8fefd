package engine

// Arms: several plans of one flow side by side, of which each run takes one. A plan that is being
// tried is one arm of all flows that it touches, and the one before it the other; a request that
// calls several of them takes the same arm in all, as far as its context says that it is one
// request. And of runs that are looked at anyway, some take the plan without one of its decisions.

import (
	"context"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
)

// Arms are the choices that runs have, of one flow or of several.
type Arms struct {
	// Draw returns the number of the arm that a request takes, or NoArm where only a sample draws.
	Draw func(random uint64) int

	// Done is told of each request, when its outermost run is over; from any goroutine.
	Done func(Outcome)

	// Sampled: only runs of the sample draw, and each by itself. The others run under the plan itself.
	Sampled bool
}

// NoArm leaves a run of the sample to the plan itself.
const NoArm = -1

// An Outcome is how a request fared.
type Outcome struct {
	Flow   graph.FlowName
	Arm    int
	Took   time.Duration
	Err    error // that the flow returned
	Raised bool  // it panicked, or left by Goexit
}

// armed is what a plan knows of its arms.
type armed struct {
	*Arms
	plans    []*Plan
	contexts []*Var // parameters that are contexts
	errors   []*Var // results that are errors
}

// Between returns the plan of a flow that runs under one of plans each time.
func (e *Engine) Between(arms *Arms, plans []*Plan) *Plan {
	first := plans[0]
	p := &Plan{
		engine: e, flow: first.flow, graph: first.graph, scopes: []*scope{{code: first.scopes[0].code}},
		noPool: first.noPool, lasting: first.lasting,
	}
	p.arm(arms, plans)
	return p
}

// Sample has some of the runs of p that are looked at run under others of the same flow.
func (p *Plan) Sample(arms *Arms, plans []*Plan) { p.arm(arms, plans) }

func (p *Plan) arm(arms *Arms, plans []*Plan) {
	p.arms = &armed{Arms: arms, plans: plans}
	p.answers = p.answers || slices.ContainsFunc(plans, func(q *Plan) bool { return q.answers })
	for _, v := range plans[0].vars {
		switch {
		case v.scope != 0 || v.code.Save == nil || v.code.Load == nil:
		case v.src.Role == graph.Param && v.src.Kind == graph.Context:
			p.arms.contexts = append(p.arms.contexts, v.code)
		case v.src.Role == graph.Result && v.src.Kind == graph.Error:
			p.arms.errors = append(p.arms.errors, v.code)
		}
	}
}

type armKey struct{}

// An armContext tells the flows of a request which arm it took.
type armContext struct {
	context.Context
	drawn *drawn
}

type drawn struct {
	arms *Arms
	arm  int
}

func (c armContext) Value(key any) any {
	if key == (armKey{}) {
		return c.drawn
	}
	return c.Context.Value(key)
}

// draw returns the arm of a run, and whether it was told which by the run that called it.
func (a *armed) draw(e *Engine, ctx context.Context) (arm int, told bool) {
	if !a.Sampled && ctx != nil {
		if d, ok := ctx.Value(armKey{}).(*drawn); ok && d.arms == a.Arms {
			return d.arm, true
		}
	}
	return a.Draw(e.world.Random()), false
}

// run runs the flow on f under one of its arms, on a frame of that plan, with f's variables; false if it takes none.
func (a *armed) run(e *Engine, ctx context.Context, f *Frame) bool {
	arm, told := a.draw(e, ctx)
	if arm == NoArm {
		return false
	}
	p := a.plans[arm]
	g := p.Enter()
	own := g.Vars
	g.Vars = f.Vars
	g.run.thread.follower = f.run.thread.follower
	switch {
	case a.Sampled:
		g.run.thread.sampled = false // what is measured is the run alone
	case !told:
		a.tell(&drawn{a.Arms, arm}, f.Vars)
	}
	began, returned := e.world.Machine(), false
	defer func() {
		took := e.world.Machine().Sub(began)
		g.Vars = own
		if !told {
			a.Done(Outcome{Flow: p.flow, Arm: arm, Took: took, Err: a.failure(f.Vars), Raised: !returned})
		}
		if returned {
			p.Leave(g)
		}
	}()
	p.Run(ctx, g)
	returned = true
	return true
}

// tell puts the arm into the flow's contexts.
func (a *armed) tell(d *drawn, vars any) {
	for _, v := range a.contexts {
		if saved, _, _ := v.Save(vars); saved != nil {
			if c, ok := saved.(context.Context); ok {
				v.Load(vars, armContext{c, d})
			}
		}
	}
}

// failure returns the first error that the flow returned.
func (a *armed) failure(vars any) error {
	for _, v := range a.errors {
		saved, _, _ := v.Save(vars)
		if err, ok := saved.(error); ok && err != nil {
			return err
		}
	}
	return nil
}

// Made returns a function that says how often a decision that saves calls has had its region run: fills and
// flights. The decision is one that was compiled before.
func (e *Engine) Made(flow graph.FlowName, verb, region string) func() int64 {
	e.tallies.mu.Lock()
	defer e.tallies.mu.Unlock()
	d := e.tallies.decisions[decisionKey{flow, verb, region}]
	if d == nil {
		return func() int64 { return 0 }
	}
	return func() int64 { return d.fills.Load() + d.flights.Load() }
}
