package lift

// Conditions around the last step of a forked function: an if in two parts, of which
// the second goes by where the first has come to.
//
//	if k != "" {                             if k != "" {
//		out[i] = F(k)                        	F(k); came = 1
//	} else {                                 } else { came = 2 } │
//		out[i] = 0                           if came == 1 { out[i] = … }
//	}                                        if came == 2 { out[i] = 0 }

import (
	"go/ast"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// A divided if has had its first part lifted.
type divided struct {
	came *Var // where that has come to: 1 for the end of the body, 2 for the else
	body []ast.Stmt
}

// isDivisible reports whether s is an if that can be divided: what its body calls comes
// before something that joins, and its else calls nothing.
func (l *lifter) isDivisible(fork, s ast.Stmt) bool {
	i, ok := s.(*ast.IfStmt)
	if !ok || l.usesGroup(s) || !isNil(i.Else) && !l.isLeaf(i.Else) {
		return false
	}
	_, _, joins := l.parts(fork, i.Body.List)
	return len(joins) > 0
}

// isDivided reports whether s, which is split, is an if that calls something in its body.
func (l *lifter) isDivided(s ast.Stmt) bool {
	i, ok := s.(*ast.IfStmt)
	return ok && !l.isLeaf(i.Body)
}

// divide lifts the first part of s.
func (l *lifter) divide(fork ast.Stmt, s *ast.IfStmt) {
	computes, split, joins := l.parts(fork, s.Body.List)
	d := &divided{came: l.newVar("go.if", nil, types.Typ[types.Int], graph.Local, l.declaring()), body: joins}
	l.divided[s] = d
	l.cameTo(s, d.came, 0)
	l.branch(s, func() {
		l.stmts(computes)
		l.head(fork, split)
		l.cameTo(s, d.came, 1)
	}, func() { l.cameTo(s, d.came, 2) })
}

// joinDivided lifts the second part of s.
func (l *lifter) joinDivided(s *ast.IfStmt, d *divided) {
	l.ifCameTo(s, d.came, 1, func() { l.stmts(d.body) })
	if s.Else != nil {
		l.ifCameTo(s, d.came, 2, func() { l.stmt(s.Else) })
	}
}

// cameTo notes in v that a place has been reached.
func (l *lifter) cameTo(s ast.Stmt, v *Var, place int) {
	u := l.newUse()
	u.set(v)
	l.add(graph.Glue, "glue.done", s, u, &Choose{Var: v, Clause: place}).Text = ""
}

// ifCameTo lifts what depends on that.
func (l *lifter) ifCameTo(s ast.Stmt, v *Var, place int, body func()) {
	u := l.newUse()
	u.read(v)
	n := l.add(graph.Branch, "if.done", s, u, &Chosen{Var: v, Clause: place})
	n.Text = ""
	n.Blocks = []*graph.Block{l.within(body)}
	l.forget(n)
}
