package emit

// Declarations and short variable declarations of flow variables: assignments to fields.

import (
	"go/ast"
	"go/token"
	"strings"
)

// assign prints a := of flow variables as an assignment.
func (t *text) assign(s *ast.AssignStmt) (string, bool) {
	if s.Pos() == s.End() || !s.Lhs[0].Pos().IsValid() {
		return "", false
	}
	if !t.isWritten(s) {
		return t.exprs(s.Lhs) + " = " + t.exprs(s.Rhs), true
	}
	if s.Tok != token.DEFINE || !t.definesVar(s.Lhs) {
		return "", false
	}
	var edits []edit
	for _, e := range append(s.Lhs[:len(s.Lhs):len(s.Lhs)], s.Rhs...) {
		ast.Inspect(e, func(n ast.Node) bool { return t.visit(n, &edits) })
	}
	edits = append(edits, edit{s.TokPos, s.TokPos + 2, "="})
	return t.cut(s.Pos(), s.End(), edits), true
}

// isWritten reports whether the statement stands in the source as it is; the lift
// makes some of its own.
func (t *text) isWritten(s *ast.AssignStmt) bool {
	for _, e := range s.Rhs {
		if id, ok := e.(*ast.Ident); ok && id.Name == "_" && t.flow.Hoisted[e] != nil {
			return false
		}
	}
	return true
}

func (t *text) exprs(list []ast.Expr) string {
	var all []string
	for _, e := range list {
		all = append(all, t.of(e))
	}
	return strings.Join(all, ", ")
}

func (t *text) definesVar(lhs []ast.Expr) bool {
	for _, x := range lhs {
		if id, ok := x.(*ast.Ident); ok {
			if v := t.flow.Var(t.pkg.Info.ObjectOf(id)); v != nil {
				return true
			}
		}
	}
	blank := true
	for _, x := range lhs {
		id, ok := x.(*ast.Ident)
		blank = blank && ok && id.Name == "_"
	}
	return blank
}

// declaration prints var x T = e of flow variables as an assignment.
func (t *text) declaration(s *ast.DeclStmt) (string, bool) {
	d := s.Decl.(*ast.GenDecl)
	if d.Tok != token.VAR || len(d.Specs) != 1 {
		return "", false
	}
	spec := d.Specs[0].(*ast.ValueSpec)
	var names []ast.Expr
	flows := len(spec.Values) > 0
	for _, id := range spec.Names {
		names = append(names, id)
		flows = flows && (id.Name == "_" || t.flow.Var(t.pkg.Info.Defs[id]) != nil)
	}
	if !flows {
		return "", false
	}
	var edits []edit
	for _, e := range spec.Values {
		ast.Inspect(e, func(n ast.Node) bool { return t.visit(n, &edits) })
	}
	return t.exprs(names) + " = " + t.cut(spec.Values[0].Pos(), spec.Values[len(spec.Values)-1].End(), edits), true
}
