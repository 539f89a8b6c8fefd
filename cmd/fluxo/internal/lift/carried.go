package lift

// Each or fold: whether a loop's iterations depend on each other otherwise
// than through accumulators.
//
// A variable from outside is carried if an iteration may read what an earlier
// one has set. The loop is a fold if what is computed from one reaches a step's
// arguments, a condition that guards a step, or the loop's own operand.

import (
	"fluxo.dev/fluxo/graph"
)

// settleKind makes n each or fold, and names it so.
func (l *lifter) settleKind(n *graph.Node, inside *Scope) {
	n.Kind = graph.Each
	if l.isFold(n, inside) {
		n.Kind = graph.Fold
		if base := l.bases[n]; len(base) > 4 && base[:4] == "each" {
			l.bases[n] = "fold" + base[4:]
		} else if base == "each" {
			l.bases[n] = "fold"
		}
	}
}

func (l *lifter) isFold(n *graph.Node, inside *Scope) bool {
	t := &taint{l: l, changed: map[graph.VarID]bool{}, tainted: map[graph.VarID]bool{}, apart: l.forkedIn(n)}
	t.collect(n.Blocks[0], 0)
	for _, id := range n.In {
		if t.edits(id) || t.changed[id] && l.looksAgain(n) {
			return true
		}
	}
	if f, ok := l.flow.Code[n].(*For); ok && (f.Inside || f.PostInside || t.changesAny(f.Vars) || len(f.Vars) == 0) {
		return true
	}
	t.exposed(n.Blocks[0], map[graph.VarID]bool{})
	t.block(n.Blocks[0], false)
	return t.reached
}

// looksAgain reports whether a loop's head looks at its variables, and not only
// at memory that they lead to, before each iteration.
func (l *lifter) looksAgain(n *graph.Node) bool {
	switch c := l.flow.Code[n].(type) {
	case *For:
		return true
	case *Range:
		return isPointer(l.info.TypeOf(c.Stmt.X))
	}
	return false
}

// leavesLoop reports whether n leaves the loop whenever it does anything.
func (l *lifter) leavesLoop(n *graph.Node, inner int) bool {
	return l.guards[n] != nil && (n.Exits == graph.Return || inner == 0 && n.Exits != 0 && n.Exits&graph.Continue == 0)
}

// endsLoop reports whether b never gets to its end but leaves the loop.
func (l *lifter) endsLoop(b *graph.Block, inner int) bool {
	if len(b.Nodes) == 0 {
		return false
	}
	n := b.Nodes[len(b.Nodes)-1]
	stmts, ok := l.flow.Code[n].(*Stmts)
	return n.Kind == graph.ResultNode || ok && inner == 0 && n.Exits == graph.Break && ends(stmts.List)
}
