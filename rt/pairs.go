package rt

// Flows that are run both ways: while requests are verified, and while a service is recorded that runs under a plan.

import (
	"fmt"
	"maps"
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
)

// pairs are the flows of a process that are run both ways.
type pairs struct {
	journal *engine.Journal
	make    func(*engine.Engine, *engine.Journal, *engine.Source, *graph.Graph, func(graph.FlowName) bool) (*engine.Plan, error)

	plans  map[graph.FlowName]*engine.Plan
	unable map[graph.FlowName]string // the others, with the reason
}

// prepare finds out which flows can be run twice under the plan of ps.
func (v *pairs) prepare(e *engine.Engine, ps planned) error {
	v.plans, v.unable = map[graph.FlowName]*engine.Plan{}, map[graph.FlowName]string{}
	for _, name := range engine.FlowNames() {
		fl := engine.Lookup(name)
		src, err := fl.Source()
		if err != nil {
			return err
		}
		own := &graph.Graph{Flow: name, Vars: src.Graph.Vars, Body: ps.walked(fl.Of, src.Graph).Body}
		if p, err := v.make(e, v.journal, src, own, func(graph.FlowName) bool { return true }); err != nil {
			v.unable[name] = err.Error()
		} else {
			v.plans[name] = p
		}
	}
	for v.spread() {
	}
	return nil
}

// spread takes away a flow that calls one which cannot be run twice; false if there is none.
func (v *pairs) spread() bool {
	for _, name := range slices.Sorted(maps.Keys(v.plans)) {
		for _, callee := range calls(v.plans[name].Graph().Body.Nodes) {
			if why := v.bars(callee); why != "" {
				v.unable[name] = fmt.Sprintf("it calls %s: %s", callee, why)
				delete(v.plans, name)
				return true
			}
		}
	}
	return false
}

// bars returns why a flow that is called, or an instance of it, cannot be run twice; "" if it can.
func (v *pairs) bars(callee graph.FlowName) string {
	if g, err := engine.GraphOf(callee); err != nil || g == nil {
		return "it is of another module, and nothing is known of it"
	}
	for name, why := range v.unable {
		if engine.Lookup(name).Of == callee {
			return why
		}
	}
	return ""
}

// walked returns a flow's graph under the plan, or one with nothing but its author's own concurrency.
func (ps planned) walked(of graph.FlowName, source *graph.Graph) *graph.Graph {
	if g := ps[of]; g != nil {
		return g
	}
	return withOwn(source, nil)
}

// alone makes a flow ready that cannot be run twice, seen into by those that call it.
func (v *pairs) alone(e *engine.Engine, ps planned, fl *engine.Registered) (*engine.Plan, error) {
	src, err := fl.Source()
	if err != nil {
		return nil, err
	}
	all := maps.Clone(ps)
	all[fl.Of] = ps.walked(fl.Of, src.Graph)
	return all.compileFlow(e, fl, false)
}
