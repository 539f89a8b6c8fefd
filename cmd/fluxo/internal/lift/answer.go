package lift

// Guards that answer for themselves, without an error to test:
//
//	if !ok {
//		http.NotFound(w, r)
//		return
//	}
//
// The condition becomes an error of the flow's own, and the rest a failure edge that tests
// it. So what holds of failure edges that answer for themselves holds of these: they are no part of
// what is kept or shared around them, which then stands for runs that they let pass.

import (
	"go/ast"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// answers lifts s if it is such a guard: its condition looks at plain values and does nothing
// else, and its body uses a handle of the request and returns.
func (l *lifter) answers(s *ast.IfStmt) bool {
	if l.inlined != nil || s.Else != nil || s.Init != nil && !l.flow.Lifted[s.Init] || !ends(s.Body.List) || !l.isLeaf(s.Cond) || !l.isLeaf(s.Body) {
		return false
	}
	cond, body := l.newUse(), l.newUse()
	cond.expr(s.Cond)
	body.perhaps(func() { body.stmt(s.Body) })
	if !cond.isPlain() || body.exits != graph.Return || !body.usesHandle() {
		return false
	}
	held := l.temp(errorType)
	cond.set(held)
	n := l.add(graph.Glue, join("glue.if", l.nameOf(s.Cond)), s, cond, &Holds{Var: held, Cond: s.Cond})
	n.Text = l.header(s, s.Body)
	l.joins[n] = held
	body.read(held)
	edge := l.add(graph.Fail, "fail", s.Body, body, &Guard{Held: held, Body: s.Body})
	edge.Err, edge.Text = held.ID, l.oneLine(s)
	l.steps[edge] = n
	l.guards[edge] = []*Var{held}
	return true
}

// isPlain reports whether a use only looks at values that are no handles.
func (u *use) isPlain() bool {
	return len(u.out)+len(u.edit)+len(u.effects) == 0 && !u.usesHandle() &&
		!slices.ContainsFunc(u.in, func(v *Var) bool { return v.Kind == graph.Context || v.Kind == graph.Func })
}

// usesHandle reports whether a use reads or changes a handle of the request.
func (u *use) usesHandle() bool {
	isHandle := func(v *Var) bool { return v.Kind == graph.Handle }
	return slices.ContainsFunc(u.in, isHandle) || slices.ContainsFunc(u.edit, isHandle)
}
