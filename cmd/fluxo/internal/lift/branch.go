package lift

// if, switch and type switch: failure edges, glue and branches.

import (
	"go/ast"
	"go/token"

	"fluxo.dev/fluxo/graph"
)

func (l *lifter) ifStmt(s *ast.IfStmt) {
	l.takeLabel()
	if d := l.divided[s]; d != nil {
		l.joinDivided(s, d)
		return
	}
	l.init(s.Init, s)
	if l.failEdge(s) || l.answers(s) {
		return
	}
	if l.isLeafNow(s) {
		l.glue(s)
		return
	}
	l.branch(s, func() { l.stmts(s.Body.List) }, func() { l.stmt(s.Else) })
}

// branch lifts s with what its blocks hold.
func (l *lifter) branch(s *ast.IfStmt, then, otherwise func()) {
	l.hoist(s.Cond)
	u := l.newUse()
	u.expr(s.Cond)
	n := l.add(graph.Branch, join("if", l.nameOf(s.Cond)), s, u, &If{Cond: s.Cond})
	n.Text = l.header(s, s.Body)
	n.Blocks = append(n.Blocks, l.within(then))
	if s.Else != nil {
		n.Blocks = append(n.Blocks, l.within(otherwise))
		n.Total = true
	}
	l.forget(n)
}

// init lifts the init statement of s, unless it has been lifted or s becomes one node with it.
func (l *lifter) init(init, s ast.Stmt) {
	if isNil(init) || l.flow.Lifted[init] || l.isLeaf(s) {
		return
	}
	l.stmt(init)
	l.flow.Lifted[init] = true
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
