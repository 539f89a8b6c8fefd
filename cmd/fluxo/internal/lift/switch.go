package lift

// switch and type switch whose clauses hold nodes of their own.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

func (l *lifter) switchStmt(s *ast.SwitchStmt) {
	label := l.takeLabel()
	whole := l.isLeaf(s)
	l.init(s.Init, s)
	if s.Tag != nil {
		l.hoist(s.Tag)
	}
	if l.failSwitch(s) {
		return
	}
	if whole || l.isLeaf(s.Body) {
		l.glue(s)
		return
	}
	if !l.hoistFirstCase(s) {
		return
	}
	if fallsThrough(s.Body) {
		l.fallingClauses(s, label)
		return
	}
	l.clauses(s, s.Body, label, func() *graph.Node {
		return l.add(graph.Branch, join("switch", l.nameOf(s.Tag)), s, l.switchHead(s), &Switch{Stmt: s})
	})
}

// hoistFirstCase hoists the case expression that is evaluated in any case: the first one.
// It reports calls in later ones, which depend on those before; false if there are any.
func (l *lifter) hoistFirstCase(s *ast.SwitchStmt) bool {
	first := true
	for _, c := range s.Body.List {
		for _, e := range c.(*ast.CaseClause).List {
			if l.hasOwn(e) && !first {
				l.report(e, "FX216", "a case expression calls "+l.nameOf(l.ownCalls(e)[0])+", if those before it do not match",
					"write if … else if …, or call it before the switch if it may run in any case")
				return false
			}
			if l.hasOwn(e) {
				if s.Tag != nil {
					l.settle(s.Tag)
				}
				l.hoist(e)
			}
			first = false
		}
	}
	return true
}

// switchHead notes what choosing a clause uses.
func (l *lifter) switchHead(s *ast.SwitchStmt) *use {
	u := l.newUse()
	u.expr(s.Tag)
	for _, c := range s.Body.List {
		u.perhaps(func() { u.exprs(c.(*ast.CaseClause).List...) })
	}
	return u
}

// fallsThrough reports whether a clause goes on into the next.
func fallsThrough(body *ast.BlockStmt) bool {
	for _, c := range body.List {
		if falls(c.(*ast.CaseClause).Body) {
			return true
		}
	}
	return false
}

func falls(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	b, ok := list[len(list)-1].(*ast.BranchStmt)
	return ok && b.Tok == token.FALLTHROUGH
}

// fallingClauses lifts a switch with fallthrough: the number of the clause to
// run is a temporary, each clause a branch, and one that falls through sets the
// temporary to the next.
func (l *lifter) fallingClauses(s *ast.SwitchStmt, label string) {
	lift := func() {
		next := l.temp(types.Typ[types.Int])
		u := l.switchHead(s)
		u.set(next)
		n := l.add(graph.Glue, join("glue.switch", l.nameOf(s.Tag)), s, u, &Choose{Stmt: s, Var: next})
		n.Text = l.header(s, s.Body)
		for i, c := range s.Body.List {
			c := c.(*ast.CaseClause)
			u := l.newUse()
			u.read(next)
			n := l.add(graph.Branch, join("case", l.nameOf(s.Tag)), c, u, &Chosen{Var: next, Clause: i})
			n.Text = l.oneLine(span{c.Case, c.Colon + 1})
			n.Blocks = []*graph.Block{l.within(func() {
				list := withoutLastBreak(c.Body)
				if falls(list) {
					list = list[:len(list)-1]
				}
				l.stmts(list)
				if falls(c.Body) {
					u := l.newUse()
					u.set(next)
					l.add(graph.Glue, "fallthrough", c.Body[len(c.Body)-1], u, &Choose{Var: next, Clause: i + 1})
				}
			})}
			l.forget(n)
		}
	}
	l.leavable(s, s.Body, label, lift)
}

func (l *lifter) typeSwitchStmt(s *ast.TypeSwitchStmt) {
	label := l.takeLabel()
	whole := l.isLeaf(s)
	l.init(s.Init, s)
	x := typeSwitchOperand(s)
	l.hoist(x)
	if whole || l.isLeaf(s.Body) {
		l.glue(s)
		return
	}
	code := &TypeSwitch{Stmt: s}
	l.clauses(s, s.Body, label, func() *graph.Node {
		u := l.newUse()
		u.expr(x)
		for _, c := range s.Body.List {
			var v *Var
			if o := l.info.Implicits[c]; o != nil {
				v = l.local(o)
				u.set(v) // nobody reads it but its clause
			}
			code.Bound = append(code.Bound, v)
		}
		return l.add(graph.Branch, join("switch", l.nameOf(x)), s, u, code)
	})
}

// typeSwitchOperand returns x of switch y := x.(type).
func typeSwitchOperand(s *ast.TypeSwitchStmt) ast.Expr {
	var e ast.Expr
	switch a := s.Assign.(type) {
	case *ast.AssignStmt:
		e = a.Rhs[0]
	case *ast.ExprStmt:
		e = a.X
	}
	return ast.Unparen(e).(*ast.TypeAssertExpr).X
}

// clauses lifts a switch whose clauses become blocks. One that is left by a
// break in its middle stands in a loop of one iteration.
func (l *lifter) clauses(s ast.Stmt, body *ast.BlockStmt, label string, head func() *graph.Node) {
	lift := func() {
		n := head()
		n.Text = l.header(s, body)
		for _, c := range body.List {
			list := withoutLastBreak(c.(*ast.CaseClause).Body)
			n.Blocks = append(n.Blocks, l.within(func() { l.stmts(list) }))
			n.Total = n.Total || c.(*ast.CaseClause).List == nil
		}
		l.forget(n)
	}
	l.leavable(s, body, label, lift)
}

// leavable lifts a switch in a loop of one iteration if a break leaves it in
// the middle of a clause.
func (l *lifter) leavable(s ast.Stmt, body *ast.BlockStmt, label string, lift func()) {
	inner := false
	for _, c := range body.List {
		inner = inner || breaks(withoutLastBreak(c.(*ast.CaseClause).Body))
	}
	if inner || label != "" && breaksTo(body, label) {
		l.once(s, label, lift)
		return
	}
	lift()
}

// withoutLastBreak drops a break that would only end the clause.
func withoutLastBreak(list []ast.Stmt) []ast.Stmt {
	if n := len(list); n > 0 {
		if b, ok := list[n-1].(*ast.BranchStmt); ok && b.Tok == token.BREAK && b.Label == nil {
			return list[:n-1]
		}
	}
	return list
}

// breaksTo reports whether a labelled break in n names label.
func breaksTo(n ast.Node, label string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Tok == token.BREAK && b.Label != nil && b.Label.Name == label
		return !found
	})
	return found
}
