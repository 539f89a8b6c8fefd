package lift

// Variables of loops: whose they are, and which language version says so.

import (
	"go/ast"
	"go/token"
	"go/types"
	"go/version"

	"fluxo.dev/fluxo/graph"
)

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
		if indexOfVar(drop, v) < 0 && (v.Of == nil || indexOfVar(drop, v.Of) < 0) {
			left = append(left, v)
		}
	}
	return left
}
