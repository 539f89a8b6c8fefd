package lift

// What is set, and what is changed in place.

import (
	"go/ast"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// address notes that the address of x is taken: whoever has it may read and
// change x for as long as it keeps it.
func (u *use) address(x ast.Expr) {
	u.expr(x)
	if _, isLit := ast.Unparen(x).(*ast.CompositeLit); !isLit {
		u.l.flow.NoPool = true
	}
	u.points = with(u.points, u.l.flow.vars[u.l.variableOf(x)])
}

// inOut notes that a call may set x, whose address it is given.
func (u *use) inOut(x ast.Expr, keeps bool) {
	u.expr(x)
	u.part(x)
	if keeps {
		u.l.flow.NoPool = true
	}
	if v := u.l.flow.vars[u.l.variableOf(x)]; v != nil && v.Kind == graph.Handle {
		u.points = with(u.points, v) // a copy of it would be another one
	}
	memory := cellsOf(types.NewPointer(u.l.info.TypeOf(x)))
	for _, v := range u.l.rootVars(x, memory) {
		if refersTo(v.Go) {
			u.change(v, memory)
		}
	}
}

// target notes that x is assigned to.
func (u *use) target(x ast.Expr) {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		o := u.l.info.ObjectOf(x)
		if v := u.l.flow.vars[o]; v != nil {
			u.set(v)
			return
		}
		u.l.writesPackageVar(x, o)
	case *ast.SelectorExpr:
		u.expr(x)
		if sel := u.l.info.Selections[x]; sel == nil {
			u.l.writesPackageVar(x, u.l.info.Uses[x.Sel])
		} else if sel.Indirect() || isPointer(u.l.info.TypeOf(x.X)) {
			u.edits(x.X, u.l.cellBehind(x.X))
		} else {
			u.part(x.X)
		}
	case *ast.IndexExpr:
		u.expr(x.X)
		u.expr(x.Index)
		if _, isArray := u.l.info.TypeOf(x.X).Underlying().(*types.Array); isArray {
			u.part(x.X)
		} else {
			u.edits(x.X, u.l.cellBehind(x.X))
		}
		if !u.l.indexIsSafe(x) || isMap(u.l.info.TypeOf(x.X)) {
			u.panics = true // a nil map
		}
	case *ast.StarExpr:
		u.expr(x)
		u.edits(x.X, u.l.cellBehind(x.X))
	}
}

// cellBehind is the memory that an assignment through e changes: what the
// pointer points to, the elements of the slice, the map.
func (l *lifter) cellBehind(e ast.Expr) *cells {
	switch t := l.info.TypeOf(e).Underlying().(type) {
	case *types.Pointer:
		return cell(t.Elem())
	case *types.Slice:
		return cell(t.Elem())
	case *types.Map:
		return cell(t)
	}
	return cellsOf(l.info.TypeOf(e)) // through an embedded pointer
}

// part notes that a part of x, a value that holds no pointer on the way, is assigned to.
func (u *use) part(x ast.Expr) {
	was := u.maybe
	u.maybe = true // the rest of the variable stays
	u.expr(x)
	u.target(x)
	u.maybe = was
}

// edits notes that memory which x leads to is changed in place.
func (u *use) edits(x ast.Expr, memory *cells) {
	u.writesProgram(x, memory)
	for _, v := range u.l.rootVars(x, memory) {
		u.change(v, memory)
	}
}
