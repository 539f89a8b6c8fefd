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

// shares are those of a life after which results are computed again. The earlier that is, the seldomer a
// key must be asked for, and the more calls there are.
var shares = []int{60, 80, 95}

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
		for _, share := range shares {
			out = append(out, pattern.Candidate{Lines: []string{fmt.Sprintf("store %s refresh=%d%%", n.ID, share)}, Why: why})
		}
		for _, last := range at.Block.Nodes[at.Index+1:] {
			if ages(f, last) {
				out = append(out, pattern.Candidate{Lines: []string{fmt.Sprintf("store %s..%s refresh=80%%", n.ID, last.ID)}, Why: why})
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
