package lift

// Whether a type can be written in the flow's package: a variable of the flow
// becomes a field of a struct there.

import (
	"go/types"
	"strings"
)

// unnameable returns the first type inside t that the package cannot name; nil if it can name all.
func (l *lifter) unnameable(t types.Type, seen map[types.Type]bool) *types.TypeName {
	if seen[t] {
		return nil
	}
	seen[t] = true
	each := func(list ...types.Type) *types.TypeName {
		for _, t := range list {
			if bad := l.unnameable(t, seen); bad != nil {
				return bad
			}
		}
		return nil
	}
	switch t := t.(type) {
	case *types.Alias:
		if l.hidden(t.Obj()) {
			return l.unnameable(types.Unalias(t), seen)
		}
	case *types.Named:
		if l.hidden(t.Obj()) {
			return t.Obj()
		}
		for a := range t.TypeArgs().Types() {
			if bad := each(a); bad != nil {
				return bad
			}
		}
	case *types.Pointer:
		return each(t.Elem())
	case *types.Slice:
		return each(t.Elem())
	case *types.Array:
		return each(t.Elem())
	case *types.Chan:
		return each(t.Elem())
	case *types.Map:
		return each(t.Key(), t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if bad := each(f.Type()); bad != nil {
				return bad
			}
		}
	case *types.Signature:
		return each(t.Params(), t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			if bad := each(v.Type()); bad != nil {
				return bad
			}
		}
	}
	return nil
}

// hidden reports whether the package cannot refer to o.
func (l *lifter) hidden(o *types.TypeName) bool {
	p := o.Pkg()
	if p == nil || p == l.Types {
		return false
	}
	if !o.Exported() || o.Parent() != p.Scope() {
		return true
	}
	parent, _, internal := strings.Cut(p.Path()+"/", "/internal/")
	return internal && !strings.HasPrefix(l.Types.Path()+"/", parent+"/")
}
