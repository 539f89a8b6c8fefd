package graph

// What leaves a run of nodes: live variables over the structured form.

import (
	"maps"
	"slices"
)

// Outputs lists the variables that the nodes from..to (places in b, both
// included) may set or change and that may be read afterwards: by later nodes, by later
// iterations of the loops around, by deferred calls, or as results of the flow. What is read
// after leaving by an exit counts too. The order is that of the graph's variables.
func Outputs(g *Graph, b *Block, from, to int) []VarID {
	return (&liveness{g: g, block: b, from: from, to: to}).outputs(nil)
}

// KeptOutputs is [Outputs] for nodes whose results are kept or shared, without what the
// edges that depart from them (see [KeptInputs]) set. Under [Share] those run afterwards, on
// what the nodes have set until then; what is stored is never left by them.
func KeptOutputs(g *Graph, b *Block, from, to int, law Law) []VarID {
	l, departs := keptLiveness(g, b, from, to, law)
	return l.outputs(departs)
}

// KeptLive lists the variables whose values, from before or inside of such nodes, may be
// read afterwards: what is surely set before it is read again is not among them.
func KeptLive(g *Graph, b *Block, from, to int, law Law) []VarID {
	l, _ := keptLiveness(g, b, from, to, law)
	l.find()
	return Wholes(g, g.inOrder(func(v *Var) bool { return l.after[v.ID] }))
}

func keptLiveness(g *Graph, b *Block, from, to int, law Law) (l *liveness, departs []*Node) {
	if law != Duplicate { // of what runs twice nothing is kept for others
		_, departs = KeptInputs(g, b.Nodes[from:to+1])
	}
	l = &liveness{g: g, block: b, from: from, to: to}
	if law == Share {
		l.departs = departs
	}
	return l, departs
}

// find notes what is live where the nodes are left.
func (l *liveness) find() {
	g := l.g
	l.exit, l.after = varSet{}, varSet{}
	l.exit.add(g.inOrder(func(v *Var) bool { return v.Role == Result }))
	l.run(g.Body, l.exit)
	for n := range Within(g.Body.Nodes...) {
		if n.Kind == Defer {
			l.after.add(n.In) // read at any exit and panic
		}
	}
}

func (l *liveness) outputs(departs []*Node) []VarID {
	l.find()
	g, nodes := l.g, l.block.Nodes[l.from:l.to+1]
	changed, inner := varSet{}, loopsIn(nodes)
	for n := range Within(nodes...) {
		if !slices.Contains(departs, n) {
			changed.add(n.Out)
			changed.add(Alike(g, n.Edit))
		}
	}
	return Wholes(g, g.inOrder(func(v *Var) bool { return changed[v.ID] && l.after[v.ID] && !inner[v.Scope] }))
}

// liveness goes backwards over the blocks and notes what is live where the
// nodes from..to of block are left.
type liveness struct {
	g    *Graph
	exit varSet // live when the flow returns: its results

	block    *Block
	from, to int
	departs  []*Node // of them: what they read counts as read afterwards
	inside   bool    // within from..to
	outside  int     // how many loops lie around block
	after    varSet

	loops []targets // around the present node, outermost first
}

// targets are the variables live where a break and a continue of a loop lead.
type targets struct{ brk, cont varSet }

// run returns what is live at b's beginning if after is live at its end.
func (l *liveness) run(b *Block, after varSet) varSet {
	live := after
	for i := len(b.Nodes) - 1; i >= 0; i-- {
		if b == l.block && i == l.to {
			l.inside, l.outside = true, len(l.loops)
			l.leave(live)
		}
		live = l.node(b.Nodes[i], live)
		if b == l.block && i == l.from {
			l.inside = false
		}
	}
	return live
}

// leave notes that the nodes asked for may be left to a place where live is live.
func (l *liveness) leave(live varSet) { maps.Copy(l.after, live) }

func (l *liveness) node(n *Node, after varSet) varSet {
	switch {
	case n.Kind == Start:
		return after
	case n.Kind.wraps():
		return l.run(n.Blocks[0], after)
	case n.Kind == Branch:
		return l.branch(n, after)
	case n.Kind.IsLoop():
		return l.loop(n, after)
	}
	live := l.exits(n)
	if n.Kind == Fail || n.Kind == ResultNode {
		live.remove(n.Out) // set before every exit
	}
	if fallsThrough(n) {
		rest := maps.Clone(after)
		if n.Kind != Fail {
			rest.remove(l.g.surelySets(n))
		}
		maps.Copy(live, rest)
	}
	live.add(n.In)
	if slices.Contains(l.departs, n) {
		l.after.add(n.In)
	}
	return live
}

// exits returns what is live where n's own exits lead.
func (l *liveness) exits(n *Node) varSet {
	live := varSet{}
	lead := func(to varSet, out int) {
		maps.Copy(live, to)
		if l.inside && out >= len(l.loops)-l.outside {
			l.leave(to)
		}
	}
	if n.Exits&Return != 0 {
		lead(l.exit, len(l.loops))
	}
	for i := 0; i <= n.Loops && i < len(l.loops); i++ {
		t := l.loops[len(l.loops)-1-i]
		if n.Exits&Break != 0 {
			lead(t.brk, i)
		}
		if n.Exits&Continue != 0 {
			lead(t.cont, i)
		}
	}
	return live
}

func (l *liveness) branch(n *Node, after varSet) varSet {
	live := varSet{}
	if !n.Total {
		maps.Copy(live, after)
	}
	for _, b := range n.Blocks {
		maps.Copy(live, l.run(b, after))
	}
	live.remove(n.Out)
	live.add(n.In)
	return live
}

// loop repeats until what is live at the loop's head no longer grows, which
// takes at most one round for each variable.
func (l *liveness) loop(n *Node, after varSet) varSet {
	own := func(id VarID, _ bool) bool {
		v := l.g.Var(id)
		return v != nil && v.Scope == n.ID
	}
	head := maps.Clone(after)
	head.add(n.In)
	for {
		before := len(head)
		end := maps.Clone(head)
		if n.Kind == Fold {
			end.add(n.Out) // a counted loop goes on from what the body left in its variable
		}
		l.loops = append(l.loops, targets{brk: after, cont: end})
		body := maps.Clone(l.run(n.Blocks[0], end))
		l.loops = l.loops[:len(l.loops)-1]
		body.remove(n.Out)
		maps.DeleteFunc(body, own)
		maps.Copy(head, body)
		if len(head) == before {
			break
		}
	}
	in := maps.Clone(head)
	maps.DeleteFunc(in, own)
	return in
}
