package effect

// State: variables of package sync/atomic, and sync.Map. Their types say handle, but
// their whole point is a content that changes.

import (
	"go/token"
	"go/types"
)

// isState reports whether t, or what it points to, is such a type.
func isState(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	path := named.Obj().Pkg().Path()
	return path == "sync/atomic" || path == "sync" && named.Obj().Name() == "Map"
}

// changesState reports whether fn is a method that may change such a variable.
func changesState(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && isState(recv.Type()) && fn.Name() != "Load" && fn.Name() != "Range"
}

// changeState is the call of such a method. Nobody needs one of these types for what
// main sets once.
func (b *body) changeState(recv set, pos token.Pos) {
	outer := b.later
	b.later = !b.atStart()
	defer func() { b.later = outer }()
	for _, r := range recv {
		if r.kind != global {
			continue
		}
		if v := r.id.(*types.Var); isState(v.Type()) { // else a counter somewhere in a handle
			b.writeGlobal(v, pos, len(recv) == 1)
		}
	}
}
