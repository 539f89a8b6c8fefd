package lift

// if, switch and type switch: failure edges, glue and branches.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/graph"
)

func (l *lifter) ifStmt(s *ast.IfStmt) {
	l.takeLabel()
	if s.Init != nil && !l.isLeaf(s.Init) {
		l.stmt(s.Init)
		l.flow.Lifted[s.Init] = true
	} else if s.Init != nil && !l.isLeaf(s) {
		l.stmt(s.Init)
		l.flow.Lifted[s.Init] = true
	}
	if l.failEdge(s) {
		return
	}
	if l.isLeafNow(s) {
		l.glue(s)
		return
	}
	l.hoist(s.Cond)
	u := l.newUse()
	u.expr(s.Cond)
	n := l.add(graph.Branch, join("if", l.nameOf(s.Cond)), s, u, &If{Cond: s.Cond})
	n.Text = l.header(s, s.Body)
	n.Blocks = append(n.Blocks, l.within(func() { l.stmts(s.Body.List) }))
	if s.Else != nil {
		n.Blocks = append(n.Blocks, l.within(func() { l.stmt(s.Else) }))
		n.Total = true
	}
	l.forget(n)
}

// forget drops what was known of the variables that a branch or loop may set.
func (l *lifter) forget(n *graph.Node) {
	eachNode(&graph.Block{Nodes: []*graph.Node{n}}, func(n *graph.Node) {
		for _, id := range append(n.Out[:len(n.Out):len(n.Out)], n.Edit...) {
			l.forgetNonNil(&Var{Var: &graph.Var{ID: id}})
		}
	})
}

// isLeafNow is isLeaf for a statement whose init may have been lifted already.
func (l *lifter) isLeafNow(s *ast.IfStmt) bool {
	return l.isLeaf(s.Cond) && l.isLeaf(s.Body) && (s.Else == nil || l.isLeaf(s.Else)) &&
		(s.Init == nil || l.flow.Lifted[s.Init] || l.isLeaf(s.Init))
}

// header is the source of a statement up to its body, on one line.
func (l *lifter) header(s, body ast.Node) string {
	return l.oneLine(span{s.Pos(), body.Pos()})
}

// A span is a piece of source that is no syntax node of its own.
type span struct{ from, to token.Pos }

func (s span) Pos() token.Pos { return s.from }
func (s span) End() token.Pos { return s.to }

// failEdge lifts s as the failure edge of the step before it, if it is one:
// its condition fails unless that step's error is set, and its body ends.
func (l *lifter) failEdge(s *ast.IfStmt) bool {
	err := l.failing(s.Cond)
	if err == nil || s.Init != nil && !l.flow.Lifted[s.Init] {
		return false
	}
	switch {
	case l.impliesFailure(s.Cond, err) && ends(s.Body.List) && l.isLeaf(s.Body) && !l.hasOwn(s.Cond):
		l.fail(s, err, &Guard{Cond: s.Cond, Body: s.Body}, s.Body)
		l.stmt(s.Else)
		return true
	case l.isNilTest(s.Cond, err, token.EQL) && s.Else != nil:
		body, ok := s.Else.(*ast.BlockStmt)
		if !ok {
			body = &ast.BlockStmt{Lbrace: s.Else.Pos(), List: []ast.Stmt{s.Else}, Rbrace: s.Else.End()}
		}
		if ends(body.List) && l.isLeaf(body) {
			l.fail(s, err, &Guard{Cond: s.Cond, Not: true, Body: body}, body)
			l.stmts(s.Body.List)
			return true
		}
	}
	return false
}

// failing returns the error that n looks at, if a step of this block has set it
// last. Awaiting a group counts as a step.
func (l *lifter) failing(n ast.Node) types.Object {
	var found types.Object
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && found == nil {
			if v := l.flow.vars[l.info.Uses[id]]; v != nil && v.Kind == graph.Error && l.setter(v) != nil {
				found = v.Object
			}
		}
		return found == nil
	})
	return found
}

// setter returns the step of this block that has set the error v, if nothing else has since.
func (l *lifter) setter(v *Var) *graph.Node {
	for i := len(l.block.Nodes) - 1; i >= 0; i-- {
		n := l.block.Nodes[i]
		switch {
		case n.Err == v.ID && n.Kind != graph.Fail, l.joins[n] == v:
			return n
		case n.Kind != graph.Fail && slices.Contains(graph.SetsOf(n), v.ID):
			return nil
		}
	}
	return nil
}

// addFail adds a failure edge of the step that has set err.
func (l *lifter) addFail(at ast.Node, err types.Object, u *use, code Code) {
	v := l.flow.vars[err]
	step := l.setter(v)
	n := l.add(graph.Fail, "fail", at, u, code)
	n.Err = v.ID
	l.steps[n] = step
}

func (l *lifter) fail(at ast.Node, err types.Object, g *Guard, body *ast.BlockStmt) {
	u := l.newUse()
	u.expr(g.Cond)
	u.perhaps(func() { u.stmt(body) })
	l.addFail(at, err, u, g)
	n := l.last()
	n.Text = l.oneLine(span{at.Pos(), body.End()})
}

// impliesFailure reports whether e can only hold if err is not nil.
func (l *lifter) impliesFailure(e ast.Expr, err types.Object) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND:
			return l.impliesFailure(e.X, err) || l.impliesFailure(e.Y, err)
		case token.LOR:
			return l.impliesFailure(e.X, err) && l.impliesFailure(e.Y, err)
		case token.EQL:
			return l.isSentinelTest(e, err)
		}
		return l.isNilTest(e, err, token.NEQ)
	case *ast.UnaryExpr:
		return e.Op == token.NOT && l.isNilTest(e.X, err, token.EQL)
	case *ast.CallExpr:
		fn := l.call(e).fn
		return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "errors" &&
			(fn.Name() == "Is" || fn.Name() == "As") && l.names(e.Args[0], err) &&
			(fn.Name() == "As" || l.isPackageLevel(e.Args[1]))
	}
	return false
}

// isSentinelTest reports whether e is err == ErrX, a package's variable.
func (l *lifter) isSentinelTest(e *ast.BinaryExpr, err types.Object) bool {
	return l.names(e.X, err) && l.isPackageLevel(e.Y) || l.names(e.Y, err) && l.isPackageLevel(e.X)
}

func (l *lifter) isNilTest(e ast.Expr, err types.Object, op token.Token) bool {
	b, ok := ast.Unparen(e).(*ast.BinaryExpr)
	return ok && b.Op == op &&
		(l.names(b.X, err) && l.isNilExpr(b.Y) || l.names(b.Y, err) && l.isNilExpr(b.X))
}

func (l *lifter) isNilExpr(e ast.Expr) bool { return l.info.Types[e].IsNil() }

func (l *lifter) names(e ast.Expr, o types.Object) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	return ok && o != nil && l.info.Uses[id] == o
}

// isPackageLevel reports whether e names a variable of a package.
func (l *lifter) isPackageLevel(e ast.Expr) bool {
	var id *ast.Ident
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return false
	}
	v, ok := l.info.Uses[id].(*types.Var)
	return ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

func (l *lifter) switchStmt(s *ast.SwitchStmt) {
	label := l.takeLabel()
	whole := l.isLeaf(s)
	if s.Init != nil && !whole {
		l.stmt(s.Init)
		l.flow.Lifted[s.Init] = true
	}
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
	for _, c := range s.Body.List {
		for _, e := range c.(*ast.CaseClause).List {
			if l.hasOwn(e) {
				l.report(e, "FX216", "a case expression calls "+l.nameOf(e),
					"call it before the switch and test its result")
				return
			}
		}
	}
	if fallsThrough(s.Body) {
		l.fallingClauses(s, label)
		return
	}
	l.clauses(s, s.Body, label, func() *graph.Node {
		return l.add(graph.Branch, join("switch", l.nameOf(s.Tag)), s, l.switchHead(s), &Switch{Stmt: s})
	})
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
	if s.Init != nil && !whole {
		l.stmt(s.Init)
		l.flow.Lifted[s.Init] = true
	}
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

// failSwitch lifts a switch without a tag that only treats the error of the
// step before it as that step's failure edge.
func (l *lifter) failSwitch(s *ast.SwitchStmt) bool {
	err := l.failing(s.Body)
	if err == nil || s.Tag != nil || s.Init != nil && !l.flow.Lifted[s.Init] || !l.isLeaf(s.Body) {
		return false
	}
	success := false // a clause "case err == nil:" with nothing in it
	for _, c := range s.Body.List {
		c := c.(*ast.CaseClause)
		if len(c.List) == 1 && len(c.Body) == 0 && l.isNilTest(c.List[0], err, token.EQL) {
			success = true
			continue
		}
		if !ends(c.Body) || breaks(c.Body) || c.List == nil && !success {
			return false
		}
		for _, e := range c.List {
			if !success && !l.impliesFailure(e, err) {
				return false
			}
		}
	}
	if len(s.Body.List) == 0 {
		return false
	}
	u := l.newUse()
	u.stmt(s)
	l.addFail(s, err, u, &Stmts{List: []ast.Stmt{s}})
	return true
}
