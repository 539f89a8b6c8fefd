// Package chain is a pattern for Fluxo, written outside of it: where an iteration of a loop is a chain of slow
// calls, each of which needs the one before, the chains of later iterations run beside it. Fluxo's own
// pattern begins single calls early, which does not help the second call of a chain.
package chain

import (
	"fmt"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

// worthwhile is what a call must take to be worth a chain: beginning one early costs some microseconds.
const worthwhile = 200 * time.Microsecond

// widths are how many later iterations are tried. They bound what one request asks of an upstream at the same
// time; the search looks at others near the better one.
var widths = []int{4, 16}

func init() { pattern.Register(chain{}) }

type chain struct{}

func (chain) Name() string { return "chain" }

// Find proposes, for each loop whose body waits more than once, to begin all from the first slow call to the
// last one early.
func (chain) Find(f *pattern.Flow) (out []pattern.Candidate) {
	for at := range f.Graph.Places() {
		if at.Node.Kind != graph.Each {
			continue
		}
		slow := slowNodes(f, at.Node.Blocks[0])
		if len(slow) < 2 {
			continue
		}
		first, last, sum := slow[0], slow[len(slow)-1], time.Duration(0)
		for _, n := range slow {
			sum += f.Seen[n.ID].Mean
		}
		for _, ahead := range widths {
			out = append(out, pattern.Candidate{
				Lines: []string{fmt.Sprintf("parallel %s..%s ahead=%d", first.ID, last.ID, ahead)},
				Why:   fmt.Sprintf("%d calls of %v together, one after the other, in every iteration", len(slow), pattern.Rounded(sum)),
			})
		}
	}
	return out
}

// slowNodes lists the nodes of a block that wait for something outside, and long enough.
func slowNodes(f *pattern.Flow, b *graph.Block) (out []*graph.Node) {
	for _, n := range b.Nodes {
		if f.Waits(n) && f.Seen[n.ID].Mean >= worthwhile {
			out = append(out, n)
		}
	}
	return out
}
