package lift

// Failure edges: code behind a step that runs, and ends, only if the step's error is set.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/graph"
)

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
	l.guard(n, g.Cond)
	n.Text = l.oneLine(span{at.Pos(), body.End()})
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

// guard notes the condition of a node that leaves its block if it holds, and
// does nothing otherwise.
func (l *lifter) guard(n *graph.Node, cond ast.Expr) {
	u := l.newUse()
	u.expr(cond)
	if len(u.out)+len(u.edit) == 0 {
		l.guards[n] = u.in
	}
}
