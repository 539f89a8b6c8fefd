package effect

// Calls of function values: literals, declared functions, parameters.

import (
	"go/ast"
	"go/token"
	"go/types"
)

// callArgument: the callee calls its i-th parameter.
func (b *body) callArgument(fn *types.Func, i int, f, all set, pos token.Pos) {
	if i < 0 {
		return
	}
	b.callValue(nil, f, []set{b.reach(all)}, pos)
	if _, known := lookupShipped(fn); !known && !seen(f) {
		b.leaks(all, pos)
	}
}

// seen reports whether all the functions that f may be are known here.
func seen(f set) bool {
	for _, r := range f {
		if r.kind != litValue && r.kind != funcValue && r.kind != nilValue {
			return false
		}
	}
	return len(f) > 0
}

// callValue is a call of a function value. Literals count where they stand and
// only get their arguments; declared functions are applied; a parameter's
// function is left to the caller.
func (b *body) callValue(e ast.Expr, f set, args []set, pos token.Pos) set {
	var all set
	for _, a := range args {
		all = b.join(all, b.reach(a))
	}
	if e != nil && isCancel(b.typeOf(e)) {
		return nil
	}
	if e != nil && !seen(f) {
		b.leaks(all, pos)
	}
	out := all.with(b.at(pos))
	for _, r := range f {
		switch r.kind {
		case litValue:
			if b.litBegins[r.id.(*ast.FuncLit)] {
				b.begins(pos)
			}
			out = b.join(out, b.callLit(r.id.(*ast.FuncLit), all))
		case funcValue:
			if fn := r.id.(*types.Func); fn != nil {
				n := fn.Signature().Params().Len()
				given := make([]set, n)
				for i := range given {
					given[i] = all
				}
				out = b.join(out, b.apply(fn, given, false, nil, pos))
			}
		case nilValue:
			b.found.panics = true
		case param:
			b.callParam(r.id.(int), pos)
		case fieldMark:
			b.opaque(pos, "calls the function in field "+r.id.(*types.Var).Name())
		case global:
			b.opaque(pos, "calls the function in package variable "+r.id.(*types.Var).Name())
		case outlives, foreign:
			b.opaque(pos, "calls a function that is not known here")
		}
	}
	return out
}

// callParam: the body calls a parameter of function type, or a function that
// lies inside another parameter.
func (b *body) callParam(i int, pos token.Pos) {
	for v, n := range b.params {
		if _, ok := v.Type().Underlying().(*types.Signature); ok && n == i && i != Receiver {
			b.found.calls[i] = true
			return
		}
	}
	b.opaque(pos, "calls a function that lies inside an argument")
}

// callLit binds the parameters of a function literal.
func (b *body) callLit(lit *ast.FuncLit, all set) set {
	for _, f := range lit.Type.Params.List {
		for _, name := range f.Names {
			if v, ok := b.info.Defs[name].(*types.Var); ok && b.hasPointers(v.Type()) {
				b.put(b.storage(v), all)
			}
		}
	}
	return b.litOut[lit]
}

func isCancel(t types.Type) bool {
	return typeIs(t, "context", "CancelFunc") || typeIs(t, "context", "CancelCauseFunc")
}
