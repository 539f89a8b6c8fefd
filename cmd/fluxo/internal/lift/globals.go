package lift

// State that outlives the request: package variables, and fields of a receiver
// that does. What nobody assigns after the start is a constant; all else is an
// input that the graph does not show.

import (
	"go/ast"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// packageVar notes a read of o, if that is a package variable that changes.
func (l *lifter) packageVar(u *use, o types.Object) {
	if v, ok := o.(*types.Var); ok && isPackageLevel(v) {
		u.hidden("the package variable "+v.Name(), l.Changes(v))
	}
}

// field notes a read of a field of x that changes, if x outlives the request.
func (u *use) field(x ast.Expr, f *types.Var) {
	outlives := u.l.packageRoot(x) != nil
	for _, v := range u.l.rootVars(x, cellsOf(u.l.info.TypeOf(x))) {
		outlives = outlives || v.Kind == graph.Identity
	}
	if outlives {
		u.hidden("the field "+f.Name(), u.l.Changes(f))
	}
}

// hidden notes an input that is no variable of the flow; where it changes, if at all.
func (u *use) hidden(what, where string) {
	if where != "" {
		u.effects = unite(u.effects, []graph.Effect{{Class: graph.Volatile, Hidden: what + ", which changes (" + where + ")"}})
	}
}

func isPackageLevel(v *types.Var) bool {
	return v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// packageRoot returns the package variable that e is or is a part of; nil if none.
func (l *lifter) packageRoot(e ast.Expr) types.Object {
	for {
		var id *ast.Ident
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			id = x
		case *ast.SelectorExpr:
			if l.info.Selections[x] != nil {
				e = x.X
				continue
			}
			id = x.Sel
		case *ast.IndexExpr:
			e = x.X
			continue
		case *ast.SliceExpr:
			e = x.X
			continue
		case *ast.StarExpr:
			e = x.X
			continue
		default:
			return nil
		}
		if v, ok := l.info.Uses[id].(*types.Var); ok && isPackageLevel(v) {
			return v
		}
		return nil
	}
}

// outlives reports whether o outlives the request: a package variable, or a receiver.
func (l *lifter) outlives(o types.Object) bool {
	v, ok := o.(*types.Var)
	return ok && isPackageLevel(v) || l.isIdentity(o)
}

func (l *lifter) isIdentity(o types.Object) bool {
	v := l.flow.vars[o]
	return v != nil && v.Kind == graph.Identity
}

// keptApart reports whether package variable v is none that locals share data with: a
// handle is its own affair, and nobody edits an error.
func (l *lifter) keptApart(v *types.Var) bool {
	return l.isHandle(v) || types.Identical(v.Type(), errorType)
}

// sharedWith returns what outlives the request, is such as wanted, and may have memory
// in common with o that is changed; the first by name, nil if there is none.
func (l *lifter) sharedWith(o types.Object, memory *cells, wanted func(types.Object) bool) types.Object {
	var found types.Object
	root := l.aliases.find(o)
	for other := range l.aliases.parent {
		if l.aliases.find(other) == root && wanted(other) && (found == nil || other.Name() < found.Name()) &&
			cellsOf(types.NewPointer(other.Type())).changedBy(memory) {
			found = other
		}
	}
	return found
}

// writesProgram reports a change of memory through x, if x is or may lead to what a
// package variable holds.
func (u *use) writesProgram(x ast.Expr, memory *cells) {
	if o := u.l.packageRoot(x); o != nil {
		u.l.writesPackageVar(x, o)
		return
	}
	for _, o := range u.l.aliases.sources(x) {
		of := u.l.sharedWith(o, memory, func(o types.Object) bool { v, ok := o.(*types.Var); return ok && isPackageLevel(v) })
		if of != nil {
			u.l.writesPackageVar(x, of)
			return
		}
	}
}

// writesPackageVar reports an assignment to o, if that is a package variable.
func (l *lifter) writesPackageVar(at ast.Node, o types.Object) {
	if v, ok := o.(*types.Var); ok && isPackageLevel(v) {
		l.report(at, "FX208", "the flow changes the package variable "+v.Name(),
			"move the change into a function of its own; without a directive it is opaque, with //fluxo:effect or //fluxo:writes it says what it does")
	}
}
