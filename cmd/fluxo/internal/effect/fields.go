package effect

// Selections: fields, embedded ones included, and methods taken as values.

import (
	"go/ast"
	"go/token"
	"go/types"
)

// selector: a field, a method value, or a name of another package.
func (b *body) selector(e *ast.SelectorExpr) set {
	sel := b.info.Selections[e]
	if sel == nil {
		if id, ok := e.X.(*ast.Ident); ok && id.Name == "C" {
			b.opaque(e.Pos(), "calls C")
		}
		return b.ident(e.Sel)
	}
	if sel.Kind() == types.FieldVal {
		return b.fieldOf(e, sel, b.eval(e.X))
	}
	fn, _ := sel.Obj().(*types.Func)
	if sel.Kind() == types.MethodVal && fn != nil {
		b.bind(e, sel, fn.Origin())
	}
	return set{{funcValue, fn}}
}

// bind: a bound method is applied where it stands, so that its receiver counts.
// When it is called nobody knows: what it changes, it changes after the start.
func (b *body) bind(e *ast.SelectorExpr, sel *types.Selection, fn *types.Func) {
	recv := b.bound(e, sel, fn)
	outer := b.later
	b.later = true
	b.apply(fn, []set{recv}, true, nil, e.Pos())
	b.later = outer
}

// fieldOf follows the path of a field selection, embedded pointers included.
func (b *body) fieldOf(e *ast.SelectorExpr, sel *types.Selection, x set) set {
	t := b.typeOf(e.X)
	if v := b.packageRoot(e.X); v != nil && IsHandle(v.Type()) {
		x = x.with(region{global, v}) // even where it holds no pointers
	}
	for _, i := range sel.Index() {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			b.deref(x, p)
			x = b.load(x)
			t = p.Elem()
		}
		st, ok := t.Underlying().(*types.Struct)
		if !ok {
			return x
		}
		f := st.Field(i)
		if x.old() || b.pointsToHandle(e.X) {
			x = b.oldField(t, f, x, e.Pos())
		}
		t = f.Type()
	}
	return x
}

// pointsToHandle reports whether e stands for a parameter that is a handle; a
// field of basic type then is still an input that the key does not show.
func (b *body) pointsToHandle(e ast.Expr) bool {
	v, ok := b.variable(e).(*types.Var)
	if !ok {
		return false
	}
	i, isParam := b.params[v]
	return isParam && b.handle[i]
}

// packageRoot is the package variable that e is a part of; nil if there is none.
func (b *body) packageRoot(e ast.Expr) *types.Var {
	for {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			if v, ok := b.info.Uses[x].(*types.Var); ok && isPackageLevel(v) {
				return v
			}
			return nil
		case *ast.SelectorExpr:
			if e = x.X; b.info.Selections[x] == nil {
				e = x.Sel
			}
		case *ast.IndexExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// oldField is a read of field f of a value that is older than the call. The
// field of a handle is hidden behind its identity, so it must not change.
func (b *body) oldField(owner types.Type, f *types.Var, x set, pos token.Pos) set {
	where := b.fieldChanges(f)
	if where == "" && !IsHandle(f.Type()) {
		where = b.pointeeChanges(f, x)
	}
	if where != "" && b.throughHandle(owner, x) {
		what := "field " + f.Name() + ", which changes (" + where + ")"
		b.hiddenVariable(what, pos)
		if b.fn != nil {
			b.opaque(pos, "reads "+what)
		}
	}
	if b.hasPointers(f.Type()) {
		return x.with(region{fieldMark, f})
	}
	return x
}

// throughHandle reports whether a value of type owner in the regions is a handle, or
// part of one: no key shows its content. What changes of a package variable that is
// none is known by the variable.
func (b *body) throughHandle(owner types.Type, x set) bool {
	for _, r := range x {
		switch r.kind {
		case global:
			if b.behindHandle(r.id.(*types.Var)) {
				return true
			}
		case param:
			if b.handle[r.id.(int)] {
				return true
			}
		case outlives, foreign:
			if IsHandle(owner) {
				return true
			}
		}
	}
	return false
}
