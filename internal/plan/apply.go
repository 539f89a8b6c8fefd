package plan

// Decisions applied: source graph in, planned graph out.

import (
	"cmp"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// Apply returns g with the decisions that are in force written into it as
// start, stored, shared and hedged nodes, and a problem for each decision that is left
// out: one that names nodes which are gone, be it in force or not, or one that
// does not fit those before it. Pinned decisions come first, then the order of
// ds counts. g is not changed; the result shares its variables.
//
// What combinations mean:
//
//   - "store R" and "coalesce R" of one region: stored stands around shared, so
//     that a miss joins a fill in progress; hedged stands inside of both. Of two regions one may contain the
//     other; regions that overlap otherwise are a problem.
//   - "answer" is a stored node around all others.
//   - "parallel A B C": start nodes for B and C stand before A, whatever the order
//     in the line; A itself begins where it stands. A region may be a range.
//     Its failure edge is part of it only if the range says so.
//   - A region of parallel that is stored or shared, or has such regions in it, is
//     started with its wrappers: looking up is part of what begins early.
//   - Parallel inside a stored or shared region stays inside, and is skipped on a
//     hit. Across its edge, one node inside and one outside, it is a problem,
//     except that the first one, which is only a place, may be the region's
//     first node: then the others begin before the region is looked up.
//   - The same goes for a region that itself begins early: a start and its nodes
//     are both inside it or both outside.
//   - With ahead=N all regions begin at the top of the loop's body, and those of up
//     to N later iterations too.
func Apply(g *graph.Graph, ds []Decision) (*graph.Graph, []Problem) {
	x := newIndex(g)
	all := make(layouts)
	var problems []Problem
	for _, d := range byRank(ds) {
		p, what, fix := x.resolve(d)
		if what == "" && d.InForce() {
			what, fix = all.of(p.block).add(p)
		}
		if what != "" {
			problems = append(problems, Problem{ID: d.ID(g.Flow), Pos: d.Pos, What: what, Fix: fix})
		}
	}
	slices.SortStableFunc(problems, func(a, b Problem) int { return a.Pos.Line - b.Pos.Line })
	x.list(problems)
	return &graph.Graph{Flow: g.Flow, Vars: g.Vars, Body: all.block(g.Body)}, problems
}

// byRank returns the pinned decisions, then the others.
func byRank(ds []Decision) []Decision {
	ds = slices.Clone(ds)
	slices.SortStableFunc(ds, func(d, e Decision) int { return rank(d) - rank(e) })
	return ds
}

func rank(d Decision) int {
	if d.Mark == Pin {
		return 0
	}
	return 1
}

// block returns a copy of b with its layout written into it.
func (ls layouts) block(b *graph.Block) *graph.Block {
	l := ls.of(b)
	return &graph.Block{Nodes: ls.run(b, span{0, len(b.Nodes) - 1}, l.wraps, l.begins)}
}

// node returns a copy of n with everything in it.
func (ls layouts) node(n *graph.Node) *graph.Node {
	c := *n
	c.Blocks = nil
	for _, b := range n.Blocks {
		c.Blocks = append(c.Blocks, ls.block(b))
	}
	return &c
}

// run copies the nodes of one span, with the wraps and begins that stand
// directly or deeper in it.
func (ls layouts) run(b *graph.Block, s span, wraps []wrap, begins []begin) []*graph.Node {
	var out []*graph.Node
	first, last := map[int]graph.NodeID{}, map[int]graph.NodeID{} // of what stands for the node at an index
	starts := map[*graph.Node]begin{}
	for i := s.first; i <= s.last; {
		w := outermost(wraps, i)
		for _, bg := range beginsAt(begins, i) {
			if w != nil && w.holds(bg) {
				continue
			}
			n := startNode(b, bg)
			out, starts[n] = append(out, n), bg
			if isInside(bg, begins) && first[i] == "" {
				first[i] = n.ID
			}
		}
		n, next := ls.one(b, i, w, wraps, begins)
		out = append(out, n)
		if first[i] == "" {
			first[i] = n.ID
		}
		last[next-1] = n.ID
		i = next
	}
	for n, bg := range starts {
		n.First, n.Last = first[bg.first], last[bg.last]
	}
	return out
}

// one copies the node at i, or the region that begins there, and returns the
// index after it.
func (ls layouts) one(b *graph.Block, i int, w *wrap, wraps []wrap, begins []begin) (*graph.Node, int) {
	if w == nil {
		return ls.node(b.Nodes[i]), i + 1
	}
	var innerWraps []wrap
	for _, v := range wraps {
		if w.contains(v.span) && !(v.span == w.span && v.verb == w.verb) {
			innerWraps = append(innerWraps, v)
		}
	}
	var innerBegins []begin
	for _, bg := range begins {
		if w.holds(bg) {
			innerBegins = append(innerBegins, bg)
		}
	}
	n := &graph.Node{
		ID:      wrapID(b, w.verb, w.span),
		Kind:    wrappers[w.verb],
		Pos:     b.Nodes[i].Pos,
		Refresh: w.by.Refresh,
		Answer:  w.verb == Answer,
		After:   w.by.After,
		Blocks:  []*graph.Block{{Nodes: ls.run(b, w.span, innerWraps, innerBegins)}},
	}
	if w.verb == Hedge {
		n.Budget = cmp.Or(w.by.Budget, DefaultBudget)
	}
	return n, w.last + 1
}

// wrappers are the kinds of node that stand around regions.
var wrappers = map[Verb]graph.Kind{Store: graph.Stored, Answer: graph.Stored, Coalesce: graph.Shared, Hedge: graph.Hedged}

// outermost returns the largest wrap that begins at i; of one span what keeps the answer, then stored, shared, hedged.
func outermost(wraps []wrap, i int) *wrap {
	var best *wrap
	for k := range wraps {
		w := &wraps[k]
		if w.first == i && (best == nil || w.last > best.last || w.last == best.last && (w.verb == Answer || best.verb != Answer && w.verb < best.verb)) {
			best = w
		}
	}
	return best
}

// beginsAt returns the begins that stand before the node at i, in the order of
// their own nodes. Those that are part of what begins early with that node come
// last, next to it.
func beginsAt(begins []begin, i int) []begin {
	var before, inside []begin
	for _, b := range begins {
		switch {
		case b.at != i:
		case isInside(b, begins):
			inside = append(inside, b)
		default:
			before = append(before, b)
		}
	}
	inOrder := func(a, b begin) int { return a.first - b.first }
	slices.SortFunc(before, inOrder)
	slices.SortFunc(inside, inOrder)
	return append(before, inside...)
}

// isInside reports whether b stands inside of a span that begins where b stands.
func isInside(b begin, begins []begin) bool {
	return slices.ContainsFunc(begins, func(o begin) bool { return o.first == b.at && o.holds(b) })
}

func startNode(b *graph.Block, bg begin) *graph.Node {
	return &graph.Node{ID: startID(b, bg.span), Kind: graph.Start, Pos: b.Nodes[bg.first].Pos, Ahead: bg.ahead}
}

func startID(b *graph.Block, s span) graph.NodeID { return added(b, "start.", s) }

func wrapID(b *graph.Block, v Verb, s span) graph.NodeID {
	if v == Answer {
		return added(b, "answer.", s)
	}
	return added(b, wrappers[v].String()+".", s)
}

// added names a node that a plan adds: "start.Alerts", "stored.A-B", within a
// block of a node "each.zips/stored.A-B".
func added(b *graph.Block, kind string, s span) graph.NodeID {
	first, last := string(b.Nodes[s.first].ID), string(b.Nodes[s.last].ID)
	cut := strings.LastIndexByte(first, '/') + 1
	name := first[:cut] + kind + first[cut:]
	if s.first != s.last {
		name += "-" + lastPart(last)
	}
	return graph.NodeID(name)
}
