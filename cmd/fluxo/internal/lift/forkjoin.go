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
// group is awaited, and not before: a function that has failed does not stop the others.

import (
	"go/ast"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// A group is a variable that vanishes.
type group struct {
	mutex bool
	err   *Var // the first error; nil for a WaitGroup and for a mutex
	ctx   *Var // the context of errgroup.WithContext, and how to end it
	stop  *Var
	waits bool
}

// An inlined function is one whose body is being lifted in place.
type inlined struct {
	group *group
	named *Var // its result, if that has a name
	once  bool // it stands in a loop of one iteration
	depth int  // of that loop's scope
}

// groupMethods says which methods of a group are understood.
var groupMethods = map[string]map[string]bool{
	"sync.WaitGroup":                   {"Add": true, "Done": true, "Wait": true, "Go": true},
	"golang.org/x/sync/errgroup.Group": {"Go": true, "Wait": true, "SetLimit": true},
	"sync.Mutex":                       {"Lock": true, "Unlock": true},
	"sync.RWMutex":                     {"Lock": true, "Unlock": true, "RLock": true, "RUnlock": true},
}

// groupType names the type of a local variable that may be a group.
func groupType(t types.Type) string {
	n := namedOf(t)
	if n == nil || n.Obj().Pkg() == nil {
		return ""
	}
	name := n.Obj().Pkg().Path() + "." + n.Obj().Name()
	if groupMethods[name] == nil {
		return ""
	}
	return name
}

// findGroups finds the local variables that are used as groups and in no other way.
func (l *lifter) findGroups() {
	l.groups, l.forked = map[types.Object]*group{}, map[*ast.GoStmt]bool{}
	body := l.flow.Decl.Body
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := l.info.Defs[id].(*types.Var); ok && groupType(v.Type()) != "" && !v.IsField() {
				l.groups[v] = &group{mutex: isMutex(v.Type())}
			}
		}
		return true
	})
	understood := map[*ast.Ident]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			if l.isForked(n) {
				l.forked[n] = true
			}
		case *ast.ExprStmt:
			l.understand(n.X, understood)
		case *ast.DeferStmt:
			l.understand(n.Call, understood)
		case *ast.CallExpr:
			if id, method := l.groupCall(n); id != nil && method == "Wait" {
				understood[id] = true
				l.groups[l.info.Uses[id]].waits = true
			}
		}
		return true
	})
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && l.info.Uses[id] != nil && !understood[id] {
			delete(l.groups, l.info.Uses[id])
		}
		return true
	})
	for o, g := range l.groups {
		if !g.waits && !g.mutex {
			delete(l.groups, o)
		}
	}
	for s := range l.forked {
		if l.doneIn(s) == nil {
			delete(l.forked, s)
		}
	}
}

func isMutex(t types.Type) bool {
	name := groupType(t)
	return name == "sync.Mutex" || name == "sync.RWMutex"
}

// groupCall returns the group variable and the method of a call on one.
func (l *lifter) groupCall(e ast.Expr) (*ast.Ident, string) {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return nil, ""
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil, ""
	}
	id, ok := ast.Unparen(sel.X).(*ast.Ident)
	if !ok || l.groups[l.info.Uses[id]] == nil {
		return nil, ""
	}
	return id, sel.Sel.Name
}

// understand marks the group variable of a statement that is understood.
func (l *lifter) understand(e ast.Expr, understood map[*ast.Ident]bool) {
	id, method := l.groupCall(e)
	if id == nil || !groupMethods[groupType(l.info.Uses[id].Type())][method] {
		return
	}
	if method == "Go" {
		if _, ok := ast.Unparen(e.(*ast.CallExpr).Args[0]).(*ast.FuncLit); !ok {
			return
		}
	}
	understood[id] = true
}

// isForked reports whether s runs a function literal that tells a group when it is done.
func (l *lifter) isForked(s *ast.GoStmt) bool { return l.doneIn(s) != nil }

// doneIn returns the group that the literal of s tells.
func (l *lifter) doneIn(s *ast.GoStmt) *group {
	lit, ok := ast.Unparen(s.Call.Fun).(*ast.FuncLit)
	if !ok {
		return nil
	}
	for _, s := range lit.Body.List {
		if id, method := l.groupCall(callOf(s)); id != nil && method == "Done" {
			return l.groups[l.info.Uses[id]]
		}
	}
	return nil
}

// callOf returns the expression that s evaluates or defers.
func callOf(s ast.Stmt) ast.Expr {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return s.X
	case *ast.DeferStmt:
		return s.Call
	}
	return &ast.BadExpr{}
}

// usesGroup reports whether n names a group.
func (l *lifter) usesGroup(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && l.groups[l.info.ObjectOf(id)] != nil
		return !found
	})
	return found
}

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
		case method == "Wait" && g.err != nil:
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
	if g.ctx.Object != nil {
		o := types.NewVar(s.Pos(), l.Types, "", g.stop.Go)
		l.aliases.unite(o, g.ctx.Object)
		g.stop.Object = o
	}
	u.set(g.ctx)
	u.set(g.stop)
	l.add(graph.Glue, "glue."+g.ctx.name(), s, u, &WithCancel{Parent: c.Args[0], Ctx: g.ctx, Stop: g.stop})
	return true
}

// declareGroup makes the variable for a group's error.
func (l *lifter) declareGroup(name string, g *group, t types.Type) {
	if groupType(t) == "golang.org/x/sync/errgroup.Group" {
		g.err = l.newVar(name+".err", nil, errorType, graph.Local, l.scope)
		u := l.newUse()
		u.set(g.err)
		l.add(graph.Glue, "glue."+name, span{l.flow.Decl.Name.Pos(), l.flow.Decl.Name.End()}, u, &Zero{Vars: []*Var{g.err}}).Text = ""
	}
}

// fork lifts a function literal that is run beside the flow.
func (l *lifter) fork(s ast.Stmt, lit *ast.FuncLit, args []ast.Expr, g *group) {
	i := 0
	for _, field := range lit.Type.Params.List {
		for _, name := range field.Names {
			if name.Name != "_" {
				l.hoist(args[i])
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
	if d := l.ownDefer(lit); d != nil {
		l.report(d, "FX218", "a function that is run beside the flow defers a call",
			"call it at the end of the function, or move the function's body into one of its own")
		return
	}
	outer, targets := l.inlined, l.targets
	l.targets = nil
	defer func() { l.inlined, l.targets = outer, targets }()
	l.inlined = &inlined{group: g, named: l.namedResult(lit)}
	if !returnsEarly(list) {
		l.stmts(list)
		return
	}
	l.inlined.once, l.inlined.depth = true, l.scope.Depth()+1
	l.onceAs("go", s, "", func() { l.stmts(list) })
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
		r.First = in.group.err
		u.read(r.First)
		u.set(r.First)
	}
	u.l.flow.Returns[s] = r
}

// wait lifts g.Wait() of a group with errors into v, nil if the error is dropped.
func (l *lifter) wait(at ast.Node, g *group, v *Var) *graph.Node {
	if g.stop != nil {
		u := l.newUse()
		u.read(g.stop)
		u.change(g.stop, cellsOf(g.stop.Go))
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
