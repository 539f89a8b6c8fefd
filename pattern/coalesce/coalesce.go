// Package coalesce is the pattern that makes overlapping calls with equal arguments one.
package coalesce

import (
	"fmt"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

// worthwhile is what a call must take for others to fall into its time.
const worthwhile = time.Millisecond

func init() { pattern.Register(coalesce{}) }

type coalesce struct{}

func (coalesce) Name() string { return "coalesce" }

func (coalesce) Find(f *pattern.Flow) (out []pattern.Candidate) {
	may := graph.Table().May
	for at := range f.Graph.Places() {
		n, seen := at.Node, f.Seen[at.Node.ID]
		unkept := slices.ContainsFunc(n.Effects, func(e graph.Effect) bool { return !may[e.Class].Keep })
		if n.Kind != graph.Step && n.Kind != graph.Call || unkept || !f.Waits(n) || seen.Mean < worthwhile || seen.Distinct == seen.Count {
			continue
		}
		out = append(out, pattern.Candidate{
			Lines: []string{fmt.Sprintf("coalesce %s", n.ID)},
			Why:   seen.String(),
		})
	}
	return out
}
