package lift

// Groups: the variables of fork-join that vanish.

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

func isMutex(t types.Type) bool {
	name := groupType(t)
	return name == "sync.Mutex" || name == "sync.RWMutex"
}

// isLock reports whether t is a mutex, the interface that every mutex has, or holds one
// for those who call it.
func isLock(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	return isMutex(t) || isNamed(t, "sync", "Locker") || isNamed(t, "sync", "Once") || isNamed(t, "sync", "Cond")
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

// sharedGroup returns the variable by which the literal of s says that it is done,
// where the flow makes it and yet it is no group, and the use that says so.
func (l *lifter) sharedGroup(s *ast.GoStmt) (id *ast.Ident, use ast.Node) {
	lit, ok := ast.Unparen(s.Call.Fun).(*ast.FuncLit)
	if !ok {
		return nil, nil
	}
	ast.Inspect(lit, func(n ast.Node) bool {
		if n, ok := n.(*ast.Ident); ok && id == nil && l.shared[l.info.Uses[n]] != nil && !isMutex(l.info.TypeOf(n)) {
			id, use = n, l.shared[l.info.Uses[n]]
		}
		return id == nil
	})
	return id, use
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
