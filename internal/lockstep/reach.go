package lockstep

// Reach: of all combinations of a law, a kind of node and a way to go wrong, which the
// runs met. One that cannot be met has a rule that says why.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// lawsInUse are the laws that plans of today rest on.
var lawsInUse = []graph.Law{graph.Reorder, graph.Speculate, graph.Store, graph.Share, graph.Duplicate}

// edges are the ways in which a node can go wrong.
var edges = []string{"failure", "panic", "cancel"}

// barred returns the rule by which a combination cannot be; "" if it can.
func barred(law graph.Law, kind graph.Kind, edge string) string {
	switch kind {
	case graph.Fresh:
		if law == graph.Store || law == graph.Share {
			return fmt.Sprintf("%s.5: no clock, ID or random value is made inside", law)
		}
		if law == graph.Duplicate {
			return "duplicate.1: no clock, ID or random value is made inside"
		}
		return "graph, node table: clocks, IDs and random sources do not fail, and look at no context"
	case graph.Defer:
		if law == graph.Store || law == graph.Share {
			return fmt.Sprintf("%s.9: no call is deferred inside", law)
		}
		if law == graph.Duplicate {
			return "duplicate.3: no call is deferred inside"
		}
		return "reorder.6: no call is deferred in what begins early"
	case graph.Glue, graph.Fail, graph.ResultNode:
		if edge != "panic" {
			return "graph, node table: glue calls no step, and so meets neither a failure nor a cancellation"
		}
	}
	return ""
}

// A Reach is what runs met of all combinations.
type Reach struct {
	Possible, Reached int
	Missing           []string          // possible, and not reached
	Barred            map[string]string // the rule for each that cannot be
}

// Reach counts the combinations.
func (s Summary) Reach() Reach {
	r := Reach{Barred: map[string]string{}}
	for _, law := range lawsInUse {
		for kind := graph.Glue; kind < graph.Start; kind++ {
			for _, edge := range edges {
				name := fmt.Sprint(law, " ", kind, " ", edge)
				if rule := barred(law, kind, edge); rule != "" {
					r.Barred[name] = rule
					continue
				}
				r.Possible++
				if slices.Contains(s.Reached, name) {
					r.Reached++
				} else {
					r.Missing = append(r.Missing, name)
				}
			}
		}
	}
	return r
}

// Share is the share of the possible combinations that was reached.
func (r Reach) Share() float64 { return float64(r.Reached) / float64(r.Possible) }
