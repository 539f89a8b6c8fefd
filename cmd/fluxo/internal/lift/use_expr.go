package lift

// What expressions read and risk.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/graph"
)

// exprs reads each of list.
func (u *use) exprs(list ...ast.Expr) {
	for _, e := range list {
		u.expr(e)
	}
}

// expr reads e.
func (u *use) expr(e ast.Expr) {
	if e == nil {
		return
	}
	if hoisted := u.l.flow.Hoisted[e]; hoisted != nil {
		for _, v := range hoisted {
			u.read(v)
		}
		return
	}
	switch e := e.(type) {
	case *ast.Ident:
		u.ident(e)
	case *ast.ParenExpr:
		u.expr(e.X)
	case *ast.FuncLit:
		u.literal(e)
		u.l.flow.NoPool = true // it may be called after the run
	case *ast.SelectorExpr:
		u.selector(e)
		if u.l.addressTaken(e) != nil {
			u.address(e.X)
		}
	case *ast.IndexExpr:
		u.index(e)
	case *ast.IndexListExpr:
		u.expr(e.X)
	case *ast.SliceExpr:
		u.slice(e)
		if u.l.addressTaken(e) != nil {
			u.address(e.X)
		}
	case *ast.StarExpr:
		u.expr(e.X)
		u.deref(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			u.address(e.X)
			return
		}
		u.expr(e.X)
	case *ast.BinaryExpr:
		u.binary(e)
	case *ast.TypeAssertExpr:
		u.expr(e.X)
		if _, commaOK := u.l.info.TypeOf(e).(*types.Tuple); !commaOK {
			u.panics = true
		}
	case *ast.CallExpr:
		u.call(e)
	case *ast.CompositeLit:
		u.composite(e)
	}
}

func (u *use) slice(e *ast.SliceExpr) {
	u.exprs(e.X, e.Low, e.High, e.Max)
	if e.Low != nil || e.High != nil || e.Max != nil {
		u.panics = true
	}
}

func (u *use) ident(id *ast.Ident) {
	o := u.l.info.Uses[id]
	if v := u.l.flow.vars[o]; v != nil {
		u.read(v)
		return
	}
	if lit := u.l.flow.Funcs[o]; lit != nil {
		u.literal(lit)
		u.l.flow.NoPool = true
		return
	}
	u.l.packageVar(u, o)
}

// literal notes what a function literal captures. What its calls do counts
// for the call that it is passed to.
func (u *use) literal(lit *ast.FuncLit) {
	if u.l.inLiteral[lit] {
		return
	}
	u.l.inLiteral[lit] = true
	defer delete(u.l.inLiteral, lit)
	effects := u.effects
	u.literals++
	u.perhaps(func() { u.stmt(lit.Body) })
	u.literals--
	u.effects = effects
	for _, v := range u.out {
		u.in = with(u.in, v)
	}
}

func (u *use) selector(e *ast.SelectorExpr) {
	sel := u.l.info.Selections[e]
	if sel == nil {
		u.l.packageVar(u, u.l.info.Uses[e.Sel])
		return
	}
	if p := u.l.part(e); p != nil && u.literals == 0 {
		u.read(p)
		return
	}
	u.expr(e.X)
	if sel.Kind() == types.MethodExpr {
		return
	}
	if f, ok := sel.Obj().(*types.Var); ok {
		u.field(e.X, f)
	}
	if follows(sel) {
		u.deref(e.X)
	}
	if sel.Indirect() && len(sel.Index()) > 1 {
		u.panics = true // an embedded pointer on the way
	}
}

// follows reports whether taking the field or method follows the pointer that
// its operand is.
func follows(sel *types.Selection) bool {
	if !isPointer(sel.Recv()) {
		return false
	}
	fn, isMethod := sel.Obj().(*types.Func)
	return !isMethod || !isPointer(fn.Signature().Recv().Type()) && !isInterface(fn.Signature().Recv().Type())
}

func (u *use) index(e *ast.IndexExpr) {
	u.expr(e.X)
	tv := u.l.info.Types[e.X]
	if _, isFunc := tv.Type.Underlying().(*types.Signature); isFunc || tv.IsType() {
		return // an instance of a generic function or type
	}
	u.expr(e.Index)
	if !u.l.indexIsSafe(e) {
		u.panics = true
	}
}

// indexIsSafe reports whether e cannot panic: a map, or a constant within an array.
func (l *lifter) indexIsSafe(e *ast.IndexExpr) bool {
	switch t := l.info.TypeOf(e.X).Underlying().(type) {
	case *types.Map:
		return !isInterface(t.Key()) // an interface may hold what cannot be compared
	case *types.Array:
		return l.info.Types[e.Index].Value != nil // the compiler has checked it
	case *types.Basic:
		return l.info.Types[e.X].Value != nil && l.info.Types[e.Index].Value != nil
	}
	return false
}

func (u *use) binary(e *ast.BinaryExpr) {
	u.expr(e.X)
	switch e.Op {
	case token.LAND, token.LOR:
		u.perhaps(func() { u.expr(e.Y) })
		return
	case token.QUO, token.REM:
		u.divide(e, e.Y)
	case token.SHL, token.SHR:
		u.shift(e.Y)
	case token.EQL, token.NEQ:
		if effect.ComparesPointers(u.l.info, e) {
			u.asks(effect.SamePointers)
		}
		x, y := u.l.info.TypeOf(e.X), u.l.info.TypeOf(e.Y)
		if isInterface(x) && isInterface(y) && !isError(x) && !isError(y) {
			u.panics = true // what they hold may not be comparable
		}
	}
	u.expr(e.Y)
}

// asks notes a question about values that copies of them answer otherwise.
func (u *use) asks(what string) {
	u.effects = unite(u.effects, []graph.Effect{{Class: graph.Pure, Hidden: what}})
}

func (u *use) divide(e, by ast.Expr) {
	if isInteger(u.l.info.TypeOf(e)) && u.l.info.Types[by].Value == nil {
		u.panics = true
	}
}

func (u *use) shift(by ast.Expr) {
	tv := u.l.info.Types[by]
	if b, ok := tv.Type.Underlying().(*types.Basic); ok && b.Info()&types.IsUnsigned == 0 && tv.Value == nil {
		u.panics = true
	}
}

func (u *use) composite(e *ast.CompositeLit) {
	t := u.l.info.TypeOf(e)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	_, isStruct := t.Underlying().(*types.Struct)
	for _, elt := range e.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			u.expr(elt)
			continue
		}
		if !isStruct {
			u.expr(kv.Key)
		}
		u.expr(kv.Value)
	}
}

// conversionPanics reports whether a conversion may panic: a slice to an array.
func (l *lifter) conversionPanics(c *ast.CallExpr) bool {
	to := l.info.TypeOf(c.Fun).Underlying()
	if p, ok := to.(*types.Pointer); ok {
		to = p.Elem().Underlying()
	}
	_, isArray := to.(*types.Array)
	_, fromSlice := l.info.TypeOf(c.Args[0]).Underlying().(*types.Slice)
	return isArray && fromSlice
}
