package lift

// Assignments and declarations of variables.

import (
	"go/ast"
	"go/token"

	"fluxo.dev/fluxo/graph"
)

func (l *lifter) varSpec(spec *ast.ValueSpec) {
	if l.isLocalFunc(spec) {
		return
	}
	names := l.varGroups(spec)
	if len(names) > 0 && len(spec.Values) > 0 {
		l.assign(spec, names, spec.Values)
		return
	}
	u := l.newUse()
	z := &Zero{}
	for _, v := range l.assigned(names) {
		if v != nil {
			z.Vars = append(z.Vars, v)
			u.set(v)
		}
	}
	if len(z.Vars) > 0 {
		l.add(graph.Glue, glueNameOf(u), spec, u, z)
	}
}

// varGroups declares the groups of spec and returns its other names.
func (l *lifter) varGroups(spec *ast.ValueSpec) (others []ast.Expr) {
	for _, id := range spec.Names {
		if o := l.info.Defs[id]; l.groups[o] != nil {
			l.declareGroup(id.Name, l.groups[o], o.Type())
		} else {
			others = append(others, id)
		}
	}
	return others
}

func (l *lifter) assignStmt(s *ast.AssignStmt) {
	switch {
	case l.isLocalFunc(s):
		return
	case s.Tok == token.ASSIGN || s.Tok == token.DEFINE:
		l.assign(s, s.Lhs, s.Rhs)
	default:
		l.hoist(s.Lhs[0])
		l.hoist(s.Rhs[0])
		l.glue(s)
	}
}

// assign lifts lhs = rhs, a declaration where lhs has new names.
func (l *lifter) assign(at ast.Node, lhs, rhs []ast.Expr) {
	if len(rhs) == 1 && l.allNames(lhs) {
		if c, ok := ast.Unparen(rhs[0]).(*ast.CallExpr); ok && l.call(c).own() && l.flow.Hoisted[c] == nil {
			l.own(at, c, l.assigned(lhs))
			return
		}
	}
	for _, x := range lhs {
		l.hoist(x)
	}
	for _, x := range rhs {
		l.hoist(x)
	}
	u := l.newUse()
	u.exprs(rhs...)
	l.assigned(lhs) // declares what is new
	for _, x := range lhs {
		u.target(x)
	}
	l.add(graph.Glue, glueNameOf(u), at, u, &Stmts{List: []ast.Stmt{stmtOf(at)}})
}

// stmtOf returns the statement behind at; a lone var spec counts as one.
func stmtOf(at ast.Node) ast.Stmt {
	if spec, ok := at.(*ast.ValueSpec); ok {
		return &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, TokPos: spec.Pos(), Specs: []ast.Spec{spec}}}
	}
	return at.(ast.Stmt)
}

// allNames reports whether every expression is a variable of the flow, one
// about to be declared, or blank.
func (l *lifter) allNames(lhs []ast.Expr) bool {
	for _, x := range lhs {
		id, ok := ast.Unparen(x).(*ast.Ident)
		if !ok {
			return false
		}
		o := l.info.ObjectOf(id)
		if id.Name != "_" && l.flow.vars[o] == nil && l.info.Defs[id] == nil {
			return false
		}
	}
	return true
}

// assigned returns the variables that lhs names, nil for a blank and for what
// is no variable of the flow.
func (l *lifter) assigned(lhs []ast.Expr) []*Var {
	all := make([]*Var, len(lhs))
	for i, x := range lhs {
		id, ok := ast.Unparen(x).(*ast.Ident)
		if !ok || id.Name == "_" {
			continue
		}
		if o := l.info.Defs[id]; o != nil {
			all[i] = l.local(o)
		} else {
			all[i] = l.flow.vars[l.info.Uses[id]]
		}
	}
	return all
}
