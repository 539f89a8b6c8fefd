package value

// Types whose fields or names the emitting package may not use.

import (
	"fmt"
	"go/types"
	"strings"
)

func (e *Env) owns(p *types.Package) bool {
	return p != nil && (p == e.Pkg || p.Path() == e.Pkg.Path() || e.Own != nil && e.Own(p))
}

func (e *Env) coded(t types.Type) bool {
	_, isNamed := t.(*types.Named)
	return isNamed && e.HasCodec != nil && e.HasCodec(t)
}

// canName reports whether code of Pkg can write the name of a type.
func (e *Env) canName(obj *types.TypeName) bool {
	p := obj.Pkg()
	if p == nil {
		return true
	}
	return e.isLocal(obj) || obj.Parent() == p.Scope() && (obj.Exported() || p.Path() == e.Pkg.Path())
}

// unnamed says why code of Pkg cannot write the name of t; "" if it can.
func (e *Env) unnamed(t types.Type) string {
	n, ok := t.(*types.Named)
	if !ok || e.made[n] || e.canName(n.Obj()) {
		return ""
	}
	if n.Obj().Parent() != n.Obj().Pkg().Scope() {
		return fmt.Sprintf("%s is declared inside a generic function; declare it in the package", nameOf(t))
	}
	if !e.owns(n.Obj().Pkg()) {
		return nameOf(t) + " is hidden in its package"
	}
	return nameOf(t) + " is not exported; export it"
}

// hides reports whether s has fields that code of Pkg cannot name.
func (e *Env) hides(s *types.Struct) bool {
	for f := range s.Fields() {
		if !f.Exported() && f.Name() != "_" && f.Pkg().Path() != e.Pkg.Path() {
			return true
		}
	}
	return false
}

// mayMirror reports whether the hidden fields of s are of the service's own making.
func (e *Env) mayMirror(s *types.Struct) bool {
	for f := range s.Fields() {
		if !f.Exported() && !e.owns(f.Pkg()) {
			return false
		}
	}
	return true
}

// fieldType returns the type by which emitted code refers to a field: its own, or
// one of the same layout where that cannot be named and may be looked into.
func (e *Env) fieldType(f *types.Var) types.Type {
	if e.owns(f.Pkg()) || isFlat(f.Type()) {
		return e.reflected(f.Type())
	}
	return f.Type()
}

// mirror returns a struct type of Pkg with the layout of n, a struct type. Emitted
// code reads and deepens the fields of n through a pointer to it, as package
// unsafe allows for types of one layout.
func (e *Env) mirror(n types.Type) *types.Named {
	if m, ok := e.mirrors.At(n).(*types.Named); ok {
		return m
	}
	name := fmt.Sprintf("fluxoMirror_%d_%s", e.mirrors.Len()+1, identifier(nameOf(n)))
	m := types.NewNamed(types.NewTypeName(0, e.Pkg, name, nil), nil, nil)
	m.SetUnderlying(types.NewStruct(nil, nil)) // completed below: n may refer to itself
	e.mirrors.Set(n, m)
	if e.made == nil {
		e.made = map[*types.Named]bool{}
	}
	e.made[m] = true
	s := n.Underlying().(*types.Struct)
	fields := make([]*types.Var, s.NumFields())
	for i := range fields {
		f := s.Field(i)
		fields[i] = types.NewField(0, e.Pkg, fmt.Sprintf("f%d", i), e.reflected(f.Type()), false)
		if f.Name() == "_" {
			fields[i] = types.NewField(0, e.Pkg, "_", e.reflected(f.Type()), false)
		}
	}
	m.SetUnderlying(types.NewStruct(fields, nil))
	return m
}

// reflected returns t with every type that code of Pkg cannot name replaced by one of the same layout.
func (e *Env) reflected(t types.Type) types.Type {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if e.made[t] || e.canName(t.Obj()) {
			return t
		}
		if _, ok := t.Underlying().(*types.Struct); ok {
			return e.mirror(t)
		}
		return e.reflected(t.Underlying())
	case *types.Pointer:
		return types.NewPointer(e.reflected(t.Elem()))
	case *types.Slice:
		return types.NewSlice(e.reflected(t.Elem()))
	case *types.Array:
		return types.NewArray(e.reflected(t.Elem()), t.Len())
	}
	return t
}

// mend says what to do about t, which hides its fields: the line that gives it a codec.
// What another module neither shows nor encodes is seldom data, and such a line for it
// nothing that anybody would write.
func (e *Env) mend(t types.Type) string {
	n := nameOf(t)
	if types.TypeString(t, nil) == "fluxo.dev/fluxo.Secret" {
		return " and is never encoded, so that nothing with it is stored or shared; where that is to be, let the type go without it, and the step that needs it read it itself"
	}
	for _, m := range []string{"Binary", "Text"} {
		if hasMethod(t, "Marshal"+m) && hasMethod(types.NewPointer(t), "Unmarshal"+m) {
			return fmt.Sprintf("; add the line var _ = fluxo.Codec(%s.Marshal%s, func(b []byte) (v %s, err error) { err = v.Unmarshal%s(b); return })", n, m, n, m)
		}
	}
	if named, ok := t.(*types.Named); ok && !e.owns(named.Obj().Pkg()) {
		return ", and no method of it encodes them; let no region take or give it"
	}
	return fmt.Sprintf("; add the line var _ = fluxo.Codec(func(v %s) ([]byte, error) { … }, func(b []byte) (%s, error) { … })", n, n)
}

func hasMethod(t types.Type, name string) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, name)
	_, ok := obj.(*types.Func)
	return ok
}

// isLock reports whether t must not be copied: it has a lock's methods, or is of package sync.
func isLock(t types.Type) bool {
	n, ok := t.(*types.Named)
	if !ok {
		return false
	}
	if p := n.Obj().Pkg(); p != nil && (p.Path() == "sync" || p.Path() == "sync/atomic" || p.Path() == "internal/sync") {
		return true
	}
	if _, isInterface := t.Underlying().(*types.Interface); isInterface {
		return false
	}
	p := types.NewPointer(t)
	return hasMethod(p, "Lock") && hasMethod(p, "Unlock")
}

// isFlat reports whether values of t are what == compares, bit for bit: no
// pointers, interfaces or floats.
func isFlat(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsBoolean|types.IsInteger|types.IsString) != 0
	case *types.Array:
		return isFlat(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if !isFlat(f.Type()) || isLock(types.Unalias(f.Type())) {
				return false
			}
		}
		return true
	}
	return false
}

// holdsFloat reports whether two map keys of type t that == tells apart may have
// one canonical key: NaN, and times whose monotonic readings differ.
func holdsFloat(t types.Type) bool {
	if s, ok := shippedOf(types.Unalias(t)); ok {
		return s.deep != ""
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		return u.Info()&(types.IsFloat|types.IsComplex) != 0
	case *types.Array:
		return holdsFloat(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if holdsFloat(f.Type()) {
				return true
			}
		}
	}
	return false
}

// holdsReference reports whether == on a map key of type t compares identities.
func holdsReference(t types.Type) bool {
	if _, ok := shippedOf(types.Unalias(t)); ok {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Pointer, *types.Interface, *types.Chan:
		return true
	case *types.Array:
		return holdsReference(u.Elem())
	case *types.Struct:
		for f := range u.Fields() {
			if holdsReference(f.Type()) {
				return true
			}
		}
	}
	return false
}

// identifier turns the text of a type into part of an identifier.
func identifier(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '*':
			b.WriteString("ptr_")
		case r == '[':
			b.WriteString("of_")
		case r == '_', 'a' <= r && r <= 'z', 'A' <= r && r <= 'Z', '0' <= r && r <= '9':
			b.WriteRune(r)
		case r == '.', r == ' ':
			b.WriteByte('_')
		}
		if b.Len() > 40 {
			break
		}
	}
	return b.String()
}

// isMirror reports whether n was made by mirror.
func (e *Env) isMirror(n *types.Named) bool { return e.made[n] }
