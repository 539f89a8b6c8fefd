package effect

// A look at a piece of a function: what a flow's glue does to the variables
// around it.

import (
	"go/ast"
	"go/token"
	"go/types"
	"sort"

	"fluxo.dev/fluxo/graph"
)

// A Look is what an expression, a statement or a function literal does. Calls
// of steps and flows in it count as well.
type Look struct {
	Effects []graph.Effect // what is reached by calls, and opaque for anything else that is not pure
	Why     string         // why it is not pure; "" if it is
	Fresh   bool           // asks a clock or a random source
	Local   bool           // reads or changes request-scoped handles

	Edits  []*types.Var // variables declared around it that it assigns, or whose content it changes
	Calls  []*types.Var // function variables declared around it that it calls
	Panics bool
}

// IsPure reports whether the piece only edits variables.
func (l Look) IsPure() bool { return l.Why == "" && !l.Fresh && !l.Local }

// Look looks at n, which lies in one of the package's functions. A function
// literal is looked at as if it were called.
func (r *Result) Look(n ast.Node) Look {
	b := newBody(r.inference, newFinding())
	b.piece = n
	b.run(n, func() {
		switch n := n.(type) {
		case ast.Expr:
			b.evalMany(n)
		case ast.Stmt:
			b.stmt(n)
		}
	})
	l := Look{Effects: b.found.reach, Why: b.found.opaque, Fresh: b.found.fresh, Local: b.found.local, Panics: b.found.panics}
	for i := range b.found.edits {
		l.Edits = append(l.Edits, b.outer[i])
	}
	for i := range b.found.calls {
		l.Calls = append(l.Calls, b.outer[i])
	}
	byPos := func(list []*types.Var) {
		sort.Slice(list, func(i, j int) bool { return list[i].Pos() < list[j].Pos() })
	}
	byPos(l.Edits)
	byPos(l.Calls)
	return l
}

// storage is the region of a local variable. One that is declared around the
// piece counts as a parameter of it.
func (b *body) storage(v *types.Var) region {
	if b.piece != nil && !b.inPiece(v) {
		if _, known := b.params[v]; !known {
			i := len(b.outer)
			b.outer = append(b.outer, v)
			b.params[v] = i
			b.put(region{localVar, v}, set{{param, i}})
		}
	}
	return region{localVar, v}
}

func (b *body) inPiece(v *types.Var) bool {
	return b.piece.Pos() <= v.Pos() && v.Pos() < b.piece.End()
}

// outsideChanged notes an assignment to a variable around the piece.
func (b *body) outsideChanged(v *types.Var, pos token.Pos) {
	if b.piece == nil || b.inPiece(v) {
		return
	}
	b.storage(v)
	b.found.edits[b.params[v]] = b.where(pos)
}
