// Package cache is the pattern that keeps results: of single calls, and of regions from one call to
// another.
package cache

import (
	"fmt"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

// worthwhile is what a region must take to be kept: a hit costs a tenth of that or less.
const worthwhile = 2 * time.Microsecond

func init() { pattern.Register(cache{}) }

type cache struct{}

func (cache) Name() string { return "cache" }

func (cache) Find(f *pattern.Flow) (out []pattern.Candidate) {
	for at := range f.Graph.Places() {
		if !keepable(at.Node) || f.Seen[at.Node.ID].Mean < worthwhile {
			continue
		}
		seen := f.Seen[at.Node.ID]
		out = append(out, pattern.Candidate{
			Lines: []string{fmt.Sprintf("store %s", at.Node.ID)},
			Why:   seen.String(),
		})
		for _, last := range at.Block.Nodes[at.Index+1:] {
			if keepable(last) && f.Seen[last.ID].Mean >= worthwhile {
				out = append(out, pattern.Candidate{
					Lines: []string{fmt.Sprintf("store %s..%s", at.Node.ID, last.ID)},
					Why:   fmt.Sprintf("%s calls, of %s; one lookup instead of several", seen.Counted(seen.Count), at.Node.ID),
				})
			}
		}
	}
	return out
}

// keepable reports whether the classes of a node let its results be kept.
func keepable(n *graph.Node) bool {
	may := graph.Table().May
	return n.Kind != graph.Fail && n.Kind != graph.ResultNode && n.Kind != graph.Defer && n.Kind != graph.Fresh &&
		!slices.ContainsFunc(n.Effects, func(e graph.Effect) bool { return !may[e.Class].Keep || e.Class == graph.LocalTo })
}
