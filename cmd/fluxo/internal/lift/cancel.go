package lift

// What the end of a context changes. Nobody who is given a context can edit it or
// tie other memory to it, so contexts belong to no alias group. But whatever uses
// one after its end sees the end, and so does what was derived from it or made
// with it (a request, open rows). A call of its cancel function is an edit of
// those, in this direction only: the context that it was derived from goes on.

import (
	"go/ast"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// heirs says of each variable that holds a context, or ends one, which variables
// have a value that was made with it.
type heirs map[types.Object][]types.Object

// findHeirs walks the function once.
func (l *lifter) findHeirs() {
	l.heirs = heirs{}
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			l.inherits(n.Lhs, n.Rhs)
		case *ast.ValueSpec:
			var names []ast.Expr
			for _, id := range n.Names {
				names = append(names, id)
			}
			l.inherits(names, n.Values)
		case *ast.RangeStmt:
			l.inherit(n.X, n.Key)
			l.inherit(n.X, n.Value)
		case *ast.CallExpr:
			k := l.call(n)
			operands := l.aliases.operands(n, k)
			for i, x := range operands {
				for _, from := range operands {
					if x != nil && from != nil && x != from && editsParam(k, i-1) {
						l.inherit(from, x)
					}
				}
			}
		}
		return true
	})
}

func (l *lifter) inherits(lhs, rhs []ast.Expr) {
	for i, x := range lhs {
		switch {
		case len(rhs) == len(lhs):
			l.inherit(rhs[i], x)
		case len(rhs) == 1:
			l.inherit(rhs[0], x)
			for _, other := range lhs {
				if isCancel(l.info.TypeOf(other)) {
					l.inherit(other, x) // they come from one call
				}
			}
		}
	}
}

// inherit notes that the value of x may be made with what e uses. Whoever has a
// cancel function ends what all others end who have the same.
func (l *lifter) inherit(e, x ast.Expr) {
	if isNil(e) || isNil(x) {
		return
	}
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		from := l.info.ObjectOf(id)
		for _, to := range l.aliases.sources(x) {
			if from == to || !l.mayHoldContext(from) || !l.mayHoldContext(to) {
				continue
			}
			if holdsCancel(from.Type()) {
				l.heirs.add(from, to)
				if holdsCancel(to.Type()) {
					l.heirs.add(to, from)
				}
			} else if !holdsCancel(to.Type()) {
				l.heirs.add(from, to)
			}
		}
		return true
	})
}

func (h heirs) add(from, to types.Object) {
	if !slices.Contains(h[from], to) {
		h[from] = append(h[from], to)
	}
}

// mayHoldContext reports whether o is a variable of the function in which a context,
// or what ends one, may be; what outlives requests holds none of theirs.
func (l *lifter) mayHoldContext(o types.Object) bool {
	v, ok := o.(*types.Var)
	if !ok || v.IsField() || v.Parent() == nil || v.Parent() == l.Types.Scope() || v == l.sig.Recv() {
		return false
	}
	k := l.kindOf(v.Type())
	return k == graph.Context || k == graph.Handle || holdsCancel(v.Type())
}

// isCancel reports whether t is the type of a function that ends a context.
func isCancel(t types.Type) bool {
	return t != nil && (isNamed(t, "context", "CancelFunc") || isNamed(t, "context", "CancelCauseFunc"))
}

// holdsCancel reports whether t is such a function or a collection of some.
func holdsCancel(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Slice, *types.Array, *types.Map:
		return isCancel(elemOf(u))
	}
	return isCancel(t)
}

// ended returns the variables that see the end of what by ends, at a place from
// which they are used later on. Of a function of unknown origin that is every context.
func (l *lifter) ended(by []types.Object, at ast.Node) (all []*Var) {
	if l.heirs == nil {
		l.findHeirs()
	}
	seen, known := map[types.Object]bool{}, false
	for len(by) > 0 {
		o := by[0]
		by = by[1:]
		if !seen[o] {
			seen[o] = true
			known = known || isContext(o.Type())
			by = append(by, l.heirs[o]...)
		}
	}
	for _, v := range l.inOrder() {
		if (v.Kind == graph.Context || v.Kind == graph.Handle) && (seen[v.Object] || !known && v.Kind == graph.Context) && l.usedLater(v.Object, at) {
			all = append(all, v)
		}
	}
	return all
}

// usedLater reports whether o is used behind at, or in a loop around it, or in a
// function that may be called there.
func (l *lifter) usedLater(o types.Object, at ast.Node) bool {
	found := false
	var around []ast.Node
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			if n.Pos() <= at.Pos() && at.End() <= n.End() {
				around = append(around, n)
			}
		case *ast.Ident:
			if l.info.Uses[n] == o {
				found = found || n.Pos() >= at.End() || slices.ContainsFunc(around, func(loop ast.Node) bool { return n.End() <= loop.End() }) ||
					l.inStored(n)
			}
		}
		return !found
	})
	return found
}

// inStored reports whether n stands in a function literal that a variable stands for.
func (l *lifter) inStored(n ast.Node) bool {
	for _, lit := range l.flow.Funcs {
		if lit.Pos() <= n.Pos() && n.End() <= lit.End() {
			return true
		}
	}
	return false
}

// cancels notes that a context's cancel function is called. One that is called
// when the flow ends changes nothing for what the flow does.
func (u *use) cancels(fun ast.Expr) {
	if t := u.l.info.TypeOf(fun); isCancel(t) {
		u.edits(fun, cellsOf(t))
		if !u.deferred {
			u.ends(u.l.ended(u.l.aliases.sources(fun), fun))
		}
	}
}

// ends notes that the code ends what contexts vars hold.
func (u *use) ends(vars []*Var) {
	for _, v := range vars {
		u.read(v)
		u.edit = with(u.edit, v)
	}
}
