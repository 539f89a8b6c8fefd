package lift

// How calls and returns in a loop over a map let its order out.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// call says how a call whose results nobody uses lets the order out.
func (o *order) call(e ast.Expr) string {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return ""
	}
	k := o.l.call(c)
	switch {
	case k.kind == builtin && k.name == "delete", k.observer(), k.own() && !o.editsOutside(c, k):
		return ""
	case k.kind == builtin && k.name != "clear" && k.name != "copy":
		return ""
	}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && len(c.Args) > 0 && o.key != nil &&
		isMap(o.l.info.TypeOf(sel.X)) && mentionsObject(o.l.info, c.Args[0], o.key) {
		return "" // url.Values.Set and its kin: an entry under the iteration's key
	}
	for _, e := range k.effects {
		if e.Class == graph.LocalTo {
			return "uses " + o.l.oneLine(c.Fun) + " in its order"
		}
	}
	if o.editsOutside(c, k) {
		return "changes what it did not make, by " + o.l.oneLine(c.Fun) + ","
	}
	return ""
}

// editsOutside reports whether a call changes a variable from outside the loop.
func (o *order) editsOutside(c *ast.CallExpr, k *call) bool {
	for i, arg := range (&aliases{l: o.l}).operands(c, k) {
		if arg != nil && editsParam(k, i-1) && refersTo(o.l.info.TypeOf(arg)) && !o.inside(arg) && !o.l.isReceiver(arg) {
			return true
		}
	}
	return false
}

// isReceiver reports whether e starts at the flow's receiver or at a package variable:
// what a step changes there is among its effects.
func (l *lifter) isReceiver(e ast.Expr) bool {
	for _, o := range (&aliases{l: l, results: map[*ast.CallExpr]*types.Var{}}).sources(e) {
		if v, ok := o.(*types.Var); o != l.sig.Recv() && !(ok && isPackageLevel(v)) {
			return false
		}
	}
	return true
}

// returns says how a return lets the order out. Which error is returned may
// depend on it, whatever its type.
func (o *order) returns(s *ast.ReturnStmt) string {
	for _, e := range s.Results {
		if !types.AssignableTo(o.l.info.TypeOf(e), errorType) && o.depends(e) {
			return "returns what an iteration found"
		}
	}
	return ""
}

// sortedLater reports whether a call after the loop sorts x.
func (o *order) sortedLater(x ast.Expr) bool {
	found := false
	ast.Inspect(o.l.flow.Decl.Body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if !ok || c.Pos() < o.loop.End() || len(c.Args) == 0 {
			return true
		}
		fn := o.l.call(c).fn
		if fn == nil || fn.Pkg() == nil {
			return true
		}
		sorts := fn.Pkg().Path() == "sort" || fn.Pkg().Path() == "slices" && strings.HasPrefix(fn.Name(), "Sort")
		if sorts && o.isAllOf(c.Args[0], x) {
			found = true
		}
		return !found
	})
	return found
}

// isAllOf reports whether e is x, perhaps as another type's value: byName(x), sort.Reverse(byName{x}).
func (o *order) isAllOf(e, x ast.Expr) bool {
	if sameVar(o.l.info, e, x) {
		return true
	}
	within := func(e ast.Expr) bool { return o.isAllOf(e, x) }
	switch e := ast.Unparen(e).(type) {
	case *ast.CallExpr:
		fn := calleeOf(o.l.info, e)
		wraps := o.l.info.Types[e.Fun].IsType() || fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "sort"
		return wraps && slices.ContainsFunc(e.Args, within)
	case *ast.CompositeLit:
		return slices.ContainsFunc(e.Elts, within)
	case *ast.KeyValueExpr:
		return within(e.Value)
	case *ast.UnaryExpr:
		return e.Op == token.AND && within(e.X)
	}
	return false
}

// sameVar reports whether a and b are the same variable, or the same part of it.
func sameVar(info *types.Info, a, b ast.Expr) bool {
	switch a := ast.Unparen(a).(type) {
	case *ast.Ident:
		b, ok := ast.Unparen(b).(*ast.Ident)
		return ok && info.ObjectOf(a) == info.ObjectOf(b)
	case *ast.SelectorExpr:
		b, ok := ast.Unparen(b).(*ast.SelectorExpr)
		return ok && info.Uses[a.Sel] == info.Uses[b.Sel] && sameVar(info, a.X, b.X)
	case *ast.StarExpr:
		b, ok := ast.Unparen(b).(*ast.StarExpr)
		return ok && sameVar(info, a.X, b.X)
	case *ast.IndexExpr:
		b, ok := ast.Unparen(b).(*ast.IndexExpr)
		return ok && sameVar(info, a.X, b.X) && sameVar(info, a.Index, b.Index)
	case *ast.BasicLit:
		b, ok := ast.Unparen(b).(*ast.BasicLit)
		return ok && a.Value == b.Value
	}
	return false
}

func mentionsObject(info *types.Info, n ast.Node, o types.Object) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && info.Uses[id] == o
		return !found
	})
	return found
}
