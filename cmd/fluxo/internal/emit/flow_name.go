package emit

// Identifiers and types that do not mean the same outside of the author's function.

import (
	"go/ast"
	"go/types"
	"strings"
)

// ident prints an identifier that does not mean the same outside of the author's function.
func (t *text) ident(id *ast.Ident) (string, bool) {
	o := t.pkg.Info.ObjectOf(id)
	if o == nil {
		return "", false
	}
	if v := t.flow.Var(o); v != nil {
		return t.place(v), true
	}
	if name, ok := t.types[o]; ok {
		return name + t.args, true
	}
	if t.flow.Funcs[o] != nil && !t.declaredHere(o) {
		t.funcs[o] = true
	}
	if _, ok := t.flow.Consts[o]; ok {
		t.consts[o] = true
	}
	switch o := o.(type) {
	case *types.PkgName:
		return t.Import(o.Imported().Path(), o.Name()), true
	case *types.Var, *types.Func, *types.Const, *types.TypeName:
		if o.Pkg() != nil && o.Pkg() != t.Pkg && o.Parent() == o.Pkg().Scope() {
			return t.Import(o.Pkg().Path(), o.Pkg().Name()) + "." + id.Name, true // a dot import
		}
	}
	return "", false
}

// typ prints a type as the file writes it; those declared in the body by their
// names outside.
func (p *flowPrinter) typ(t types.Type) string {
	s := types.TypeString(t, p.Qualifier)
	for o, name := range p.types {
		s = replaceWord(s, o.Name(), name+p.args, t, o)
	}
	return s
}

// replaceWord replaces the local type's name in a printed type that mentions it.
func replaceWord(s, old, new string, t types.Type, o types.Object) string {
	if !mentions(t, o, map[types.Type]bool{}) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if strings.HasPrefix(s[i:], old) && !wordByte(s, i-1) && !wordByte(s, i+len(old)) && (i == 0 || s[i-1] != '.') {
			b.WriteString(new)
			i += len(old)
			continue
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

func wordByte(s string, i int) bool {
	if i < 0 || i >= len(s) {
		return false
	}
	c := s[i]
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

func mentions(t types.Type, o types.Object, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Alias:
		return t.Obj() == o
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if mentions(a, o, seen) {
				return true
			}
		}
		return t.Obj() == o
	case *types.Pointer:
		return mentions(t.Elem(), o, seen)
	case *types.Slice:
		return mentions(t.Elem(), o, seen)
	case *types.Array:
		return mentions(t.Elem(), o, seen)
	case *types.Chan:
		return mentions(t.Elem(), o, seen)
	case *types.Map:
		return mentions(t.Key(), o, seen) || mentions(t.Elem(), o, seen)
	case *types.Struct:
		for f := range t.Fields() {
			if mentions(f.Type(), o, seen) {
				return true
			}
		}
	case *types.Signature:
		for v := range t.Params().Variables() {
			if mentions(v.Type(), o, seen) {
				return true
			}
		}
		for v := range t.Results().Variables() {
			if mentions(v.Type(), o, seen) {
				return true
			}
		}
	}
	return false
}
