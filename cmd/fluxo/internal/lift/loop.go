package lift

// Loops that hold nodes of their own.

import (
	"go/ast"

	"fluxo.dev/fluxo/graph"
)

// loop lifts a loop: head makes its node on a new scope, body its block.
func (l *lifter) loop(s ast.Stmt, label string, canContinue bool, head func(inside *Scope) *graph.Node, body func()) *graph.Node {
	inside := &Scope{Up: l.scope}
	n := head(inside)
	inside.Loop = n
	l.sharedLoopVars(s, inside)
	l.flow.Scopes = append(l.flow.Scopes, inside)

	outer := l.scope
	l.scope = inside
	l.targets = append(l.targets, target{node: n, stmt: s, label: label, loop: canContinue, depth: inside.Depth()})
	n.Blocks = []*graph.Block{l.within(body)}
	l.targets = l.targets[:len(l.targets)-1]
	l.scope = outer

	l.settleKind(n, inside)
	l.forget(n)
	return n
}

// once lifts a block that can be left in its middle: a loop of one iteration.
func (l *lifter) once(s ast.Stmt, label string, body func()) { l.onceAs("block", s, label, body) }

func (l *lifter) onceAs(base string, s ast.Stmt, label string, body func()) {
	n := l.loop(s, label, false, func(*Scope) *graph.Node {
		n := l.add(graph.Fold, base, s, l.newUse(), &Once{})
		n.Text = ""
		return n
	}, body)
	n.Kind = graph.Fold
}

func (l *lifter) rangeStmt(s *ast.RangeStmt) {
	label := l.takeLabel()
	if l.isLeaf(s) {
		l.glue(s)
		return
	}
	l.hoist(s.X)
	if l.isLeaf(s.Body) {
		l.glue(s)
		return
	}
	r := &Range{Stmt: s}
	l.loop(s, label, true, func(inside *Scope) *graph.Node {
		u := l.newUse()
		u.expr(s.X)
		outer := l.scope
		l.scope = inside
		r.Key, r.Value = l.rangeVar(s.Key, s, u, 0), l.rangeVar(s.Value, s, u, 1)
		l.scope = outer
		n := l.add(graph.Each, join("each", l.nameOf(s.X)), s, u, r)
		n.Text = l.header(s, s.Body)
		return n
	}, func() {
		l.rangeAssign(s, r)
		l.stmts(s.Body.List)
	})
}

func (l *lifter) forStmt(s *ast.ForStmt) {
	label := l.takeLabel()
	if l.isLeaf(s) {
		l.glue(s)
		return
	}
	if s.Cond == nil {
		does := "uses a lock or a group, or defers a call"
		if calls := l.ownCalls(s); len(calls) > 0 {
			does = "calls " + l.nameOf(calls[0])
		}
		l.report(span{s.For, s.Body.Lbrace}, "FX205", "a loop without a condition "+does,
			"give the loop a condition or a range; or move it into a function of its own, which the flow calls as a step")
		return
	}
	f := &For{Stmt: s, Inside: l.hasOwn(s.Cond), PostInside: s.Post != nil && l.hasOwn(s.Post)}
	if f.PostInside && continues(s.Body, label) {
		l.report(s.Post, "FX212", "the post statement of the loop calls "+l.nameOf(l.ownCalls(s.Post)[0])+", and a continue leads to it",
			"call it at the end of the loop's body and before each continue")
		return
	}
	if a, ok := s.Init.(*ast.AssignStmt); ok {
		for _, x := range a.Rhs {
			l.hoist(x)
		}
	}
	l.loop(s, label, true, func(inside *Scope) *graph.Node {
		u := l.newUse()
		outer := l.scope
		l.scope = inside
		f.Vars = l.forVars(s)
		l.scope = outer
		u.stmt(s.Init)
		if !f.Inside {
			u.expr(s.Cond)
		}
		if !f.PostInside {
			u.stmt(s.Post)
		}
		u.in = without(u.in, f.Vars) // their parts as well
		n := l.add(graph.Each, join("each", l.forName(s, f)), s, u, f)
		n.Text = l.header(s, s.Body)
		return n
	}, func() {
		if f.Inside {
			l.hoist(s.Cond)
			u := l.newUse()
			u.expr(s.Cond)
			u.exits = graph.Break
			l.add(graph.Glue, join("until", l.nameOf(s.Cond)), s.Cond, u, &Until{Cond: s.Cond})
		}
		l.stmts(s.Body.List)
		if f.PostInside {
			l.stmt(s.Post)
		}
	})
}
