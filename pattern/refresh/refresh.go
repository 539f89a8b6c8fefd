// Package refresh is the pattern that computes kept results again shortly before they expire if they will probably be
// asked for again, so that nobody waits for what is asked for often.
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

// likelihoods are those, in per cent, with which results must be asked for in their next life to be computed again. With
// less than one half there would be more calls that nobody needed than such that spare somebody the time.
var likelihoods = []int{50, 70, 90}

func init() { pattern.Register(refresh{}) }

type refresh struct{}

func (refresh) Name() string { return "refresh" }

func (refresh) Find(f *pattern.Flow) (out []pattern.Candidate) {
	for at := range f.Graph.Places() {
		n, seen := at.Node, f.Seen[at.Node.ID]
		if !ages(f, n) || seen.Mean < worthwhile || seen.Distinct == seen.Count {
			continue
		}
		why := fmt.Sprintf("%v; a result lives for %v", seen, f.Life(n))
		for _, likely := range likelihoods {
			out = append(out, pattern.Candidate{Lines: []string{fmt.Sprintf("store %s refresh=%d%%", n.ID, likely)}, Why: why})
		}
		for _, last := range at.Block.Nodes[at.Index+1:] {
			if ages(f, last) {
				out = append(out, pattern.Candidate{Lines: []string{fmt.Sprintf("store %s..%s refresh=%d%%", n.ID, last.ID, likelihoods[0])}, Why: why})
			}
		}
	}
	return out
}

// ages reports whether n calls something whose results may be kept, and expire.
func ages(f *pattern.Flow, n *graph.Node) bool {
	may := graph.Table().May
	return (n.Kind == graph.Step || n.Kind == graph.Call) && f.Life(n) > 0 &&
		!slices.ContainsFunc(n.Effects, func(e graph.Effect) bool { return !may[e.Class].Keep })
}
