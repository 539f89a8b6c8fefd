package lift

// Which variables may share memory: one flow-insensitive pass that unites the
// variables of every assignment, in the manner of Steensgaard's analysis
// without its fields.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/graph"
)

// aliases is a union-find over the variables of a function.
type aliases struct {
	l      *lifter
	parent map[types.Object]types.Object

	// results stand for what the calls that get a node of their own return;
	// a temporary for such a call is this object.
	results map[*ast.CallExpr]*types.Var
}

func (a *aliases) find(o types.Object) types.Object {
	for {
		p := a.parent[o]
		if p == nil || p == o {
			return o
		}
		o = p
	}
}

func (a *aliases) unite(x, y types.Object) {
	if x == nil || y == nil {
		return
	}
	rx, ry := a.find(x), a.find(y)
	if rx != ry {
		a.parent[rx] = ry
	}
	if a.parent[ry] == nil {
		a.parent[ry] = ry
	}
}

// findAliases walks the function once. It also notes which variables have their
// address taken other than for a call that gives it back.
func (l *lifter) findAliases() *aliases {
	a := &aliases{l: l, parent: map[types.Object]types.Object{}, results: map[*ast.CallExpr]*types.Var{}}
	l.addressed = map[types.Object]bool{}
	passing := map[ast.Expr]bool{}
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr, *ast.SliceExpr, *ast.SelectorExpr:
			if x := l.addressTaken(n.(ast.Expr)); x != nil && !passing[n.(ast.Expr)] {
				l.addressed[l.variableOf(x)] = true
			}
		case *ast.AssignStmt:
			a.assign(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			var names []ast.Expr
			for _, id := range n.Names {
				names = append(names, id)
			}
			a.assign(names, n.Values)
		case *ast.RangeStmt:
			a.flowsTo(n.X, n.Key)
			a.flowsTo(n.X, n.Value)
		case *ast.TypeSwitchStmt:
			a.typeSwitch(n)
		case *ast.ReturnStmt:
			a.returns(n)
		case *ast.CallExpr:
			a.call(n)
			for i, arg := range n.Args {
				if k := l.call(n); k.fn != nil && !resultAliases(k, paramIndex(k, i)) {
					passing[ast.Unparen(arg)] = true
				}
			}
			if k := l.call(n); k.fn != nil && !resultAliases(k, -1) {
				passing[ast.Unparen(n.Fun)] = true
			}
		}
		return true
	})
	return a
}

// addressTaken returns the operand whose address the value of e holds: &x, x[:] of an
// array, and x.M of a method that a pointer to x has; nil if it holds none.
func (l *lifter) addressTaken(e ast.Expr) ast.Expr {
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return e.X
		}
	case *ast.SliceExpr:
		if _, isArray := l.info.TypeOf(e.X).Underlying().(*types.Array); isArray {
			return e.X
		}
	case *ast.SelectorExpr:
		if s := l.info.Selections[e]; s != nil && s.Kind() == types.MethodVal && byAddress(s) {
			return e.X
		}
	}
	return nil
}

// variableOf returns the variable that x is or is a part of, no pointer followed.
func (l *lifter) variableOf(x ast.Expr) types.Object {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return l.info.ObjectOf(x)
	case *ast.SelectorExpr:
		if !isPointer(l.info.TypeOf(x.X)) {
			return l.variableOf(x.X)
		}
	case *ast.IndexExpr:
		if _, isArray := l.info.TypeOf(x.X).Underlying().(*types.Array); isArray {
			return l.variableOf(x.X)
		}
	}
	return nil
}

func (a *aliases) assign(lhs, rhs []ast.Expr) {
	for i, x := range lhs {
		switch {
		case len(rhs) == len(lhs):
			a.flowsTo(rhs[i], x)
		case len(rhs) == 1:
			a.flowsTo(rhs[0], x)
		}
	}
}

// flowsTo unites the roots of what e may share memory with and those of x.
func (a *aliases) flowsTo(e, x ast.Expr) {
	if isNil(x) || isNil(e) || !refersTo(a.l.info.TypeOf(x)) && !isBlankOrNew(a.l.info, x) {
		return
	}
	a.uniteAll(a.sources(e), a.sources(x))
}

// isBlankOrNew reports whether x is an identifier that info gives no type.
func isBlankOrNew(info *types.Info, x ast.Expr) bool {
	id, ok := x.(*ast.Ident)
	if !ok {
		return false
	}
	o := info.ObjectOf(id)
	return o != nil && refersTo(o.Type())
}

func (a *aliases) uniteAll(xs, ys []types.Object) {
	for _, x := range xs {
		for _, y := range ys {
			a.unite(x, y)
		}
	}
}

func (a *aliases) typeSwitch(s *ast.TypeSwitchStmt) {
	assign, ok := s.Assign.(*ast.AssignStmt)
	if !ok {
		return
	}
	from := a.sources(assign.Rhs[0].(*ast.TypeAssertExpr).X)
	for _, c := range s.Body.List {
		if o := a.l.info.Implicits[c]; o != nil && refersTo(o.Type()) {
			a.uniteAll(from, []types.Object{o})
		}
	}
}

func (a *aliases) returns(s *ast.ReturnStmt) {
	for i, e := range s.Results {
		if i < a.l.sig.Results().Len() && !isContext(a.l.sig.Results().At(i).Type()) {
			a.uniteAll(a.sources(e), []types.Object{a.l.sig.Results().At(i)})
		}
	}
}

// call unites the arguments of a call that may keep one inside another. One that
// changes nothing but handles (writing an answer) keeps no data inside data.
func (a *aliases) call(c *ast.CallExpr) {
	k := a.l.call(c)
	switch k.kind {
	case conversion:
		return
	case builtin:
		if k.name == "copy" && len(c.Args) == 2 && refersTo(elemOf(a.l.info.TypeOf(c.Args[0]))) {
			a.uniteAll(a.sources(c.Args[0]), a.sources(c.Args[1]))
		}
		return
	}
	var all []types.Object
	edited, editedData := false, false
	for i, arg := range a.operands(c, k) {
		if arg == nil || !refersTo(a.l.info.TypeOf(arg)) {
			continue
		}
		from := a.requestScoped(a.sources(arg))
		if editsParam(k, i-1) {
			edited = true
			editedData = editedData || slices.ContainsFunc(from, func(o types.Object) bool { return !a.l.isHandle(o) })
		}
		all = append(all, from...)
	}
	if editedData {
		a.uniteKind(all, false)
	}
	if edited && (!glueEffects(k.effects) || editsParam(k, effect.Receiver)) {
		a.uniteKind(all, true)
	}
}

// uniteKind unites those of all that are handles, or those that are not. A call
// does not make a handle share memory with data: what a handle leads to is
// looked at by calls on the handle only, and these keep their order. One handle
// takes hold of another by a method of its own (gz.Reset(w)) or by a call of
// which nothing is known; a local function that writes to w does not tie w to r.
func (a *aliases) uniteKind(all []types.Object, handles bool) {
	var first types.Object
	for _, o := range all {
		if a.l.isHandle(o) != handles {
			continue
		}
		if first == nil {
			first = o
		}
		a.unite(first, o)
	}
}

// isHandle reports whether o is a handle by its type.
func (l *lifter) isHandle(o types.Object) bool {
	k := l.kindOf(o.Type())
	return k == graph.Handle || k == graph.Identity
}

// operands lists the receiver, nil if there is none, and the arguments.
func (a *aliases) operands(c *ast.CallExpr, k *call) []ast.Expr {
	all := []ast.Expr{nil}
	if sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr); ok && k.fn != nil && k.fn.Signature().Recv() != nil {
		all[0] = sel.X
	}
	return append(all, c.Args...)
}
