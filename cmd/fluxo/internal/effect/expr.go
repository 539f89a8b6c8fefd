package effect

// Expressions: what their values may point to, and what evaluating them does.

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// eval walks an expression and returns what its value may point to.
func (b *body) eval(e ast.Expr) set {
	out := b.evalMany(e)
	if !b.hasPointers(b.typeOf(e)) {
		return nil
	}
	return out
}

// evalMany is eval for calls with several results: the union of them.
func (b *body) evalMany(e ast.Expr) set {
	switch e := e.(type) {
	case *ast.Ident:
		return b.ident(e)
	case *ast.ParenExpr:
		return b.evalMany(e.X)
	case *ast.BasicLit:
		return nil
	case *ast.CompositeLit:
		return b.composite(e)
	case *ast.FuncLit:
		return b.funcLit(e)
	case *ast.SelectorExpr:
		return b.selector(e)
	case *ast.IndexExpr:
		return b.index(e)
	case *ast.IndexListExpr:
		return b.eval(e.X)
	case *ast.SliceExpr:
		return b.slice(e)
	case *ast.StarExpr:
		return b.star(e)
	case *ast.TypeAssertExpr:
		b.found.panics = b.found.panics || !b.commaOK(e)
		return b.eval(e.X)
	case *ast.UnaryExpr:
		return b.unary(e)
	case *ast.BinaryExpr:
		x, y := b.eval(e.X), b.eval(e.Y)
		if ComparesPointers(b.info, e) && x.old() && y.old() && !withinOne(x, y) {
			b.identity(SamePointers, e.Pos())
		}
		b.division(e.Op, e.Y)
		return nil
	case *ast.KeyValueExpr:
		b.eval(e.Key)
		return b.eval(e.Value)
	case *ast.CallExpr:
		return b.call(e)
	}
	return nil // types
}

func (b *body) ident(e *ast.Ident) set {
	switch obj := b.info.Uses[e].(type) {
	case *types.Var:
		if isPackageLevel(obj) {
			return b.readGlobal(obj, e.Pos())
		}
		return b.content[b.storage(obj)]
	case *types.Func:
		return set{{funcValue, obj.Origin()}}
	case *types.Nil:
		return set{{nilValue, nil}}
	}
	return nil
}

func isPackageLevel(v *types.Var) bool {
	return !v.IsField() && v.Pkg() != nil && v.Parent() == v.Pkg().Scope()
}

// readGlobal is a read of a package variable: an input that nobody passes.
func (b *body) readGlobal(v *types.Var, pos token.Pos) set {
	if where := b.varChanges(v); where != "" {
		what := "package variable " + v.Name() + ", which changes (" + where + ")"
		b.proves(pos, "reads "+what)
		b.hiddenVariable(what, pos)
	}
	b.relies(v)
	if !b.hasPointers(v.Type()) {
		return nil
	}
	return set{{global, v}}
}

func (b *body) hiddenVariable(what string, pos token.Pos) {
	if b.found.hiddenVar.what == "" {
		b.found.hiddenVar = hidden{what: what, pos: pos}
	}
}

// composite: the elements of a struct or array are part of the value; those of
// slices and maps lie in memory of their own.
func (b *body) composite(e *ast.CompositeLit) set {
	var elems set
	for _, x := range e.Elts {
		if kv, ok := x.(*ast.KeyValueExpr); ok {
			if _, isField := kv.Key.(*ast.Ident); !isField || !b.isStruct(e) {
				elems = b.join(elems, b.eval(kv.Key))
			}
			x = kv.Value
		}
		elems = b.join(elems, b.eval(x))
	}
	switch b.typeOf(e).Underlying().(type) {
	case *types.Slice, *types.Map, *types.Pointer: // a pointer where &T is left out in a literal
		r := b.at(e)
		b.put(r, elems)
		return set{r}
	}
	return elems
}

func (b *body) isStruct(e *ast.CompositeLit) bool {
	t := b.typeOf(e).Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	_, ok := t.(*types.Struct)
	return ok
}

// funcLit walks the literal as if it were called here: what it does counts
// against the body that makes it.
func (b *body) funcLit(e *ast.FuncLit) set {
	b.lits = append(b.lits, e)
	b.block(e.Body)
	b.lits = b.lits[:len(b.lits)-1]
	return set{{litValue, e}}
}

func (b *body) index(e *ast.IndexExpr) set {
	if tv, ok := b.info.Types[e.X]; ok && tv.IsType() {
		return nil
	}
	if _, ok := b.typeOf(e.X).Underlying().(*types.Signature); ok {
		return b.eval(e.X) // an instance of a generic function
	}
	x := b.eval(e.X)
	b.eval(e.Index)
	switch t := b.typeOf(e.X).Underlying().(type) {
	case *types.Map:
		return b.load(x)
	case *types.Pointer:
		b.deref(x, t)
		b.bounds(e.X, e.Index)
		return b.load(x)
	case *types.Array:
		b.bounds(e.X, e.Index)
		return x
	}
	b.bounds(e.X, e.Index)
	return b.load(x)
}

func (b *body) slice(e *ast.SliceExpr) set {
	x := b.eval(e.X)
	for _, i := range []ast.Expr{e.Low, e.High, e.Max} {
		if i != nil {
			b.eval(i)
			if v := b.info.Types[i].Value; v == nil || constant.Sign(v) != 0 {
				b.found.panics = true
			}
		}
	}
	if _, ok := b.typeOf(e.X).Underlying().(*types.Array); ok {
		return b.addr(e.X)
	}
	return x
}

func (b *body) star(e *ast.StarExpr) set {
	if tv, ok := b.info.Types[e.X]; ok && tv.IsType() {
		return nil
	}
	x := b.eval(e.X)
	b.deref(x, b.typeOf(e.X))
	return b.load(x)
}

func (b *body) unary(e *ast.UnaryExpr) set {
	switch e.Op {
	case token.ARROW:
		b.opaque(e.Pos(), "receives from a channel")
		return set{{foreign, nil}}
	case token.AND:
		if lit, ok := ast.Unparen(e.X).(*ast.CompositeLit); ok {
			r := b.at(e)
			b.put(r, b.composite(lit))
			return set{r}
		}
		x := b.addr(e.X)
		b.readThrough(x, e.Pos())
		return x
	}
	b.eval(e.X)
	return nil
}

// readThrough: whoever has the address of a package variable reads it.
func (b *body) readThrough(x set, pos token.Pos) {
	for _, r := range x {
		if r.kind == global {
			b.readGlobal(r.id.(*types.Var), pos)
		}
	}
}

// addr is the memory that an addressable expression stands for.
func (b *body) addr(e ast.Expr) set {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		v, ok := b.info.ObjectOf(e).(*types.Var)
		if !ok {
			return nil
		}
		if isPackageLevel(v) {
			return set{{global, v}}
		}
		return set{b.storage(v)}
	case *ast.SelectorExpr:
		sel := b.info.Selections[e]
		if sel == nil {
			return b.addr(e.Sel)
		}
		if _, pointer := b.typeOf(e.X).Underlying().(*types.Pointer); pointer {
			x := b.eval(e.X)
			b.deref(x, b.typeOf(e.X))
			return b.marked(x, sel.Obj())
		}
		b.eval(e.X)
		return b.marked(b.addr(e.X), sel.Obj())
	case *ast.IndexExpr:
		b.eval(e)
		if _, array := b.typeOf(e.X).Underlying().(*types.Array); array {
			return b.addr(e.X)
		}
		return b.eval(e.X)
	case *ast.StarExpr:
		x := b.eval(e.X)
		b.deref(x, b.typeOf(e.X))
		return x
	case *ast.CompositeLit:
		r := b.at(e)
		b.put(r, b.composite(e))
		return set{r}
	}
	return b.eval(e)
}

// marked adds the mark of a field to the memory of an old value, so that a
// write there counts as a change of the field.
func (b *body) marked(x set, f types.Object) set {
	if v, ok := f.(*types.Var); ok && (x.old() || b.tired()) {
		return x.with(region{fieldMark, v})
	}
	return x
}

func (b *body) commaOK(e ast.Expr) bool {
	_, ok := b.info.Types[e].Type.(*types.Tuple)
	return ok
}
