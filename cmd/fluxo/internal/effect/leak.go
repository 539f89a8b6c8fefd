package effect

// Leaks: package variables whose memory goes where the inference does not follow it.

import (
	"go/ast"
	"go/token"
	"go/types"
)

// escapes: what nobody knows may keep and change the arguments later; that
// concerns package variables, whose readers do not see it.
func (b *body) escapes(fn *types.Func, s Summary, all set, pos token.Pos) {
	if s.Role == Plain && !b.atStart() {
		b.leaks(all, pos)
	}
}

// leaks: the values go where nothing follows them, so that what they lead to of
// package variables changes, for all that is known.
func (b *body) leaks(values set, pos token.Pos) {
	for _, r := range b.reach(values) {
		if r.kind != global {
			continue
		}
		if v := r.id.(*types.Var); v.Pkg() == b.pkg && !IsHandle(v.Type()) && !isError(v.Type()) {
			b.varChanged(v, pos, false)
		}
	}
}

// captured is what the function literals among the values see of the variables
// around them.
func (b *body) captured(values set) set {
	var out set
	for _, r := range values {
		lit, ok := r.id.(*ast.FuncLit)
		if !ok || r.kind != litValue {
			continue
		}
		ast.Inspect(lit.Body, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			v, ok := b.info.Uses[id].(*types.Var)
			if ok && !v.IsField() && !isPackageLevel(v) && (v.Pos() < lit.Pos() || lit.End() <= v.Pos()) {
				out = b.join(out, b.content[b.storage(v)])
			}
			return true
		})
	}
	return out
}

// returnsFunction reports whether fn returns a function, or what may hold one: what
// fn is seen to change, that function may change at a time that nobody knows.
func returnsFunction(fn *types.Func) bool {
	for v := range fn.Signature().Results().Variables() {
		if IsHandle(v.Type()) {
			return true
		}
	}
	return false
}
