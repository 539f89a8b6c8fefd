package value

// Types declared inside a function of the package: emitted code stands outside of it, and
// refers to them by the names under which they are declared there once more.

import "go/types"

// Rename has emitted code refer to a type that is declared inside a function by name.
func (e *Env) Rename(obj *types.TypeName, name string) {
	if e.renamed == nil {
		e.renamed = map[*types.TypeName]types.Type{}
	}
	n := types.NewTypeName(0, e.Pkg, name, nil)
	e.renamed[obj] = types.NewNamed(n, obj.Type().Underlying(), nil)
}

// isLocal reports whether obj is declared inside a function of Pkg that has no type
// parameters, on which its layout could depend.
func (e *Env) isLocal(obj *types.TypeName) bool {
	if obj.Pkg() == nil || obj.Pkg() != e.Pkg || obj.Parent() == nil {
		return false
	}
	for s := obj.Parent(); s != e.Pkg.Scope(); s = s.Parent() {
		if s == nil {
			return false
		}
		for _, name := range s.Names() {
			if tn, ok := s.Lookup(name).(*types.TypeName); ok {
				if _, isParam := tn.Type().(*types.TypeParam); isParam {
					return false
				}
			}
		}
	}
	return true
}

// outside returns t as emitted code writes it, with renamed types in place of local ones.
func (e *Env) outside(t types.Type) types.Type {
	if len(e.renamed) == 0 {
		return t
	}
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if r := e.renamed[t.Obj()]; r != nil {
			return r
		}
		if t.TypeArgs().Len() == 0 {
			return t
		}
		var args []types.Type
		for a := range t.TypeArgs().Types() {
			args = append(args, e.outside(a))
		}
		if inst, err := types.Instantiate(nil, t.Origin(), args, false); err == nil {
			return inst
		}
	case *types.Pointer:
		return types.NewPointer(e.outside(t.Elem()))
	case *types.Slice:
		return types.NewSlice(e.outside(t.Elem()))
	case *types.Array:
		return types.NewArray(e.outside(t.Elem()), t.Len())
	case *types.Map:
		return types.NewMap(e.outside(t.Key()), e.outside(t.Elem()))
	case *types.Struct:
		fields, tags := make([]*types.Var, t.NumFields()), make([]string, t.NumFields())
		for i := range fields {
			f := t.Field(i)
			fields[i], tags[i] = types.NewField(0, f.Pkg(), f.Name(), e.outside(f.Type()), f.Embedded()), t.Tag(i)
		}
		return types.NewStruct(fields, tags)
	}
	return t
}
