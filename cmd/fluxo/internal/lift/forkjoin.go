package lift

// Fork-join: functions that run beside each other and are awaited in the same
// function, by sync.WaitGroup or errgroup.Group. They are read as parts of the
// flow, one after another in source order, which is one of the orders that they
// may run in; a plan may run them together again. Groups, and the mutexes that
// guard what such functions share, vanish.
//
//	g.Go(func() error { …; return err })     …; the group's error becomes err unless it is set
//	go func() { defer wg.Done(); … }()       …
//	err := g.Wait()                          err becomes the group's error
//
// A return in the middle of such a function leaves a loop of one iteration
// around its nodes. The context of errgroup.WithContext is canceled when the
// group is awaited, and when one of its functions fails: where the step that failed is,
// so that a function in front, which may wait for nothing else, ends as well. What then
// fails since the context has ended gives way to the failure that ended it.

import (
	"go/ast"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// groupStmt lifts a statement about a group; false if s is none.
func (l *lifter) groupStmt(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.GoStmt:
		if g := l.doneIn(s); l.forked[s] && g != nil {
			l.fork(s, ast.Unparen(s.Call.Fun).(*ast.FuncLit), s.Call.Args, g)
			return true
		}
	case *ast.ExprStmt:
		id, method := l.groupCall(s.X)
		if id == nil {
			return false
		}
		g, c := l.groups[l.info.Uses[id]], s.X.(*ast.CallExpr)
		switch {
		case method == "Go":
			l.fork(s, ast.Unparen(c.Args[0]).(*ast.FuncLit), nil, g)
		case method == "SetLimit":
			l.limitGroup(g, c.Args[0])
		case method == "Wait":
			l.wait(s, g, nil)
		}
		return true
	case *ast.DeferStmt:
		id, _ := l.groupCall(s.Call)
		return id != nil
	case *ast.AssignStmt:
		return l.makesGroup(s)
	}
	return false
}

// makesGroup lifts g := …, g, ctx := errgroup.WithContext(ctx).
func (l *lifter) makesGroup(s *ast.AssignStmt) bool {
	id, ok := s.Lhs[0].(*ast.Ident)
	if !ok || l.groups[l.info.Defs[id]] == nil {
		return false
	}
	g := l.groups[l.info.Defs[id]]
	l.declareGroup(id.Name, g, l.info.Defs[id].Type())
	c, ok := ast.Unparen(s.Rhs[0]).(*ast.CallExpr)
	if !ok || len(s.Lhs) != 2 {
		return true
	}
	l.hoist(c.Args[0])
	u := l.newUse()
	u.expr(c.Args[0])
	g.ctx = l.assigned(s.Lhs[1:])[0]
	if g.ctx == nil {
		g.ctx = l.temp(l.info.TypeOf(c.Args[0]))
	}
	g.stop = l.temp(types.NewSignatureType(nil, nil, nil, nil, nil, false))
	u.set(g.ctx)
	u.set(g.stop)
	l.add(graph.Glue, "glue."+g.ctx.name(), s, u, &WithCancel{Parent: c.Args[0], Ctx: g.ctx, Stop: g.stop})
	return true
}

// declareGroup makes the variable for a group's error.
func (l *lifter) declareGroup(name string, g *group, t types.Type) {
	if groupType(t) == "golang.org/x/sync/errgroup.Group" {
		g.err = l.newVar(name+".err", nil, errorType, graph.Local, l.declaring())
		u := l.newUse()
		u.set(g.err)
		l.add(graph.Glue, "glue."+name, span{l.flow.Decl.Name.Pos(), l.flow.Decl.Name.End()}, u, &Zero{Vars: []*Var{g.err}}).Text = ""
	}
}

// stops notes that the context of g ends at a place; nothing for a group without one.
func (u *use) stops(g *group, at ast.Node) {
	if g.stop == nil {
		return
	}
	u.read(g.stop)
	if g.ctx.Object != nil {
		u.ends(u.l.ended([]types.Object{g.ctx.Object}, at))
	}
}

// joinChanges adds a node for what the functions awaited at a place may have changed
// unseen, if that may be anything.
func (l *lifter) joinChanges(at ast.Node) {
	u := l.newUse()
	u.changesForked(at)
	if len(u.out)+len(u.edit) > 0 {
		l.add(graph.Glue, glueNameOf(u), at, u, &Zero{})
	}
}

// wait lifts g.Wait(), with the error of the group into v, nil if it is dropped or there is none.
func (l *lifter) wait(at ast.Node, g *group, v *Var) *graph.Node {
	l.joinFork(g)
	l.joinChanges(at)
	if g.stop != nil {
		u := l.newUse()
		u.stops(g, at)
		l.add(graph.Glue, "glue.cancel", at, u, &Invoke{Func: g.stop})
	}
	if v == nil {
		return nil
	}
	u := l.newUse()
	u.read(g.err)
	u.set(v)
	from := &ast.Ident{Name: "_", NamePos: at.Pos()} // stands for the group's error
	l.flow.Hoisted[from] = []*Var{g.err}
	n := l.add(graph.Glue, "glue.Wait", at, u, &Set{Vars: []*Var{v}, Expr: from, Err: -1})
	l.joins[n] = v
	return n
}
