// Package hedge is the pattern that tries again, beside the first try, what takes much longer than it usually does, and
// takes what comes first (J. Dean and L. A. Barroso, "The Tail at Scale", 2013).
package hedge

import (
	"fmt"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

// What a call must take for a second one to be worth its while: long itself, and in one case of a hundred much
// longer than in most.
const (
	worthwhile = 5 * time.Millisecond
	tail       = 1.5 // P99 over P95
)

func init() { pattern.Register(hedge{}) }

type hedge struct{}

func (hedge) Name() string { return "hedge" }

func (hedge) Find(f *pattern.Flow) (out []pattern.Candidate) {
	for at := range f.Graph.Places() {
		n, seen := at.Node, f.Seen[at.Node.ID]
		if !repeatable(f, n) || seen.P95 < worthwhile || float64(seen.P99) < tail*float64(seen.P95) {
			continue
		}
		why := fmt.Sprintf("95 of 100 calls take %v or less, 99 of 100 %v", pattern.Rounded(seen.P95), pattern.Rounded(seen.P99))
		for _, after := range []time.Duration{seen.P95, 2 * seen.P95} {
			if after < seen.P99 {
				out = append(out, pattern.Candidate{Lines: []string{fmt.Sprintf("hedge %s after=%v", n.ID, rounded(after))}, Why: why})
			}
		}
	}
	return out
}

// repeatable reports whether n asks something outside the process, and may do so twice.
func repeatable(f *pattern.Flow, n *graph.Node) bool {
	may := graph.Table().May
	return (n.Kind == graph.Step || n.Kind == graph.Call) && f.Waits(n) &&
		!slices.ContainsFunc(n.Effects, func(e graph.Effect) bool { return !may[e.Class].Twice })
}

// rounded is d for a plan that people read: up to the next of ten to a hundred parts.
func rounded(d time.Duration) time.Duration {
	unit := time.Millisecond
	for d >= 100*unit {
		unit *= 10
	}
	return (d + unit - 1).Truncate(unit)
}
