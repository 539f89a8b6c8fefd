package lift

// What a loop runs over.

import "go/types"

// Ranged returns the underlying type of what a loop of type t runs over. All
// types that a type parameter stands for have one there, or Go would not range over it.
func Ranged(t types.Type) types.Type {
	p, ok := types.Unalias(t).(*types.TypeParam)
	if !ok {
		return t.Underlying()
	}
	return termOf(p.Constraint())
}

// termOf returns the underlying type of a type that constraint allows; nil if it names none.
func termOf(constraint types.Type) types.Type {
	i, ok := constraint.Underlying().(*types.Interface)
	if !ok {
		return constraint.Underlying()
	}
	for e := range i.EmbeddedTypes() {
		if u, ok := e.(*types.Union); ok {
			e = u.Term(0).Type()
		}
		if t := termOf(e); t != nil {
			return t
		}
	}
	return nil
}
