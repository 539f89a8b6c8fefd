package effect

// Stores: whose memory they change.

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// A target is what a store names: the storage of a package variable, or a field.
type target struct {
	storage bool
	field   *types.Var
}

// store assigns to an expression on the left.
func (b *body) store(lhs ast.Expr, values set) {
	field, _ := b.field(lhs).(*types.Var)
	b.stored = target{b.isStorage(lhs), field}
	b.storeTo(lhs, values)
	b.stored = target{}
}

func (b *body) storeTo(lhs ast.Expr, values set) {
	if id, ok := ast.Unparen(lhs).(*ast.Ident); ok {
		if id.Name == "_" {
			return
		}
		v, ok := b.info.ObjectOf(id).(*types.Var)
		if !ok {
			return
		}
		if !isPackageLevel(v) {
			if b.hasPointers(v.Type()) {
				b.put(b.storage(v), values)
			}
			b.outsideChanged(v, lhs.Pos())
			return
		}
	}
	if ix, ok := ast.Unparen(lhs).(*ast.IndexExpr); ok {
		if _, isMap := b.typeOf(ix.X).Underlying().(*types.Map); isMap {
			x := b.eval(ix.X)
			values = b.join(values, b.eval(ix.Index))
			b.found.panics = b.found.panics || x.has(region{nilValue, nil}) || x.old()
			b.writeAll(withoutHandles(x, b.field(ix.X)), values, lhs.Pos(), true)
			return
		}
	}
	b.writeAll(withoutHandles(b.addr(lhs), b.field(lhs)), values, lhs.Pos(), true)
}

// field is the field that e selects; nil if it is no selection.
func (b *body) field(e ast.Expr) types.Object {
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
		return b.info.ObjectOf(sel.Sel)
	}
	return nil
}

// withoutHandles leaves out the marks of fields that hold handles, other than the
// field that a store names, where it is not sure what is stored to. What an unknown
// call was given may hold anything that its other arguments reach, such handles
// included; that a store changes one of them would be news.
func withoutHandles(to set, named types.Object) set {
	if owners(to) == 1 {
		return to
	}
	var left set
	for _, r := range to {
		if v, ok := r.id.(*types.Var); ok && r.kind == fieldMark && v != named && IsHandle(v.Type()) {
			continue
		}
		left = left.with(r)
	}
	return left
}

// owners counts those whose memory the set may lead to.
func owners(s set) int {
	n := 0
	for _, r := range s {
		if r.kind != fieldMark {
			n++
		}
	}
	return n
}

// writeAll changes memory that a pointer may point to. Whose it is, is sure if it
// can be nobody else's.
func (b *body) writeAll(to set, values set, pos token.Pos, sure bool) {
	sure = sure && owners(to) == 1
	for _, r := range to {
		b.write(r, values, pos, sure)
	}
}

func (b *body) write(r region, values set, pos token.Pos, sure bool) {
	switch r.kind {
	case localVar:
		b.put(r, values)
		b.outsideChanged(r.id.(*types.Var), pos)
	case alloc:
		b.put(r, values)
	case param:
		b.put(r, values)
		for _, v := range b.reach(values) {
			b.found.hands(v)
		}
		b.writeHandle(r.id.(int), pos)
		where := ""
		if sure {
			where = b.where(pos)
		}
		if old, known := b.found.edits[r.id.(int)]; !known || old == "" {
			b.found.edits[r.id.(int)] = where
		}
	case global:
		b.holds(r.id.(*types.Var), values)
		b.writeGlobal(r.id.(*types.Var), pos, sure)
	case fieldMark:
		if !b.atStart() {
			b.fieldChanged(r.id.(*types.Var), pos)
		}
	case outlives:
		b.opaque(pos, "changes memory that outlives the call")
	case foreign:
		b.opaque(pos, "changes memory that it may share with others")
	}
}

// writeHandle: the fields of a handle are seen by whoever else holds it, unless
// it is the handle of this one request.
func (b *body) writeHandle(i int, pos token.Pos) {
	switch {
	case !b.handle[i] || b.inLocal:
	case b.requests[i]:
		b.found.local = true
	default:
		b.opaque(pos, "changes a value that others may hold too")
	}
}

// atStart reports whether the present place runs before there are requests:
// an initialiser or init, but not a function literal or a bound method in one.
func (b *body) atStart() bool { return b.starting && len(b.lits) == 0 && !b.later }

// writeGlobal: what another package's variable is told to be counts only where it
// is sure, for whoever is told of it can change nothing but the place.
func (b *body) writeGlobal(v *types.Var, pos token.Pos, sure bool) {
	b.proves(pos, "changes package variable "+v.Name())
	inMain := b.inMain(pos)
	switch {
	case b.atStart():
	case v.Pkg() == b.pkg:
		b.varChanged(v, pos, inMain)
		b.writtenThrough(v, pos, sure, inMain)
	case sure && !inMain:
		b.r.assigns(v, b.r.place(pos))
	}
}

// deref is a read through a pointer, which panics if it is nil.
func (b *body) deref(x set, t types.Type) {
	if len(x) == 0 {
		b.found.panics = true
	}
	for _, r := range x {
		if !r.fresh() {
			b.found.panics = true
		}
	}
}

func (b *body) division(op token.Token, by ast.Expr) {
	switch op {
	case token.QUO, token.REM, token.QUO_ASSIGN, token.REM_ASSIGN:
	default:
		return
	}
	if v := b.info.Types[by].Value; v != nil && v.Kind() != constant.Unknown {
		return // a constant zero does not compile
	}
	if b.isInteger(by) {
		b.found.panics = true
	}
}

// bounds is an index into x: it may panic, unless it is a constant inside an
// array or the index variable of a loop over x.
func (b *body) bounds(x, i ast.Expr) {
	if v, ok := b.info.Types[i]; ok && v.Value != nil {
		t := b.typeOf(x).Underlying()
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem().Underlying()
		}
		if _, array := t.(*types.Array); array {
			return // checked by the compiler
		}
	}
	if iv := b.variable(i); iv != nil && b.ranges[iv] != nil && b.ranges[iv] == b.variable(x) {
		return
	}
	b.found.panics = true
}

// rangeIndex remembers for i in range x, where the loop assigns neither, that
// x[i] is within bounds.
func (b *body) rangeIndex(s *ast.RangeStmt) {
	x := b.variable(s.X)
	if s.Key == nil || s.Tok != token.DEFINE || x == nil {
		return
	}
	i := b.variable(s.Key)
	assigned := false
	ast.Inspect(s.Body, func(n ast.Node) bool {
		var lhs []ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			lhs = n.Lhs
		case *ast.IncDecStmt:
			lhs = []ast.Expr{n.X}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				lhs = []ast.Expr{n.X}
			}
		case *ast.FuncLit:
			return true
		}
		for _, e := range lhs {
			if v := b.variable(e); v != nil && (v == x || v == i) {
				assigned = true
			}
		}
		return true
	})
	switch b.typeOf(s.X).Underlying().(type) {
	case *types.Slice, *types.Array, *types.Basic:
		if i != nil && !assigned {
			b.ranges[i] = x
		}
	}
}
