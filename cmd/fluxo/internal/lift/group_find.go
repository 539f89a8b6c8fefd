package lift

// Which variables are groups: those that the flow makes itself and that nothing
// else gets hold of. A lock that it shares with others, or a group that a step
// awaits as well, means more than the flow's own text shows: it stays a handle,
// and what is called on it stays where it stands.

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A groupSearch is one look at a body.
type groupSearch struct {
	l          *lifter
	dropped    map[types.Object]ast.Node     // what is no group, and the use that says so
	homes      map[types.Object]*ast.FuncLit // where a candidate is made: in which literal that is not lifted
	inlined    map[*ast.FuncLit]bool         // the literals that are: those of forked functions
	understood map[*ast.Ident]bool
	heads      map[ast.Stmt]bool // init statements of loops: part of the loop's own node
}

// findGroups finds the groups. A variable that turns out to be none takes the
// functions that it seemed to fork with it, and these what they hold, so it looks again
// until nothing changes.
func (l *lifter) findGroups() {
	s := &groupSearch{l: l, dropped: map[types.Object]ast.Node{}}
	for again := true; again; {
		before := len(s.dropped)
		s.look()
		again = len(s.dropped) > before
	}
	for o, home := range s.homes {
		if home != nil {
			delete(l.groups, o) // the literal runs as written
		}
	}
	l.shared, l.forkedLits = s.dropped, s.inlined
}

// look walks the body once.
func (s *groupSearch) look() {
	s.homes, s.inlined, s.understood = map[types.Object]*ast.FuncLit{}, map[*ast.FuncLit]bool{}, map[*ast.Ident]bool{}
	s.heads = map[ast.Stmt]bool{}
	s.l.groups, s.l.forked = map[types.Object]*group{}, map[*ast.GoStmt]bool{}
	s.walk(s.l.flow.Decl.Body, nil)
	for o, g := range s.l.groups {
		if len(g.waits) == 0 && !g.mutex && s.dropped[o] == nil {
			s.dropped[o] = s.l.flow.Decl.Name
		}
	}
}

// walk visits n, which stands in the literal home, or in none that is not lifted.
func (s *groupSearch) walk(n ast.Node, home *ast.FuncLit) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			if !s.inlined[n] {
				s.walk(n.Body, n)
				return false
			}
		case *ast.ForStmt:
			s.heads[n.Init] = true
		case *ast.AssignStmt:
			if n.Tok == token.DEFINE && !s.heads[n] {
				s.made(n.Lhs, n.Rhs, home)
			}
		case *ast.ValueSpec:
			s.declared(n, home)
		case *ast.GoStmt:
			if s.l.doneIn(n) != nil {
				s.l.forked[n] = true
				s.inlined[ast.Unparen(n.Call.Fun).(*ast.FuncLit)] = true
			}
		case *ast.ExprStmt:
			s.understand(n.X, false)
		case *ast.DeferStmt:
			s.understand(n.Call, true)
		case *ast.CallExpr:
			s.awaits(n)
		case *ast.Ident:
			o := s.l.info.Uses[n]
			if s.l.groups[o] != nil && (!s.understood[n] || s.homes[o] != home) && s.dropped[o] == nil {
				s.dropped[o] = n
			}
		}
		return true
	})
}

// candidate notes a variable that the flow makes.
func (s *groupSearch) candidate(id *ast.Ident, home *ast.FuncLit) {
	v, ok := s.l.info.Defs[id].(*types.Var)
	if !ok || groupType(v.Type()) == "" || s.dropped[v] != nil {
		return
	}
	s.l.groups[v] = &group{mutex: isMutex(v.Type()), name: id.Name}
	s.homes[v] = home
}

// declared notes var x T and var x = T{}.
func (s *groupSearch) declared(spec *ast.ValueSpec, home *ast.FuncLit) {
	if len(spec.Values) > 0 {
		if len(spec.Names) == 1 {
			s.made([]ast.Expr{spec.Names[0]}, spec.Values, home)
		}
		return
	}
	for _, id := range spec.Names {
		if o := s.l.info.Defs[id]; o != nil && !isPointer(o.Type()) {
			s.candidate(id, home)
		}
	}
}

// made notes x := T{}, x := new(T), x, ctx := errgroup.WithContext(ctx).
func (s *groupSearch) made(lhs, rhs []ast.Expr, home *ast.FuncLit) {
	id, ok := lhs[0].(*ast.Ident)
	if !ok || len(rhs) != 1 {
		return
	}
	if len(lhs) == 1 && s.isNew(rhs[0]) || len(lhs) == 2 && s.isWithContext(rhs[0]) {
		s.candidate(id, home)
	}
}

// isNew reports whether e is T{}, &T{} or new(T).
func (s *groupSearch) isNew(e ast.Expr) bool {
	switch e := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return len(e.Elts) == 0
	case *ast.UnaryExpr:
		return e.Op == token.AND && s.isNew(e.X)
	case *ast.CallExpr:
		return s.l.info.Types[e.Fun].IsBuiltin() && s.l.nameOf(e.Fun) == "new" && s.l.info.Types[e.Args[0]].IsType()
	}
	return false
}

func (s *groupSearch) isWithContext(e ast.Expr) bool {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	fn := calleeOf(s.l.info, c)
	return fn != nil && fn.FullName() == "golang.org/x/sync/errgroup.WithContext"
}

// understand marks the group variable of a statement that the lift takes out or replaces.
func (s *groupSearch) understand(e ast.Expr, deferred bool) {
	id, method := s.l.groupCall(e)
	if id == nil || !groupMethods[groupType(s.l.info.Uses[id].Type())][method] {
		return
	}
	switch method {
	case "Go":
		lit, ok := ast.Unparen(ast.Unparen(e).(*ast.CallExpr).Args[0]).(*ast.FuncLit)
		if !ok || deferred {
			return
		}
		s.inlined[lit] = true
	case "Lock", "RLock", "SetLimit":
		if deferred {
			return
		}
	}
	s.understood[id] = true
}

// awaits notes a call that awaits a group.
func (s *groupSearch) awaits(c *ast.CallExpr) {
	if id, method := s.l.groupCall(c); id != nil && method == "Wait" {
		s.understood[id] = true
		g := s.l.groups[s.l.info.Uses[id]]
		g.waits = append(g.waits, c)
	}
}
