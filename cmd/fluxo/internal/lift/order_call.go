package lift

// How calls and returns in a loop over a map let its order out.

import (
	"go/ast"
	"go/types"
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

// isReceiver reports whether e starts at the flow's receiver: what a step
// changes there is among its effects.
func (l *lifter) isReceiver(e ast.Expr) bool {
	for _, o := range (&aliases{l: l, results: map[*ast.CallExpr]*types.Var{}}).sources(e) {
		if l.sig.Recv() == nil || o != l.sig.Recv() {
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
	name, found := o.l.oneLine(x), false
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
		if sorts && strings.Contains(o.l.oneLine(c.Args[0]), name) {
			found = true
		}
		return !found
	})
	return found
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
