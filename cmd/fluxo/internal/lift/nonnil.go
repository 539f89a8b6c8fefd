package lift

// Which pointers are known not to be nil: those that have been followed before,
// and those that a flow is never called without.

import (
	"go/ast"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// deref notes that the pointer e is followed.
func (u *use) deref(e ast.Expr) {
	path := u.l.path(e)
	if path == "" {
		u.panics = true
		return
	}
	if !u.l.nonNil[path] && !slices.Contains(u.derefs, path) && !u.l.isGiven(path) {
		u.panics = true
	}
	if !u.maybe {
		u.derefs = append(u.derefs, path)
	}
}

// isGiven reports whether a path is a receiver or a request-scoped parameter:
// a flow is not called without them.
func (l *lifter) isGiven(path string) bool {
	for _, p := range l.flow.Params {
		if string(p.ID) == path {
			return p.Kind == graph.Identity || p.Kind == graph.Handle
		}
	}
	return false
}

// path names a chain of fields that starts at a variable; "" for anything else.
func (l *lifter) path(e ast.Expr) string {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if v := l.flow.vars[l.info.Uses[e]]; v != nil {
			return string(v.ID)
		}
	case *ast.SelectorExpr:
		if s := l.info.Selections[e]; s != nil && s.Kind() == types.FieldVal {
			if x := l.path(e.X); x != "" {
				return x + "." + e.Sel.Name
			}
		}
	}
	return ""
}

// forgetNonNil drops what was known of v.
func (l *lifter) forgetNonNil(v *Var) {
	id := string(v.ID)
	for p := range l.nonNil {
		if p == id || len(p) > len(id) && p[:len(id)] == id && p[len(id)] == '.' {
			delete(l.nonNil, p)
		}
	}
}

// forget drops what was known of the variables that a branch or loop may set.
func (l *lifter) forget(n *graph.Node) {
	eachNode(&graph.Block{Nodes: []*graph.Node{n}}, func(n *graph.Node) {
		for _, id := range append(n.Out[:len(n.Out):len(n.Out)], n.Edit...) {
			l.forgetNonNil(&Var{Var: &graph.Var{ID: id}})
		}
	})
}
