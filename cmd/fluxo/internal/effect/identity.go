package effect

// Identity: what a function can learn of its arguments that copies of them answer
// otherwise. Keys and copies keep content, and what is the same within one value; not
// which pointers in two values are the same, nor how much a slice could hold.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// What is asked, for people.
const (
	SamePointers = "which of its pointers are the same"
	Capacity     = "the capacity of a slice"
)

// ComparesPointers reports whether e compares two pointers to data by their addresses.
// A comparison with nil does not, and handles keep their identity in every key.
func ComparesPointers(info *types.Info, e *ast.BinaryExpr) bool {
	return (e.Op == token.EQL || e.Op == token.NEQ) && isDataPointer(info, e.X) && isDataPointer(info, e.Y)
}

func isDataPointer(info *types.Info, e ast.Expr) bool {
	t := info.TypeOf(e) // of nil that is no pointer
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok && !IsHandle(t)
}

// AsksCapacity reports whether a call of the builtin cap is about a slice.
func AsksCapacity(info *types.Info, call *ast.CallExpr) bool {
	_, ok := info.TypeOf(call.Args[0]).Underlying().(*types.Slice)
	return ok
}

// withinOne reports whether two pointers lie in one and the same argument.
func withinOne(x, y set) bool {
	var one *region
	for _, r := range slices.Concat(x, y) {
		if r.kind == fieldMark {
			continue
		}
		if r.kind != param || one != nil && r != *one {
			return false
		}
		one = &r
	}
	return one != nil
}

// identity notes that the body asks for something of the kind about memory that is
// older than the call.
func (b *body) identity(what string, pos token.Pos) {
	if b.found.identity == "" {
		b.found.identity = what + " (" + b.where(pos) + ")"
		b.changed = true
	}
}

// inheritIdentity takes over what a callee asks, if any of its arguments is older than
// this call.
func (b *body) inheritIdentity(what string, args []set) {
	if b.found.identity == "" && slices.ContainsFunc(args, func(a set) bool { return b.reach(a).old() }) {
		b.found.identity = what
		b.changed = true
	}
}
