package rt

// Shadows: of flows that run under a plan and have no effects, a sample of the runs is observed as written.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
)

// shadow has a sample of the runs of a flow run again as written, where that may be. p is the flow under the plan.
func (ps planned) shadow(fl *engine.Registered, p *engine.Plan) error {
	if !observed.isOn() {
		return nil
	}
	reached, err := reachable(fl.Of)
	if err != nil {
		return err
	}
	free := true // of what saves calls
	for name, source := range reached {
		if !isHarmless(source) {
			return nil
		}
		free = free && !saves(ps[name])
	}
	probe, err := observed.probe(fl)
	if err == nil && probe != nil {
		probe.NoteTo(observed.sumUp)
		p.Shadow(probe, free)
	}
	return err
}

// reachable returns the graphs of a flow and of all that it calls.
func reachable(name graph.FlowName) (map[graph.FlowName]*graph.Graph, error) {
	all := map[graph.FlowName]*graph.Graph{}
	queue := []graph.FlowName{name}
	for len(queue) > 0 {
		name, queue = queue[0], queue[1:]
		if all[name] != nil {
			continue
		}
		g, err := engine.GraphOf(name)
		if err != nil {
			return nil, err
		}
		if g == nil {
			g = &graph.Graph{Flow: name, Body: &graph.Block{}} // of another module: nothing is known of it
		}
		all[name] = g
		queue = append(queue, calls(g.Body.Nodes)...)
	}
	return all, nil
}

// isHarmless reports whether nobody can tell if a flow is run once more: it has no effects, makes no observations, is given
// nothing that its caller holds on to, and a context that ends it.
func isHarmless(g *graph.Graph) bool {
	stops := false
	for _, v := range g.Vars {
		if v.Role == graph.Param {
			stops = stops || v.Kind == graph.Context
			if v.Kind == graph.Handle || v.Kind == graph.Func {
				return false
			}
		}
	}
	for n := range graph.Within(g.Body.Nodes...) {
		if n.Kind == graph.Defer || slices.ContainsFunc(n.Effects, func(e graph.Effect) bool {
			return e.Hidden != "" || e.Class != graph.Pure && e.Class != graph.Volatile && e.Class != graph.Reads
		}) {
			return false
		}
	}
	return stops
}

// saves reports whether a planned graph has results computed less often than they are asked for.
func saves(g *graph.Graph) bool {
	if g == nil {
		return false
	}
	for n := range graph.Within(g.Body.Nodes...) {
		if n.Kind == graph.Stored || n.Kind == graph.Shared {
			return true
		}
	}
	return false
}
