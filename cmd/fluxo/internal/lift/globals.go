package lift

// Package variables: constant if nothing assigns them after the start of the
// program, else inputs that the graph does not show.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// packageVar notes a read of o, if that is a package variable that changes.
func (l *lifter) packageVar(u *use, o types.Object) {
	v, ok := o.(*types.Var)
	if !ok || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() {
		return
	}
	if at, changes := l.changing()[v]; changes {
		u.effects = unite(u.effects, []graph.Effect{{
			Class:  graph.Volatile,
			Hidden: "the package variable " + v.Name() + ", assigned at " + l.pos(span{at, at}).String(),
		}})
	}
}

// changing returns the package's variables that are assigned after its
// initialisation, and where.
func (p *Package) changing() map[*types.Var]token.Pos {
	if p.changes != nil {
		return p.changes
	}
	p.changes = map[*types.Var]token.Pos{}
	for _, f := range p.Files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && !isInit(fn) {
				p.assignments(fn.Body)
			}
		}
	}
	return p.changes
}

func isInit(fn *ast.FuncDecl) bool { return fn.Recv == nil && fn.Name.Name == "init" }

func (p *Package) assignments(body *ast.BlockStmt) {
	note := func(e ast.Expr) {
		if v := p.packageVarOf(e); v != nil && p.changes[v] == 0 {
			p.changes[v] = e.Pos()
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, x := range n.Lhs {
				note(x)
			}
		case *ast.IncDecStmt:
			note(n.X)
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				note(n.Key)
				note(n.Value)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				note(n.X)
			}
		case *ast.CallExpr:
			if id, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && (id.Name == "delete" || id.Name == "clear" || id.Name == "copy") {
				note(n.Args[0])
			}
		}
		return true
	})
}

// packageVarOf returns the package variable that e is or is a part of.
func (p *Package) packageVarOf(e ast.Expr) *types.Var {
	for e != nil {
		var id *ast.Ident
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			id = x
		case *ast.SelectorExpr:
			if p.Info.Selections[x] != nil {
				e = x.X
				continue
			}
			id = x.Sel
		case *ast.IndexExpr:
			e = x.X
			continue
		case *ast.SliceExpr:
			e = x.X
			continue
		case *ast.StarExpr:
			e = x.X
			continue
		default:
			return nil
		}
		v, ok := p.Info.Uses[id].(*types.Var)
		if ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
			return v
		}
		return nil
	}
	return nil
}

// packageRoot returns the package variable that e leads to; nil if none.
func (l *lifter) packageRoot(e ast.Expr) types.Object {
	if v := l.packageVarOf(e); v != nil {
		return v
	}
	return nil
}

// writesPackageVar reports an assignment to o, if that is a package variable.
func (l *lifter) writesPackageVar(at ast.Node, o types.Object) {
	v, ok := o.(*types.Var)
	if !ok || v.Pkg() == nil || v.Parent() != v.Pkg().Scope() {
		return
	}
	l.report(at, "FX208", "the flow changes the package variable "+v.Name(),
		"move the change into a function of its own; without a directive it is opaque, with //fluxo:effect or //fluxo:writes it says what it does")
}
