package plan_test

import (
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/plan"
)

// Every section NAME.plan of testdata/instead is one line that the checker refuses; NAME.planned
// has the line that may stand in its place.
func TestInstead(t *testing.T) {
	golden(t, "testdata/instead/*.txtar", func(g *graph.Graph, decisions []plan.Decision) string {
		judge := func(planned *graph.Graph) map[graph.NodeID]string {
			return check.Check(g, planned, check.Program{}, check.DefaultRules()).Reasons()
		}
		if planned, _ := plan.Apply(g, decisions); len(judge(planned)) == 0 {
			t.Errorf("%v is legal", decisions)
		}
		near, ok := plan.Instead(g, decisions[0], judge)
		if !ok {
			return "nothing\n"
		}
		planned, problems := plan.Apply(g, []plan.Decision{near})
		if why := judge(planned); len(why)+len(problems) > 0 {
			t.Errorf("%v is no legal line: %v %v", near, why, problems)
		}
		return near.String() + "\n"
	})
}
