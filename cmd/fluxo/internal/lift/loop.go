package lift

// Loops that hold nodes of their own.

import (
	"go/ast"
	"go/token"
	"go/types"
	"go/version"

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
	l.targets = append(l.targets, target{stmt: s, label: label, loop: canContinue, depth: inside.Depth()})
	n.Blocks = []*graph.Block{l.within(body)}
	l.targets = l.targets[:len(l.targets)-1]
	l.scope = outer

	l.settleKind(n, inside)
	l.forget(n)
	return n
}

// sharedLoopVars reports a variable of the loop that something may refer to
// beyond its iteration, in a file whose language has one variable for all of
// them (before Go 1.22): the lifted loop has one for each.
func (l *lifter) sharedLoopVars(s ast.Stmt, inside *Scope) {
	v := l.info.FileVersions[l.file()]
	if v == "" {
		v = l.Types.GoVersion()
	}
	if v == "" || version.Compare(v, "go1.22") >= 0 {
		return
	}
	for _, v := range inside.Vars {
		if v.Object != nil && (l.addressed[v.Object] || l.isCaptured(v.Object, s)) {
			l.report(l.whereOf(v.Object), "FX219", "the loop variable "+v.name()+" may be used after its iteration",
				"copy it in the loop: "+v.name()+" := "+v.name()+"; or let go.mod say go 1.22 or later")
		}
	}
}

// file returns the file that the flow stands in.
func (l *lifter) file() *ast.File {
	for _, f := range l.Files {
		if f.FileStart <= l.flow.Decl.Pos() && l.flow.Decl.End() <= f.FileEnd {
			return f
		}
	}
	return nil
}

// isCaptured reports whether a function literal in n uses o.
func (l *lifter) isCaptured(o types.Object, n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		lit, ok := n.(*ast.FuncLit)
		found = found || ok && mentionsObject(l.info, lit, o)
		return !found
	})
	return found
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

// rangeVar declares the iteration's own variable for key or value; nil if the
// loop does not use it.
func (l *lifter) rangeVar(e ast.Expr, s *ast.RangeStmt, u *use, i int) *Var {
	if e == nil {
		return nil
	}
	id, ok := e.(*ast.Ident)
	if ok && id.Name == "_" {
		return nil
	}
	var v *Var
	if s.Tok == token.DEFINE {
		v = l.local(l.info.Defs[id])
	} else {
		v = l.temp(rangeTypes(l.info.TypeOf(s.X))[i])
	}
	u.set(v)
	return v
}

// rangeAssign sets the variables of a range without :=.
func (l *lifter) rangeAssign(s *ast.RangeStmt, r *Range) {
	if s.Tok != token.ASSIGN {
		return
	}
	for i, e := range []ast.Expr{s.Key, s.Value} {
		v := []*Var{r.Key, r.Value}[i]
		if v == nil {
			continue
		}
		from := &ast.Ident{Name: "_", NamePos: e.Pos()} // stands for the temporary
		l.flow.Hoisted[from] = []*Var{v}
		a := &ast.AssignStmt{Lhs: []ast.Expr{e}, Tok: token.ASSIGN, TokPos: e.End(), Rhs: []ast.Expr{from}}
		u := l.newUse()
		u.read(v)
		u.target(e)
		l.add(graph.Glue, glueNameOf(u), e, u, &Stmts{List: []ast.Stmt{a}})
	}
}

// rangeTypes are the types of key and value of a range over t.
func rangeTypes(t types.Type) [2]types.Type {
	integer, char := types.Type(types.Typ[types.Int]), types.Type(types.Typ[types.Rune])
	switch u := t.Underlying().(type) {
	case *types.Basic:
		if u.Info()&types.IsString != 0 {
			return [2]types.Type{integer, char}
		}
		return [2]types.Type{t, nil}
	case *types.Slice:
		return [2]types.Type{integer, u.Elem()}
	case *types.Array:
		return [2]types.Type{integer, u.Elem()}
	case *types.Pointer:
		return [2]types.Type{integer, u.Elem().Underlying().(*types.Array).Elem()}
	case *types.Map:
		return [2]types.Type{u.Key(), u.Elem()}
	case *types.Signature:
		yield := u.Params().At(0).Type().Underlying().(*types.Signature)
		var all [2]types.Type
		for i := range yield.Params().Len() {
			all[i] = yield.Params().At(i).Type()
		}
		return all
	}
	return [2]types.Type{}
}

func (l *lifter) forStmt(s *ast.ForStmt) {
	label := l.takeLabel()
	if l.isLeaf(s) {
		l.glue(s)
		return
	}
	if s.Cond == nil {
		l.report(span{s.For, s.Body.Lbrace}, "FX205", "a loop without a condition calls "+l.nameOf(l.ownCalls(s)[0]),
			"give the loop a condition or a range; or move it into a function of its own, which the flow calls as a step")
		return
	}
	if s.Post != nil && l.hasOwn(s.Post) {
		l.report(s.Post, "FX212", "the post statement of the loop calls "+l.nameOf(l.ownCalls(s.Post)[0]),
			"call it at the end of the loop's body")
		return
	}
	if a, ok := s.Init.(*ast.AssignStmt); ok {
		for _, x := range a.Rhs {
			l.hoist(x)
		}
	}
	f := &For{Stmt: s, Inside: l.hasOwn(s.Cond)}
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
		u.stmt(s.Post)
		u.in = without(u.in, f.Vars)
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
	})
}

// forVars declares the variables of the init statement.
func (l *lifter) forVars(s *ast.ForStmt) []*Var {
	a, ok := s.Init.(*ast.AssignStmt)
	if !ok || a.Tok != token.DEFINE {
		return nil
	}
	return l.assigned(a.Lhs)
}

// forName names a three-clause loop after its variable, or what it tests.
func (l *lifter) forName(s *ast.ForStmt, f *For) string {
	if len(f.Vars) > 0 && f.Vars[0] != nil {
		return f.Vars[0].Object.Name()
	}
	if s.Cond != nil {
		return l.nameOf(s.Cond)
	}
	return ""
}

func without(list, drop []*Var) []*Var {
	var left []*Var
	for _, v := range list {
		if indexOfVar(drop, v) < 0 {
			left = append(left, v)
		}
	}
	return left
}

// jump says where a break or continue goes; false if it stays inside the glue
// that is being walked.
func (l *lifter) jump(s *ast.BranchStmt) (Jump, bool) {
	t := l.jumpTarget(s)
	if t == nil {
		return Jump{}, false
	}
	return Jump{Out: l.scope.Depth() - t.depth, Continue: s.Tok == token.CONTINUE}, true
}

// jumpTarget finds the lifted loop that s leaves; nil if s leaves a statement
// that stands between it and that loop.
func (l *lifter) jumpTarget(s *ast.BranchStmt) *target {
	for i := len(l.targets) - 1; i >= 0; i-- {
		t := &l.targets[i]
		if s.Label != nil {
			if s.Label.Name == t.label {
				return t
			}
			continue
		}
		if s.Tok == token.CONTINUE && !t.loop {
			continue
		}
		if l.leaves(s, t.stmt) {
			return t
		}
		return nil
	}
	return nil
}

// leaves reports whether s, a jump without a label, means around: nothing
// between them can be left by it.
func (l *lifter) leaves(s *ast.BranchStmt, around ast.Stmt) bool {
	var innermost ast.Node
	ast.Inspect(around, func(n ast.Node) bool {
		if n == nil || n.Pos() > s.Pos() || n.End() < s.End() {
			return n == nil
		}
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			innermost = n
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			if s.Tok == token.BREAK {
				innermost = n
			}
		}
		return true
	})
	return innermost == ast.Node(around)
}
