package lift

// if, switch and type switch: failure edges, glue and branches.

import (
	"go/ast"
	"go/token"

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
