// Package refresh is the pattern that computes kept results again before they expire, while somebody still asks for
// them, so that nobody waits for what is asked for often.
package refresh

import (
	"fmt"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

// worthwhile is what a call must take for its callers to mind one in many.
const worthwhile = time.Millisecond

func init() { pattern.Register(refresh{}) }

type refresh struct{}

func (refresh) Name() string { return "refresh" }

func (refresh) Find(f *pattern.Flow) (out []pattern.Candidate) {
	for at := range f.Graph.Places() {
		n, seen := at.Node, f.Seen[at.Node.ID]
		volatile := slices.ContainsFunc(n.Effects, func(e graph.Effect) bool { return e.Class == graph.Volatile && e.For > 0 })
		if n.Kind != graph.Step && n.Kind != graph.Call || !volatile || seen.Mean < worthwhile {
			continue
		}
		for _, share := range []int{60, 90} {
			out = append(out, pattern.Candidate{
				Lines: []string{fmt.Sprintf("store %s refresh=%d%%", n.ID, share)},
				Why:   seen.String(),
			})
		}
	}
	return out
}
