package lift

// The bodies of forked functions, lifted in place, and their returns.

import (
	"go/ast"
	"go/types"
	"slices"

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
	if in := l.inlined; !in.once && in.err == in.group.err && len(s.Results) == 1 {
		l.endsGroup(s, in.group, l.errorVar(s.Results[0]))
	}
	l.add(graph.Glue, glueNameOf(u), s, u, &Stmts{List: []ast.Stmt{s}})
}

// errorVar returns the variable that e is, or whose value it has been given; nil if none.
func (l *lifter) errorVar(e ast.Expr) *Var {
	if vars := l.flow.Hoisted[e]; len(vars) == 1 {
		return vars[0]
	}
	return l.flow.vars[l.variableOf(e)]
}

// stepThatSets returns the node of the step lifted last, if its error is what err holds: set
// by the step, or by an assignment of what it returned.
func (l *lifter) stepThatSets(err *Var) (*graph.Node, *Set) {
	k := len(l.block.Nodes)
	for i := k - 1; i >= max(k-2, 0); i-- {
		n := l.block.Nodes[i]
		switch code := l.flow.Code[n].(type) {
		case *Set:
			if code.Call != nil && code.Err >= 0 && code.Vars[code.Err] == err {
				return n, code
			}
			return nil, nil
		case *Stmts:
			a, ok := code.List[0].(*ast.AssignStmt)
			if !ok || len(code.List) > 1 || len(a.Rhs) != 1 || l.flow.vars[l.variableOf(a.Lhs[len(a.Lhs)-1])] != err {
				return nil, nil
			}
			given := l.flow.Hoisted[a.Rhs[0]]
			if len(given) != len(a.Lhs) {
				return nil, nil
			}
			err = given[len(given)-1]
		default:
			return nil, nil
		}
	}
	return nil, nil
}

// endsGroup lets a function of g end the context of the group as soon as it has failed with
// err, wherever the walk is: the step that has set err does, or else a node of its own.
func (l *lifter) endsGroup(s ast.Stmt, g *group, err *Var) {
	if g.stop == nil || err == nil || err.Kind != graph.Error {
		return
	}
	if n, set := l.stepThatSets(err); n != nil {
		set.Ends = g.ctx
		if id := g.ctx.ID; !slices.Contains(n.In, id) {
			n.In = append(n.In, id)
		}
		return
	}
	u := l.newUse()
	u.read(g.ctx)
	u.read(err)
	l.add(graph.Glue, "glue.end", s, u, &Ends{Ctx: g.ctx, Err: err}).Text = ""
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
		if in.once && in.err != nil && in.err != in.group.err && in.group.stop != nil {
			r.Ends = in.group.ctx
			u.read(r.Ends)
		}
		if in.err != nil && in.err == in.group.err {
			r.Stop = in.group.stop
			u.stops(in.group, s)
		}
	}
	u.l.flow.Returns[s] = r
}
