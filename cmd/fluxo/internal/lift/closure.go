package lift

// Function literals bound to a variable that is never assigned again: their
// text is written again in every node that uses the variable, so that what
// they capture is always the variables of the frame they run on.

import (
	"go/ast"
	"go/types"
)

// localFuncs finds them: f := func … and var f func …; f = func … .
func (l *lifter) localFuncs() map[types.Object]*ast.FuncLit {
	found := map[types.Object]*ast.FuncLit{}
	assigned := map[types.Object]int{}
	note := func(lhs ast.Expr, rhs ast.Expr) {
		id, ok := lhs.(*ast.Ident)
		if !ok {
			return
		}
		o := l.info.ObjectOf(id)
		if o == nil {
			return
		}
		assigned[o]++
		if lit, ok := ast.Unparen(rhs).(*ast.FuncLit); ok {
			found[o] = lit
		}
	}
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, x := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) {
					note(x, n.Rhs[i])
				} else {
					note(x, nil)
				}
			}
		case *ast.ValueSpec:
			for i, id := range n.Names {
				if i < len(n.Values) && len(n.Values) == len(n.Names) {
					note(id, n.Values[i])
				}
			}
		case *ast.UnaryExpr:
			if id, ok := n.X.(*ast.Ident); ok {
				assigned[l.info.Uses[id]] += 2 // its address may be used to assign it
			}
		}
		return true
	})
	for o := range found {
		if assigned[o] != 1 {
			delete(found, o)
		}
	}
	return found
}

// isLocalFunc reports whether n only binds such a literal, or declares the
// variable for it: there is nothing to do then.
func (l *lifter) isLocalFunc(n ast.Node) bool {
	var names []ast.Expr
	switch n := n.(type) {
	case *ast.AssignStmt:
		names = n.Lhs
	case *ast.ValueSpec:
		for _, id := range n.Names {
			names = append(names, id)
		}
	}
	for _, x := range names {
		id, ok := x.(*ast.Ident)
		if !ok || l.flow.Funcs[l.info.ObjectOf(id)] == nil {
			return false
		}
	}
	return len(names) > 0
}
