package command

// What is said of one flow under its plan.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/plan"
)

// A verdict is what the checker says of one flow under its plan, and which parts that its
// author runs beside others the laws leave in source order.
type verdict struct {
	check.Report
	left    []plan.Left
	instead []plan.Decision // lines that may stand in place of parallel lines that are refused
}

func (v verdict) String() string {
	text := v.Report.String()
	for _, l := range v.left {
		text += "  in order " + l.String() + "\n"
	}
	for _, d := range v.instead {
		text += "  instead  " + d.String() + "\n"
	}
	return text
}

// judge applies decisions to a flow as a running program does.
func judge(g *graph.Graph, ds []plan.Decision, facts check.Program) (verdict, *graph.Graph, []plan.Problem) {
	planned, problems := plan.Apply(g, ds)
	v := verdict{Report: check.Check(g, planned, facts, check.DefaultRules())}
	reasons := func(planned *graph.Graph) map[graph.NodeID]string {
		return check.Check(g, planned, facts, check.DefaultRules()).Reasons()
	}
	if !v.OK() || len(v.Verdicts) == 0 {
		v.instead = instead(g, ds, v.Refused(), reasons)
		return v, planned, problems
	}
	planned, v.left = plan.WithOwn(g, ds, reasons)
	v.Report = check.Check(g, planned, facts, check.DefaultRules())
	return v, planned, problems
}

// instead returns a legal line for each parallel line of ds that is answerable for a refused node, where
// there is one.
func instead(g *graph.Graph, ds []plan.Decision, refused []graph.NodeID, reasons func(*graph.Graph) map[graph.NodeID]string) (lines []plan.Decision) {
	for _, d := range ds {
		if !slices.ContainsFunc(plan.Nodes(g, d), func(id graph.NodeID) bool { return slices.Contains(refused, id) }) {
			continue
		}
		if near, ok := plan.Instead(g, d, reasons); ok {
			near.Mark = d.Mark
			lines = append(lines, near)
		}
	}
	return lines
}

// plannedGraphs returns the flows under what of the plan is legal.
func (s *service) plannedGraphs() map[graph.FlowName]*graph.Graph {
	plans := s.writtenGraphs()
	for _, f := range s.flows {
		if v, planned, _ := judge(f.Graph, s.plan.Decisions(f.Graph.Flow), s.facts()); v.OK() && len(v.Verdicts) > 0 {
			plans[f.Graph.Flow] = planned
		}
	}
	return plans
}

// writtenGraphs returns the flows without any plan, with what their authors run beside other parts beside them.
func (s *service) writtenGraphs() map[graph.FlowName]*graph.Graph {
	plans := map[graph.FlowName]*graph.Graph{}
	for _, f := range s.flows {
		plans[f.Graph.Flow], _ = plan.WithOwn(f.Graph, nil, func(planned *graph.Graph) map[graph.NodeID]string {
			return check.Check(f.Graph, planned, s.facts(), check.DefaultRules()).Reasons()
		})
	}
	return plans
}
