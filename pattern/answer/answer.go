// Package answer is the pattern that keeps what a whole flow answered: of an HTTP request the encoded answer, so that a
// hit neither runs the flow nor encodes anything.
package answer

import (
	"fmt"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

// worthwhile is what a flow must take for its answers to be kept: a hit costs a tenth of that or less.
const worthwhile = 5 * time.Microsecond

func init() { pattern.Register(answer{}) }

type answer struct{}

func (answer) Name() string { return "answer" }

func (answer) Find(f *pattern.Flow) []pattern.Candidate {
	var took time.Duration // by a request that comes by everything
	var most pattern.Seen
	for at := range f.Graph.Places() {
		if !keepable(at.Node) {
			return nil
		}
		if seen := f.Seen[at.Node.ID]; at.Up == nil {
			took += seen.Mean
			if seen.Count > most.Count {
				most = seen
			}
		}
	}
	if took < worthwhile {
		return nil
	}
	return []pattern.Candidate{{
		Lines: []string{"answer"},
		Why:   fmt.Sprintf("%s requests of about %v each, which one lookup by the flow's parameters can stand for", most.Counted(most.Count), pattern.Rounded(took)),
	}}
}

// keepable reports whether a node may stand in a flow whose answers are kept.
func keepable(n *graph.Node) bool {
	may := graph.Table().May
	return n.Kind != graph.Defer && n.Kind != graph.Fresh && !slices.ContainsFunc(n.Effects, func(e graph.Effect) bool {
		return !may[e.Class].Keep || e.Class == graph.LocalTo || e.Class == graph.Volatile && e.For == 0 || e.Hidden != ""
	})
}
