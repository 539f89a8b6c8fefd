package plan

// What a refused parallel line may be replaced by: the nearest line that is legal.

import (
	"slices"

	"fluxo.dev/fluxo/graph"
)

// maxAsked bounds how many lines are tried in place of a refused one.
const maxAsked = 256

// Instead returns the parallel decision that comes nearest to d, which judge refuses by
// itself: a region takes in what stands right before it if it needs that; of the regions that
// cannot begin early even so, none is left; of several places to begin at, the one that
// lets most of them begin counts, and then the first. judge is as in [WithOwn]. ok is
// false if nothing is left.
func Instead(g *graph.Graph, d Decision, judge func(planned *graph.Graph) map[graph.NodeID]string) (near Decision, ok bool) {
	x := newIndex(g)
	p, what, _ := x.resolve(d)
	if what != "" || d.Verb != Parallel {
		return Decision{}, false
	}
	asked := 0
	line := func(spans ...span) Decision {
		e := Decision{Verb: Parallel, Ahead: d.Ahead}
		for _, s := range spans {
			e.Items = append(e.Items, regionOf(p.block, s))
		}
		return e
	}
	legal := func(e Decision) bool {
		if asked++; asked > maxAsked {
			return false
		}
		planned, problems := Apply(g, []Decision{e})
		return len(problems) == 0 && len(judge(planned)) == 0
	}
	if d.Ahead > 0 {
		kept := p.widened(p.spans, -1, func(s span) bool { return legal(line(s)) })
		near = line(kept...)
		return near, len(kept) > 0 && legal(near)
	}
	for i, place := range p.spans[:len(p.spans)-1] {
		kept := p.widened(p.spans[i+1:], place.last, func(s span) bool { return legal(line(place, s)) })
		all := line(append([]span{place}, kept...)...)
		if len(kept) > 0 && len(all.Items) > len(near.Items) && legal(all) {
			near = all
		}
	}
	return near, len(near.Items) > 0
}

// widened returns the spans that are legal, each with as few of the nodes before it as that takes; after
// is the last node that none of them may take in.
func (d placed) widened(spans []span, after int, legal func(span) bool) (kept []span) {
	for _, s := range spans {
		for first := s.first; first > after; first-- {
			if t := (span{first, s.last}); legal(t) {
				kept = append(kept, t)
				break
			}
		}
		after = s.last
	}
	return slices.Clip(kept)
}
