package lift

// Function literals that are stored: in a variable that is assigned more than
// once, in a struct, in a slice. Such a literal refers to the variables of the
// frame it was made on, and a plan may run its caller on another one; so what
// it captures must not change afterwards.

import (
	"go/ast"
	"go/token"
	"go/types"
)

// storedLiterals reports those that capture a variable which changes after
// them, or which they change.
func (l *lifter) storedLiterals() {
	direct := map[*ast.FuncLit]bool{} // called, passed to a call, or written again where they are used
	for _, lit := range l.flow.Funcs {
		direct[lit] = true
	}
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok && l.call(c).kind != builtin {
			for _, e := range append([]ast.Expr{c.Fun}, c.Args...) {
				if lit, ok := ast.Unparen(e).(*ast.FuncLit); ok {
					direct[lit] = true
				}
			}
		}
		if lit, ok := n.(*ast.FuncLit); ok && !direct[lit] {
			l.settled(lit)
		}
		return true
	})
}

func (l *lifter) settled(lit *ast.FuncLit) {
	a := &aliases{l: l}
	loop := l.loopAround(lit)
	for _, o := range a.captured(lit) {
		if at := l.changedAfter(o, lit, loop); at != nil {
			l.report(lit, "FX215", "a function that is stored captures "+o.Name()+", which changes at "+l.pos(at).String(),
				"capture a copy that does not change, or call the function where it is written")
			return
		}
	}
}

// loopAround returns the outermost loop around a place; nil if there is none.
func (l *lifter) loopAround(at ast.Node) ast.Node {
	var loop ast.Node
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if loop == nil && n.Pos() <= at.Pos() && at.End() <= n.End() {
				loop = n
			}
		}
		return loop == nil
	})
	return loop
}

// changedAfter returns an assignment to o that may run after lit was made.
func (l *lifter) changedAfter(o types.Object, lit *ast.FuncLit, loop ast.Node) ast.Node {
	var found ast.Node
	note := func(at ast.Node, x ast.Expr, declares bool) {
		id, ok := ast.Unparen(x).(*ast.Ident)
		if !ok || l.info.ObjectOf(id) != o || declares && l.info.Defs[id] != nil {
			return
		}
		inLoop := loop != nil && loop.Pos() <= at.Pos() && at.End() <= loop.End() && o.Pos() < loop.Pos()
		if found == nil && (at.Pos() >= lit.Pos() || inLoop) {
			found = at
		}
	}
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				note(n, x, n.Tok == token.DEFINE)
			}
		case *ast.IncDecStmt:
			note(n, n.X, false)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				note(n, n.Key, false)
				if n.Value != nil {
					note(n, n.Value, false)
				}
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n, n.X, false)
			}
		}
		return true
	})
	return found
}
