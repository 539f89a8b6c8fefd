package sim

// What keeping the results of a region would save, told from one pass over a trace, for any amount
// of memory: by how many bytes of other results come between two uses of one.

import (
	"fmt"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

// A Region is a run of nodes of one block of a flow.
type Region struct {
	Flow        graph.FlowName
	First, Last graph.NodeID
}

// A Curve is what a trace tells of a region.
type Curve struct {
	Count    int           // times that requests came by
	Distinct int           // contents of what enters
	Total    time.Duration // that it took, its nodes one after the other
	Overlap  time.Duration // of that, while one with the same content was under way
	repeats  []repeat      // by reach
}

// A repeat is a use of results that were computed before and have not expired.
type repeat struct {
	reach int64 // bytes of all that was used since
	took  time.Duration
}

// Saved returns how many runs a store of so many bytes saves, and how long they took. Eviction is taken
// to be by age of use, and the store to be the region's alone, so that it says which regions are
// worth a replay and not what one comes to (R. Mattson et al., "Evaluation techniques for storage hierarchies", 1970).
func (c *Curve) Saved(memory int64) (hits int, took time.Duration) {
	for _, r := range c.repeats {
		if r.reach > memory {
			break
		}
		hits++
		took += r.took
	}
	return hits, took
}

// perEntry is what the store itself needs for an entry, about.
const perEntry = 320

// A curver is a pass over a trace.
type curver struct {
	trace  *Trace
	flow   *flow
	region Region
	last   *node
	in     []int         // variables that enter
	out    map[int]bool  // that leave
	life   time.Duration // of a result; 0 for ever

	at     time.Duration // since requests began to arrive
	inside bool
	begun  time.Duration
	key    uint64
	size   int64
	failed bool

	curve Curve
	used  map[uint64]*use
	bytes fenwick // of each result at its last use
}

// A use is the last one of some content.
type use struct {
	number int
	filled time.Duration
	ended  time.Duration // of the last run
	size   int64
}

// Curve goes over the trace once. A region that is not there is an error.
func (t *Trace) Curve(r Region) (*Curve, error) {
	fl := t.flows[r.Flow]
	if fl == nil || fl.nodes[r.First] == nil || fl.nodes[r.Last] == nil {
		return nil, fmt.Errorf("%s..%s of %s is no region of the trace", r.First, r.Last, r.Flow)
	}
	c := &curver{trace: t, flow: fl, region: r, last: fl.nodes[r.Last], out: map[int]bool{}, used: map[uint64]*use{}}
	b, from, to, ok := blockOf(fl.graph, r)
	if !ok {
		return nil, fmt.Errorf("%s..%s of %s is no region: it spans blocks", r.First, r.Last, r.Flow)
	}
	number := map[graph.VarID]int{}
	for _, v := range fl.vars {
		number[v.ID] = v.number
	}
	enters, _ := graph.KeptInputs(fl.graph, b.Nodes[from:to+1])
	for _, id := range enters {
		if fl.vars[number[id]].Kind != graph.Context {
			c.in = append(c.in, number[id])
		}
	}
	for _, id := range graph.KeptOutputs(fl.graph, b, from, to, graph.Store) {
		c.out[number[id]] = true
	}
	for _, e := range graph.EffectsOf(b.Nodes[from : to+1]...) {
		if e.Class == graph.Volatile && (c.life == 0 || e.For < c.life) {
			c.life = max(e.For, 1)
		}
	}
	for s, err := range t.each() {
		if err != nil {
			return nil, err
		}
		c.at = s.run.At
		c.run(s)
	}
	slices.SortFunc(c.curve.repeats, func(a, b repeat) int { return int(min(max(a.reach-b.reach, -1), 1)) })
	c.curve.Distinct = len(c.used)
	return &c.curve, nil
}

// blockOf finds a region in a graph.
func blockOf(g *graph.Graph, r Region) (b *graph.Block, from, to int, ok bool) {
	for at := range g.Places() {
		if at.Node.ID == r.First {
			b, from = at.Block, at.Index
			to = slices.IndexFunc(b.Nodes, func(n *graph.Node) bool { return n.ID == r.Last })
		}
	}
	return b, from, to, b != nil && to >= from
}

// run goes through a recorded run.
func (c *curver) run(s *scene) {
	fl := c.trace.flows[s.run.Flow]
	held := make([]uint64, len(fl.vars))
	c.set(held, s.run.Params)
	c.block(fl, fl.body, s, held)
	c.inside = false // the run left the region on its way
}

func (c *curver) set(held []uint64, values []profile.Value) {
	for _, v := range values {
		held[v.Var] = v.Hash
		if c.inside && c.out[int(v.Var)] {
			c.size += int64(v.Size)
		}
	}
}

func (c *curver) block(fl *flow, nodes []*node, s *scene, held []uint64) {
	for _, n := range nodes {
		v := &s.visits[n.local]
		if v.Visit == nil {
			continue
		}
		if fl == c.flow && n.ID == c.region.First {
			c.begin(held)
		}
		switch {
		case n.Kind.IsLoop():
			for _, it := range v.iterations {
				c.set(held, it.begins)
				c.block(fl, n.blocks[0], it, held)
			}
		case v.called != nil && !c.inside:
			began := c.at
			c.run(v.called)
			c.at = began + v.Took
			c.set(held, v.Sets)
		default:
			c.at += v.Took
			c.failed = c.failed || v.Kind != "" || v.Exit == profile.Raised
			c.set(held, v.Sets)
			if v.Block >= 0 && int(v.Block) < len(n.blocks) {
				c.block(fl, n.blocks[v.Block], s, held)
			}
		}
		if fl == c.flow && n == c.last {
			c.end()
		}
	}
}

func (c *curver) begin(held []uint64) {
	c.inside, c.begun, c.size, c.failed, c.key = true, c.at, perEntry, false, 1
	for _, i := range c.in {
		c.key = profile.Mix(c.key, held[i])
	}
}

// end notes one use of the region's results.
func (c *curver) end() {
	if !c.inside {
		return
	}
	c.inside = false
	took := c.at - c.begun
	c.curve.Count++
	c.curve.Total += took
	u := c.used[c.key]
	now := c.curve.Count
	if u == nil {
		u = &use{filled: c.begun, size: c.size}
		c.used[c.key] = u
	} else {
		reach := c.bytes.sum(now-1) - c.bytes.sum(u.number-1)
		if left := min(u.ended-c.begun, took); left > 0 {
			c.curve.Overlap += left
		}
		if c.life == 0 || c.begun-u.filled < c.life {
			if !c.failed {
				c.curve.repeats = append(c.curve.repeats, repeat{reach, took})
			}
		} else {
			u.filled = c.begun
		}
		c.bytes.add(u.number, -u.size)
		u.size = c.size
	}
	u.number, u.ended = now, max(u.ended, c.at)
	c.bytes.add(now, u.size)
}

// A fenwick sums numbers up to a place, in time logarithmic in their count (P. Fenwick, 1994). Places
// count from 1.
type fenwick struct{ tree []int64 }

func (f *fenwick) add(at int, d int64) {
	for len(f.tree) <= at {
		f.grow()
	}
	for ; at < len(f.tree); at += at & -at {
		f.tree[at] += d
	}
}

func (f *fenwick) sum(to int) (s int64) {
	for to = min(to, len(f.tree)-1); to > 0; to -= to & -to {
		s += f.tree[to]
	}
	return s
}

// grow doubles the places: the sum of all stands at the new middle.
func (f *fenwick) grow() {
	n := max(len(f.tree), 64)
	all := f.sum(len(f.tree) - 1)
	next := make([]int64, 2*n)
	copy(next, f.tree)
	if len(f.tree) > 0 {
		next[n] = all
	}
	f.tree = next
}
