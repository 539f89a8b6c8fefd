package plan_test

import (
	"fmt"
	"strings"
	"testing"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/graph/graphtest"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/plan"
)

// Every section NAME.plan of testdata/own is applied to the source, with what its author
// runs beside each other; NAME.planned has the body, and what was left in source order.
func TestWithOwn(t *testing.T) {
	graphtest.Golden(t, "testdata/own/*.txtar", func(t *testing.T, files map[string]string) map[string]string {
		g, err := graph.Parse(files["source"])
		if err != nil {
			t.Fatal(err)
		}
		if err := graph.Check(g); err != nil {
			t.Fatal(err)
		}
		out := map[string]string{}
		for section, text := range files {
			name, ok := strings.CutSuffix(section, ".plan")
			if !ok {
				continue
			}
			f, err := plan.Parse("plan", []byte(fmt.Sprintf("fluxo 1\nflow %s (\n%s)\n", g.Flow, text)))
			if err != nil {
				t.Fatal(err)
			}
			planned, left := plan.WithOwn(g, f.Decisions(g.Flow), func(planned *graph.Graph) map[graph.NodeID]string {
				return check.Check(g, planned, check.Program{}, check.DefaultRules()).Reasons()
			})
			checkApplied(t, g, planned)
			text := applied(planned, nil)
			for _, l := range left {
				text += l.String() + "\n"
			}
			out[name+".planned"] = text
		}
		return out
	})
}
