package lift

// The context of the request: r.Context() written in the arguments of a call is
// evaluated once, where the flow begins. Otherwise every such call would wait
// for the request handle, and no two could run together.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// requestContexts lifts the contexts of parameters that the flow does not
// change: all occurrences that are not themselves assigned to a variable.
func (l *lifter) requestContexts() {
	assigned := map[ast.Expr]bool{}
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, e := range a.Rhs {
				assigned[e] = true
			}
		}
		return true
	})
	byText := map[string]*Var{}
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || !l.isRequestContext(c) {
			return true
		}
		text := l.oneLine(c)
		if byText[text] == nil {
			if assigned[c] {
				return false
			}
			u := l.newUse()
			u.expr(c)
			v := l.temp(l.info.TypeOf(c))
			u.set(v)
			l.add(graph.Glue, join("glue", l.nameOf(c)), c, u, &Set{Vars: []*Var{v}, Expr: c, Err: -1})
			byText[text] = v
		}
		l.flow.Hoisted[c] = []*Var{byText[text]}
		return false
	})
}

// isRequestContext reports whether c takes the context of a request-scoped
// parameter, by methods and fields alone.
func (l *lifter) isRequestContext(c *ast.CallExpr) bool {
	if !isContext(l.info.TypeOf(c)) || len(c.Args) > 0 || len(l.call(c).effects) > 0 || l.call(c).fn == nil {
		return false
	}
	e := ast.Expr(c)
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.CallExpr:
			if len(x.Args) > 0 {
				return false
			}
			e = x.Fun
		case *ast.SelectorExpr:
			e = x.X
		case *ast.Ident:
			v := l.flow.vars[l.info.Uses[x]]
			return v != nil && v.Role == graph.Param && v.Kind == graph.Handle && !l.replaced(v.Object)
		default:
			return false
		}
	}
}

// replaced reports whether the flow assigns to o or to a field of it, or gives
// it another request.
func (l *lifter) replaced(o types.Object) bool {
	found := false
	starts := func(e ast.Expr) bool {
		for {
			switch x := ast.Unparen(e).(type) {
			case *ast.SelectorExpr:
				e = x.X
			case *ast.StarExpr:
				e = x.X
			case *ast.Ident:
				return l.info.ObjectOf(x) == o
			default:
				return false
			}
		}
	}
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				found = found || starts(x)
			}
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && starts(n.X)
		case *ast.SelectorExpr:
			found = found || n.Sel.Name == "SetRequest" && starts(n.X)
		}
		return !found
	})
	return found
}
