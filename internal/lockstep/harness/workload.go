package harness

// Workloads: requests that meet each other, and plans that the checker lets pass.

import (
	"math/rand/v2"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/lockstep/world"
	"fluxo.dev/fluxo/internal/plan"
)

// Bounds of one run.
const (
	maxRequests = 10
)

// requests draws the requests of a run to flows, among them writers of the
// data that the flows read.
func requests(rnd *rand.Rand, flows []string) []*world.Request {
	var out []*world.Request
	var at time.Duration
	long := time.Duration(1 + 2*rnd.IntN(2)) // some runs outlast all that is kept
	lists := [][]int{nil, {}, {0}, {0, 1, 2}, {2, 1}, {1, 1, 0, 5}}
	for range 2 + rnd.IntN(maxRequests-1) {
		switch rnd.IntN(4) {
		case 0:
			at += long * time.Duration(rnd.IntN(12000)) * time.Millisecond
		case 1, 2:
			at += time.Duration(rnd.IntN(700)) * time.Millisecond
		}
		r := &world.Request{
			Flow: flows[rnd.IntN(len(flows))], K: rnd.IntN(3), S: string(rune('w' + rnd.IntN(3))),
			Ks: lists[rnd.IntN(len(lists))], User: rnd.IntN(2), Arrive: at, Cancel: -1, Deadline: -1,
		}
		if rnd.IntN(5) == 0 {
			r.Flow = []string{"WP", "WAll"}[rnd.IntN(2)]
		} else if rnd.IntN(6) == 0 {
			r.Cancel = at + time.Duration(rnd.IntN(3000))*time.Millisecond
		} else if rnd.IntN(6) == 0 {
			r.Deadline = at + time.Duration(rnd.IntN(5000))*time.Millisecond
		}
		out = append(out, r)
	}
	return out
}

// blocks lists g's blocks.
func blocks(b *graph.Block) []*graph.Block {
	all := []*graph.Block{b}
	for _, n := range b.Nodes {
		for _, in := range n.Blocks {
			all = append(all, blocks(in)...)
		}
	}
	return all
}

// seldomSlow is what most steps take longer than, so that they are tried twice.
const seldomSlow = 300 * time.Millisecond

// options draws how what d says is done.
func options(rnd *rand.Rand, d plan.Decision) plan.Decision {
	switch {
	case d.Verb == plan.Store && rnd.IntN(2) == 0:
		d.Refresh = []int{5, 20, 70}[rnd.IntN(3)] // after one use it is 28 per cent: nearly all, or few
	case d.Verb == plan.Hedge:
		d.After = []time.Duration{time.Millisecond, seldomSlow, 3 * seldomSlow}[rnd.IntN(3)]
	}
	return d
}

// decision draws a decision about g: sensible or not, which the checker shall say.
func decision(rnd *rand.Rand, g *graph.Graph) plan.Decision {
	var long []*graph.Block
	for _, b := range blocks(g.Body) {
		if len(b.Nodes) > 1 {
			long = append(long, b)
		}
	}
	if len(long) == 0 {
		n := g.Body.Nodes[0].ID
		return plan.Decision{Verb: plan.Store, Items: []plan.Region{{First: n, Last: n}}}
	}
	nodes := long[rnd.IntN(len(long))].Nodes
	region := func(from int) (plan.Region, int) {
		to := min(len(nodes)-1, from+rnd.IntN(3)*rnd.IntN(2))
		return plan.Region{First: nodes[from].ID, Last: nodes[to].ID}, to + 1
	}
	switch rnd.IntN(5) {
	case 0, 1:
		d := plan.Decision{Verb: plan.Parallel}
		for i := rnd.IntN(len(nodes) - 1); i < len(nodes) && len(d.Items) < 4; {
			var r plan.Region
			r, i = region(i)
			d.Items = append(d.Items, r)
			i += rnd.IntN(3)
		}
		if len(d.Items) == 1 || rnd.IntN(4) == 0 {
			d.Ahead = 1 + rnd.IntN(4)
		}
		return d
	case 2:
		r, _ := region(rnd.IntN(len(nodes)))
		return plan.Decision{Verb: plan.Store, Items: []plan.Region{r}}
	case 3:
		r, _ := region(rnd.IntN(len(nodes)))
		return plan.Decision{Verb: plan.Hedge, Items: []plan.Region{r}, After: seldomSlow, Budget: 100}
	}
	r, _ := region(rnd.IntN(len(nodes)))
	return plan.Decision{Verb: plan.Coalesce, Items: []plan.Region{r}}
}
