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

// worthwhile is what a call must take for its callers to mind one that takes longer.
const worthwhile = 5 * time.Millisecond

// shares are how many of a hundred calls end before a second try would begin. The others may have one, and not more, which
// bounds what it costs.
var shares = []int{80, 85, 90, 95}

func init() { pattern.Register(hedge{}) }

type hedge struct{}

func (hedge) Name() string { return "hedge" }

// Find proposes second tries as early as most of them come first, and late ones, which cost least.
func (hedge) Find(f *pattern.Flow) (out []pattern.Candidate) {
	for at := range f.Graph.Places() {
		n, seen := at.Node, f.Seen[at.Node.ID]
		if !repeatable(f, n) {
			continue
		}
		good := slices.DeleteFunc(slices.Clone(shares), func(share int) bool { return !comesFirst(seen, share) })
		for i, share := range good {
			if i == 0 || i == len(good)-1 {
				took := seen.Percentiles
				out = append(out, pattern.Candidate{
					Lines: []string{fmt.Sprintf("hedge %s after=%v budget=%d%%", n.ID, rounded(took[share]), 100-share)},
					Why: fmt.Sprintf("%d of 100 calls take %v or less, half of the others more than %v, and a new one usually %v", share,
						pattern.Rounded(took[share]), pattern.Rounded(took[rest(share)]), pattern.Rounded(took[50])),
				})
			}
		}
	}
	return out
}

// rest is what half of those calls that are not among share of a hundred take longer than, as a percentile.
func rest(share int) int { return (100 + share) / 2 }

// comesFirst reports whether a second try that begins when so many of a hundred calls have ended comes first as a rule: half of
// the others take longer than it takes a new one.
func comesFirst(seen pattern.Seen, share int) bool {
	took := seen.Percentiles
	return took[share] >= worthwhile && took[rest(share)]-took[share] >= took[50]
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
