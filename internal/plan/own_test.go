package plan_test

import (
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/plan"
)

// Every section NAME.plan of testdata/own is applied to the source, with what its author
// runs beside each other; NAME.planned has the body, and what was left in source order.
func TestWithOwn(t *testing.T) {
	golden(t, "testdata/own/*.txtar", func(g *graph.Graph, decisions []plan.Decision) string {
		planned, left := plan.WithOwn(g, decisions, func(planned *graph.Graph) map[graph.NodeID]string {
			return check.Check(g, planned, check.Program{}, check.DefaultRules()).Reasons()
		})
		checkApplied(t, g, planned)
		text := applied(planned, nil)
		for _, l := range left {
			text += l.String() + "\n"
		}
		return text
	})
}
