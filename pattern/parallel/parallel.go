// Package parallel is the pattern that begins work before its turn: calls of one block
// together, and those of later iterations of a loop.
package parallel

import (
	"fmt"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

// worthwhile is what a node must take to be begun early. Beginning one and waiting for it
// costs some microseconds where a processor is awake, and some dozens where one sleeps.
const worthwhile = 50 * time.Microsecond

func init() { pattern.Register(parallel{}) }

type parallel struct{}

func (parallel) Name() string { return "parallel" }

func (parallel) Find(f *pattern.Flow) (out []pattern.Candidate) {
	for at := range f.Graph.Places() {
		if !slow(f, at.Node) {
			continue
		}
		for _, later := range at.Block.Nodes[at.Index+1:] {
			if slow(f, later) {
				out = append(out, pattern.Candidate{
					Lines: []string{fmt.Sprintf("parallel %s %s", at.Node.ID, later.ID)},
					Why:   fmt.Sprintf("%s takes %v, %s %v", at.Node.ID, pattern.Rounded(f.Seen[at.Node.ID].Mean), later.ID, pattern.Rounded(f.Seen[later.ID].Mean)),
				})
			}
		}
		if loop := at.Loop(); loop != nil && loop.Kind == graph.Each && at.Up.Node == loop {
			for _, ahead := range []int{4, 16} {
				out = append(out, pattern.Candidate{
					Lines: []string{fmt.Sprintf("parallel %s ahead=%d", at.Node.ID, ahead)},
					Why:   fmt.Sprintf("%s takes %v in every iteration", at.Node.ID, pattern.Rounded(f.Seen[at.Node.ID].Mean)),
				})
			}
		}
	}
	return out
}

func slow(f *pattern.Flow, n *graph.Node) bool {
	return (n.Kind == graph.Step || n.Kind == graph.Call || n.Kind.IsLoop()) && f.Seen[n.ID].Mean >= worthwhile
}
