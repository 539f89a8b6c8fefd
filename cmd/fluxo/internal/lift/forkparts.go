package lift

// Forked functions in two parts: what computes, up to the last step, and what
// joins its results with those of others. Only the first can be begun beside
// other functions under a plan, since every function changes what all share in
// the second, in source order or under a lock that the lift took out.
//
//	out[i], err = F(x)                       F(x) │ out[i], err = …
//	if v, err := F(x); err != nil {          v, err := F(x) │ if err != nil {
//		return err                           	return err
//	} else {                                 } else {
//		out[i] = v                           	out[i] = v
//	}                                        }
//
// An if whose body holds such a statement is divided: see divided.go.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// parts cuts the body of a function forked at s behind its last step outside of locks: behind
// the statement, and the guards that follow it; or inside the statement, where that
// goes on to change what functions share. split is that statement, which joins begin with, and
// whose head computes. A return that ends the body needs no part of its own.
func (l *lifter) parts(s ast.Stmt, list []ast.Stmt) (computes []ast.Stmt, split ast.Stmt, joins []ast.Stmt) {
	cut := 0
	for i, s := range list {
		if l.locks(s) {
			break
		}
		if l.hasOwn(s) || l.usesGroup(s) {
			cut = i + 1
		}
	}
	if cut > 0 && l.changesShared(s, list[cut-1]) && (l.hasHead(list[cut-1]) || l.isDivisible(s, list[cut-1])) {
		return list[:cut-1], list[cut-1], list[cut-1:]
	}
	for cut < len(list) && isGuard(list[cut]) && !l.hasOwn(list[cut]) && !l.locks(list[cut]) && !l.changesShared(s, list[cut]) {
		cut++
	}
	if rest := list[cut:]; len(rest) == 1 {
		if _, ok := rest[0].(*ast.ReturnStmt); ok {
			return list, nil, nil
		}
	}
	return list[:cut], nil, list[cut:]
}

// isGuard reports whether s is an if that leaves, or does nothing.
func isGuard(s ast.Stmt) bool {
	i, ok := s.(*ast.IfStmt)
	return ok && i.Else == nil && ends(i.Body.List)
}

// locks reports whether s is about a lock, the flow's own or another.
func (l *lifter) locks(s ast.Node) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			fn := calleeOf(l.info, c)
			found = found || fn != nil && fn.Signature().Recv() != nil && isLock(fn.Signature().Recv().Type())
		}
		return !found
	})
	return found
}

// hasHead reports whether all that s calls is called before anything else in it happens.
func (l *lifter) hasHead(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.AssignStmt:
		return s.Tok != token.DEFINE && !l.usesGroup(s)
	case *ast.IfStmt:
		return l.isLeaf(s.Body) && (isNil(s.Else) || l.isLeaf(s.Else)) && !l.usesGroup(s)
	case *ast.SwitchStmt:
		return l.isLeaf(s.Body) && !l.usesGroup(s)
	}
	return false
}

// head lifts what s, in a function forked at fork, calls before anything else in it
// happens. The lift of s itself goes on from there.
func (l *lifter) head(fork, s ast.Stmt) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		for _, x := range slices.Concat(s.Lhs, s.Rhs) {
			l.hoist(x)
		}
	case *ast.IfStmt:
		if l.isDivided(s) {
			l.init(s.Init, s)
			l.divide(fork, s)
			return
		}
		l.headInit(fork, s.Init, s)
		l.hoist(s.Cond)
	case *ast.SwitchStmt:
		l.headInit(fork, s.Init, s)
		l.hoist(s.Tag)
	}
}

func (l *lifter) headInit(fork, init, s ast.Stmt) {
	if l.hasHead(init) {
		l.head(fork, init)
		return
	}
	l.init(init, s)
}

// changesShared reports whether n, in a function forked at s, changes what others may
// change too: memory, and variables from outside by more than an assignment.
func (l *lifter) changesShared(s ast.Stmt, n ast.Node) bool {
	found := false
	change := func(x ast.Expr, alone bool) {
		id, whole := ast.Unparen(x).(*ast.Ident)
		if whole && (alone || id.Name == "_") {
			return
		}
		v := l.variableOf(x)
		found = found || v == nil || v.Pos() < s.Pos() || s.End() <= v.Pos()
	}
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IncDecStmt:
			change(n.X, false)
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				change(x, (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) && !l.mentions(n.Rhs, l.variableOf(x)))
			}
		}
		return !found
	})
	return found
}

// mentions reports whether an expression of list names o.
func (l *lifter) mentions(list []ast.Expr, o types.Object) bool {
	return slices.ContainsFunc(list, func(e ast.Expr) bool {
		found := false
		ast.Inspect(e, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			found = found || ok && o != nil && l.info.Uses[id] == o
			return !found
		})
		return found
	})
}
