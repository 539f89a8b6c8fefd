// Package width is a pattern for Fluxo, written outside of it: a loop over slow calls runs as
// wide as it is long. Fluxo's own pattern tries two fixed widths; one of them keeps short
// loops' upstreams waiting for nothing, and long loops go through it in several rounds.
package width

import (
	"fmt"
	"math"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/pattern"
)

const (
	// worthwhile is what a call must take: beginning one early costs some microseconds.
	worthwhile = 200 * time.Microsecond
	// widest bounds what one request may ask of an upstream at the same time.
	widest = 64
)

func init() { pattern.Register(width{}) }

type width struct{}

func (width) Name() string { return "width" }

// Find proposes, for each slow node in the body of a loop, to begin as many iterations early as
// the loop has on average, and twice as many, since half of all loops are longer than the average.
func (width) Find(f *pattern.Flow) (out []pattern.Candidate) {
	for at := range f.Graph.Places() {
		loop, seen := at.Loop(), f.Seen[at.Node.ID]
		if loop == nil || loop.Kind != graph.Each || at.Up.Node != loop || seen.Mean < worthwhile || !f.Waits(at.Node) {
			continue
		}
		ran := f.Seen[loop.ID].Count
		if ran == 0 {
			continue
		}
		long := float64(seen.Count) / float64(ran)
		tried := 0
		for _, times := range []float64{1, 2} {
			ahead := min(int(math.Ceil(times*long))-1, widest)
			if ahead < 1 || ahead == tried {
				continue
			}
			tried = ahead
			out = append(out, pattern.Candidate{
				Lines: []string{fmt.Sprintf("parallel %s ahead=%d", at.Node.ID, ahead)},
				Why:   fmt.Sprintf("%v in each of %.1f iterations", seen.Mean, long),
			})
		}
	}
	return out
}
