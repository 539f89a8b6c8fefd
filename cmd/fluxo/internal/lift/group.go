package lift

// Groups: the variables of fork-join, found before the body is lifted.

import (
	"go/ast"
	"go/types"
)

// A group is a variable that vanishes.
type group struct {
	mutex bool
	err   *Var // the first error; nil for a WaitGroup and for a mutex
	ctx   *Var // the context of errgroup.WithContext, and how to end it
	stop  *Var
	waits []ast.Node // calls that await it

	name      string
	limit     int    // of functions that run at once; 0 for none
	id        string // of what it has forked since it was last awaited; "" for nothing
	functions int    // how many that is
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
				l.groups[v] = &group{mutex: isMutex(v.Type()), name: id.Name}
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
				g := l.groups[l.info.Uses[id]]
				g.waits = append(g.waits, n)
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
		if len(g.waits) == 0 && !g.mutex {
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
