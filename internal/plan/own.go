package plan

// The author's own concurrency: what his source runs beside each other begins
// together under every plan of the flow, without a line that says so.

import (
	"fmt"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A Left is a part of a flow that its author runs beside others, and that runs in
// source order under a plan.
type Left struct {
	Part Region
	Pos  graph.Pos
	Why  string
}

func (l Left) String() string {
	return fmt.Sprintf("%s (%v) runs in source order, though its author runs it beside others: %s", l.Part, l.Pos, l.Why)
}

// WithOwn applies ds to g, and lets whatever the author runs beside each other begin
// together, as far as it fits ds and judge lets it stand; left has the rest. No part begins
// that a never or off line of ds names. judge says why it refuses nodes of a
// planned graph; WithOwn asks it at most once for each step in such a part.
func WithOwn(g *graph.Graph, ds []Decision, judge func(planned *graph.Graph) map[graph.NodeID]string) (planned *graph.Graph, left []Left) {
	ds = slices.Clone(ds)
	planned, problems := Apply(g, ds)
	x := newIndex(g)
	for _, o := range owns(g) {
		if x.isBegun(o, ds) {
			continue
		}
		why := o.why
		for _, d := range o.ways {
			if x.isForbidden(d, ds) {
				why = ""
				break
			}
			next, more := Apply(g, append(ds[:len(ds):len(ds)], d))
			if len(more) > len(problems) {
				why = more[0].What
				continue
			}
			refused := judge(next)
			if len(refused) == 0 {
				planned, ds, why = next, append(ds, d), ""
				break
			}
			if why == "" {
				why = reason(Nodes(g, d), refused)
			}
		}
		if why != "" {
			left = append(left, Left{Part: o.part, Pos: o.pos, Why: why})
		}
	}
	return planned, left
}

// reason returns why one of nodes was refused, or any other that was.
func reason(nodes []graph.NodeID, refused map[graph.NodeID]string) string {
	for _, id := range nodes {
		if why := refused[id]; why != "" {
			return why
		}
	}
	for id, why := range refused {
		return fmt.Sprintf("%s would be refused: %s", id, why)
	}
	return ""
}

// isBegun reports whether a line begins a node of o, or lets others begin at it.
func (x *index) isBegun(o own, ds []Decision) bool {
	return slices.ContainsFunc(ds, func(d Decision) bool {
		p, what, _ := x.resolve(d)
		if what != "" || d.Verb != Parallel || !d.InForce() || p.block != o.block {
			return false
		}
		return slices.ContainsFunc(p.begins(), func(b begin) bool { return b.meets(o.span) })
	})
}

// isForbidden reports whether a never or off line names only what d begins, or where.
func (x *index) isForbidden(d Decision, ds []Decision) bool {
	p, _, _ := x.resolve(d)
	touched := func(r Region) bool {
		return slices.ContainsFunc(p.spans, func(s span) bool {
			for n := range graph.Within(p.block.Nodes[s.first : s.last+1]...) {
				if n.ID == r.First || n.ID == r.Last {
					return true
				}
			}
			return false
		})
	}
	return slices.ContainsFunc(ds, func(f Decision) bool {
		return !f.InForce() && f.Verb == Parallel &&
			!slices.ContainsFunc(f.Items, func(r Region) bool { return !touched(r) })
	})
}

// An own is a part of a flow that its author runs beside others, with the decisions that would
// begin it, best first.
type own struct {
	span
	block *graph.Block
	part  Region
	pos   graph.Pos
	ways  []Decision
	why   string // there are no ways
}

// owns lists such parts in the order of the text.
func owns(g *graph.Graph) []own {
	all := ownsIn(g.Body, nil)
	for at := range g.Places() {
		for _, b := range at.Node.Blocks {
			all = append(all, ownsIn(b, at.Node)...)
		}
	}
	return all
}

// ownsIn lists those that stand directly in b, a block of around.
func ownsIn(b *graph.Block, around *graph.Node) (all []own) {
	for i := 0; i < len(b.Nodes); {
		f, end := b.Nodes[i].Fork, i+1
		for f != nil && end < len(b.Nodes) && isSame(f, b.Nodes[end].Fork) && !holdsForked(b.Nodes[end-1]) && !holdsForked(b.Nodes[end]) {
			end++
		}
		if f != nil {
			if o, ok := ownAt(b, span{i, end - 1}, around); ok {
				all = append(all, o)
			}
		}
		i = end
	}
	return all
}

// isSame reports whether f and o are of one function.
func isSame(f, o *graph.Fork) bool {
	return o != nil && f.Group == o.Group && f.Function == o.Function
}

// holdsForked reports whether n is what the flow does itself, and holds functions that it forks.
func holdsForked(n *graph.Node) bool {
	for in := range graph.Within(n) {
		if n.Fork.Function == 0 && in.Fork != nil && in.Fork.Group == n.Fork.Group && in.Fork.Function > 0 {
			return true
		}
	}
	return false
}

// ownAt returns the part s of b, cut behind its last step or what only tells of one; false if it has none, or is
// the one beside which the others begin.
func ownAt(b *graph.Block, s span, around *graph.Node) (own, bool) {
	f := b.Nodes[s.first].Fork
	var ends []int // of the parts that may begin, the longest first
	for i := s.first; i <= s.last && !b.Nodes[i].Fork.Locked || i <= s.last && f.Function == 0; i++ {
		if hasStep(b.Nodes[i]) || len(ends) > 0 && onlyTells(b.Nodes[i]) {
			ends = append([]int{i}, ends...)
		}
	}
	if len(ends) == 0 {
		return own{}, false
	}
	o := own{span: span{s.first, ends[0]}, block: b, pos: b.Nodes[s.first].Pos}
	o.part = regionOf(b, o.span)
	forks := []*graph.Fork{f}
	if around != nil && around.Kind == graph.Each && graph.BesideOver(around.ID, forks, forks) {
		o.later(f, ends)
		return o, true
	}
	at, ok := placeOf(b, s.first, f)
	if !ok && f.Rounds {
		o.why = fmt.Sprintf("%s is awaited in some iterations of %s only, so that what runs beside what is known at run time alone; errgroup's SetLimit bounds functions without such a wait", f.Group, f.Over)
	}
	if !ok {
		return o, f.Rounds
	}
	if at == s.first {
		o.why = oneAtOnce
		return o, true
	}
	for _, end := range ends {
		o.ways = append(o.ways, Decision{Verb: Parallel, Items: []Region{regionOf(b, span{at, at}), regionOf(b, span{s.first, end})}})
	}
	return o, true
}

// onlyTells reports whether n does nothing to the flow's variables and the world: it ends
// the context of those beside it where a step before it has failed.
func onlyTells(n *graph.Node) bool {
	return n.Kind == graph.Glue && len(n.Out)+len(n.Edit)+len(n.Effects) == 0 && n.Exits == 0
}

const oneAtOnce = "its limit is one at once, or not a constant"

// later lets the part begin for later iterations of the loop around it, with the glue
// before it if that is all there is.
func (o *own) later(f *graph.Fork, ends []int) {
	ahead := MaxAhead
	if f.Limit > 0 {
		ahead = min(f.Limit-1, MaxAhead)
	}
	if ahead == 0 {
		o.why = oneAtOnce
		return
	}
	onlyGlue := !slices.ContainsFunc(o.block.Nodes[:o.first], func(n *graph.Node) bool { return n.Kind != graph.Glue || n.Exits != 0 })
	for _, end := range ends {
		if onlyGlue && o.first > 0 {
			o.ways = append(o.ways, Decision{Verb: Parallel, Ahead: ahead, Items: []Region{regionOf(o.block, span{0, end})}})
		}
		o.ways = append(o.ways, Decision{Verb: Parallel, Ahead: ahead, Items: []Region{regionOf(o.block, span{o.first, end})}})
	}
}

// placeOf returns where a part that stands at i begins: with the first function that is forked
// before it, or, where only so many may run at once, with the one that leaves room for it;
// false if none is forked before it.
func placeOf(b *graph.Block, i int, f *graph.Fork) (at int, ok bool) {
	for at = range i {
		for n := range graph.Within(b.Nodes[at]) {
			if n.Fork == nil || n.Fork.Group != f.Group || n.Fork.Function == 0 {
				continue
			}
			ok = true
			if f.Limit == 0 || f.Function == 0 || n.Fork.Function > f.Function-f.Limit {
				return at, true
			}
		}
	}
	return i, ok
}

func regionOf(b *graph.Block, s span) Region {
	return Region{First: b.Nodes[s.first].ID, Last: b.Nodes[s.last].ID}
}

// hasStep reports whether something in n takes time.
func hasStep(n *graph.Node) bool {
	for in := range graph.Within(n) {
		if in.Kind == graph.Step || in.Kind == graph.Call || in.Kind == graph.Fresh {
			return true
		}
	}
	return false
}
