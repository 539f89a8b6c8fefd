package lift

// The bodies of forked functions, lifted in place, and their returns.

import (
	"go/ast"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// An inlined function is one whose body is being lifted in place.
type inlined struct {
	group *group
	err   *Var // what a return sets unless it has been set; nil for a function without an error
	named *Var // its result, if that has a name
	once  bool // it stands in a loop of one iteration
	depth int  // of that loop's scope
}

// fork lifts a function literal that is run beside the flow.
func (l *lifter) fork(s ast.Stmt, lit *ast.FuncLit, args []ast.Expr, g *group) {
	for _, arg := range args {
		l.hoist(arg)
	}
	from := len(l.block.Nodes)
	if d := l.ownDefer(lit); d != nil {
		l.report(d, "FX218", "a function that is run beside the flow defers a call",
			"call it at the end of the function, or move the function's body into one of its own")
		return
	}
	if sig := l.info.TypeOf(lit).(*types.Signature); sig.Variadic() || sig.Params().Len() != len(args) {
		l.report(lit.Type, "FX218", "the arguments of a function that is run beside the flow are not one for each parameter",
			"let it use the variables of the flow, or take a slice")
		return
	}
	i := 0
	for _, field := range lit.Type.Params.List {
		for _, name := range field.Names {
			if name.Name != "_" {
				u := l.newUse()
				u.expr(args[i])
				v := l.local(l.info.Defs[name])
				u.set(v)
				l.add(graph.Glue, glueNameOf(u), args[i], u, &Set{Vars: []*Var{v}, Expr: args[i], Err: -1})
			}
			i++
		}
	}
	var list []ast.Stmt
	for _, s := range lit.Body.List {
		if id, method := l.groupCall(callOf(s)); id == nil || method != "Done" {
			list = append(list, s)
		}
	}
	outer, targets := l.inlined, l.targets
	l.targets = nil
	l.inlined = &inlined{group: g, err: g.err, named: l.namedResult(lit)}
	joinsFrom, joins := l.forkBody(s, list, g)
	l.inlined, l.targets = outer, targets
	if !l.movesAway(lit) {
		l.markFork(g, from, joinsFrom, joins)
	}
}

// namedResult declares the named result of a forked function; nil if it has none.
func (l *lifter) namedResult(lit *ast.FuncLit) *Var {
	if lit.Type.Results == nil || len(lit.Type.Results.List[0].Names) == 0 {
		return nil
	}
	name := lit.Type.Results.List[0].Names[0]
	u := l.newUse()
	v := l.local(l.info.Defs[name])
	u.set(v)
	l.add(graph.Glue, glueNameOf(u), name, u, &Zero{Vars: []*Var{v}})
	return v
}

// ownDefer returns a deferred call of lit that is not about a group.
func (l *lifter) ownDefer(lit *ast.FuncLit) ast.Node {
	var found ast.Node
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			if id, _ := l.groupCall(n.Call); id == nil && found == nil {
				found = n
			}
		}
		return true
	})
	return found
}

// returnsEarly reports whether list holds a return that is not its last statement.
func returnsEarly(list []ast.Stmt) bool {
	for i, s := range list {
		if _, ok := s.(*ast.ReturnStmt); ok && i == len(list)-1 {
			return false
		}
		found := false
		ast.Inspect(s, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ReturnStmt:
				found = true
			}
			return !found
		})
		if found {
			return true
		}
	}
	return false
}

// inlinedReturn lifts a return of an inlined function.
func (l *lifter) inlinedReturn(s *ast.ReturnStmt) {
	for _, e := range s.Results {
		l.hoist(e)
	}
	u := l.newUse()
	u.inlinedReturn(s)
	if u.exits == 0 && len(u.out) == 0 {
		return
	}
	l.add(graph.Glue, glueNameOf(u), s, u, &Stmts{List: []ast.Stmt{s}})
}

// inlinedReturn notes a return of an inlined function, and what it becomes.
func (u *use) inlinedReturn(s *ast.ReturnStmt) {
	in := u.l.inlined
	r := &InlinedReturn{}
	if in.once {
		r.Jump = &Jump{Out: u.l.scope.Depth() - in.depth}
		u.exits |= graph.Break
		u.loops = max(u.loops, r.Jump.Out)
	}
	switch {
	case len(s.Results) == 1 && !u.l.isNilExpr(s.Results[0]):
		r.Expr = s.Results[0]
	case len(s.Results) == 0 && in.named != nil:
		r.Expr = &ast.Ident{Name: "_", NamePos: s.Pos()} // stands for the named result
		u.l.flow.Hoisted[r.Expr] = []*Var{in.named}
	}
	if r.Expr != nil {
		u.expr(r.Expr)
		r.First = in.err
		u.read(r.First)
		u.set(r.First)
		if in.err != nil && in.err == in.group.err {
			r.Stop = in.group.stop
			u.stops(in.group, s)
		}
	}
	u.l.flow.Returns[s] = r
}
