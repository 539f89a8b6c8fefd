package effect

// Assignments and declarations: which values go where.

import (
	"go/ast"
	"go/token"
	"go/types"
)

func (b *body) assign(s *ast.AssignStmt) {
	if len(s.Rhs) == 1 && len(s.Lhs) > 1 {
		values := b.evalMany(s.Rhs[0])
		for _, lhs := range s.Lhs {
			b.store(lhs, b.only(lhs, values))
		}
		return
	}
	values := make([]set, len(s.Rhs))
	for i, rhs := range s.Rhs {
		values[i] = b.eval(rhs)
	}
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		b.eval(s.Lhs[0])
		b.division(s.Tok, s.Rhs[0])
	}
	for i, lhs := range s.Lhs {
		b.store(lhs, values[i])
	}
}

// only drops the values where what they are stored in can hold no pointer.
func (b *body) only(lhs ast.Expr, values set) set {
	if t := b.lhsType(lhs); t != nil && !b.hasPointers(t) {
		return nil
	}
	return values
}

func (b *body) lhsType(lhs ast.Expr) types.Type {
	if id, ok := lhs.(*ast.Ident); ok {
		if obj := b.info.ObjectOf(id); obj != nil {
			return obj.Type()
		}
		return nil
	}
	return b.typeOf(lhs)
}

func (b *body) declStmt(s *ast.DeclStmt) {
	gen, ok := s.Decl.(*ast.GenDecl)
	if !ok || gen.Tok != token.VAR {
		return
	}
	for _, spec := range gen.Specs {
		b.assignAll(spec.(*ast.ValueSpec))
	}
}

// assignAll gives declared variables their first values.
func (b *body) assignAll(spec *ast.ValueSpec) {
	switch {
	case len(spec.Values) == 0:
		for _, name := range spec.Names {
			b.store(name, set{{nilValue, nil}})
		}
	case len(spec.Values) == 1 && len(spec.Names) > 1:
		values := b.evalMany(spec.Values[0])
		for _, name := range spec.Names {
			b.store(name, b.only(name, values))
		}
	default:
		for i, v := range spec.Values {
			b.store(spec.Names[i], b.eval(v))
		}
	}
}
