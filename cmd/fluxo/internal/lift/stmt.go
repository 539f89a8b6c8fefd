package lift

// Statements: which become one node, and which are taken apart.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

func (l *lifter) stmts(list []ast.Stmt) {
	for _, s := range list {
		l.stmt(s)
	}
}

func (l *lifter) stmt(s ast.Stmt) {
	if isNil(s) || l.groupStmt(s) {
		return
	}
	switch s := s.(type) {
	case *ast.EmptyStmt:
	case *ast.LabeledStmt:
		if l.isLeaf(s) {
			l.glue(s)
			return
		}
		l.label = s.Label.Name
		l.stmt(s.Stmt)
		l.label = ""
	case *ast.BlockStmt:
		l.stmts(s.List)
	case *ast.DeclStmt:
		l.declStmt(s)
	case *ast.AssignStmt:
		l.assignStmt(s)
	case *ast.ExprStmt:
		l.exprStmt(s)
	case *ast.ReturnStmt:
		l.returnStmt(s)
	case *ast.DeferStmt:
		l.deferStmt(s)
	case *ast.IfStmt:
		l.ifStmt(s)
	case *ast.SwitchStmt:
		l.switchStmt(s)
	case *ast.TypeSwitchStmt:
		l.typeSwitchStmt(s)
	case *ast.ForStmt:
		l.forStmt(s)
	case *ast.RangeStmt:
		l.rangeStmt(s)
	case *ast.IncDecStmt:
		l.hoist(s.X)
		l.glue(s)
	case *ast.BranchStmt:
		l.glue(s)
	default:
		if !l.failed {
			panic("bug: the subset let a statement through that the lift does not know")
		}
	}
}

// glue lifts a statement without own calls into one node.
func (l *lifter) glue(s ast.Stmt) *graph.Node {
	u := l.newUse()
	u.stmt(s)
	return l.add(graph.Glue, l.glueName(s, u), s, u, &Stmts{List: []ast.Stmt{s}})
}

// isLeaf reports whether s becomes glue: nothing in it needs a node of its own.
func (l *lifter) isLeaf(s ast.Node) bool {
	if l.hasOwn(s) || l.usesGroup(s) {
		return false
	}
	leaf := true
	ast.Inspect(s, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt, *ast.GoStmt:
			leaf = false
		}
		return leaf
	})
	return leaf
}

// glueName names a glue node: after what it sets, else after what it calls or tests.
func (l *lifter) glueName(s ast.Stmt, u *use) string {
	switch s := s.(type) {
	case *ast.BranchStmt:
		return s.Tok.String()
	case *ast.ExprStmt:
		return join("glue", l.nameOf(s.X))
	case *ast.IfStmt:
		return join("glue.if", l.nameOf(s.Cond))
	case *ast.ForStmt:
		return "glue.for"
	case *ast.RangeStmt:
		return join("glue.for", l.nameOf(s.X))
	case *ast.SwitchStmt:
		return join("glue.switch", l.nameOf(s.Tag))
	case *ast.TypeSwitchStmt:
		return "glue.switch"
	}
	return glueNameOf(u)
}

func glueNameOf(u *use) string {
	for _, list := range [][]*Var{u.out, u.edit} {
		if len(list) > 0 {
			return join("glue", list[0].name())
		}
	}
	return "glue"
}

func (l *lifter) takeLabel() string {
	label := l.label
	l.label = ""
	return label
}

// declStmt lifts declarations. Constants and types have no node.
func (l *lifter) declStmt(s *ast.DeclStmt) {
	d := s.Decl.(*ast.GenDecl)
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			l.flow.Types = append(l.flow.Types, l.info.Defs[spec.Name].(*types.TypeName))
		case *ast.ValueSpec:
			if d.Tok == token.CONST {
				l.consts(spec)
			} else {
				l.varSpec(spec)
			}
		}
	}
}

func (l *lifter) consts(spec *ast.ValueSpec) {
	for _, name := range spec.Names {
		if c, ok := l.info.Defs[name].(*types.Const); ok {
			l.flow.Consts[c] = c.Val()
		}
	}
}

func (l *lifter) varSpec(spec *ast.ValueSpec) {
	if l.isLocalFunc(spec) || l.varGroups(spec) {
		return
	}
	var names []ast.Expr
	for _, id := range spec.Names {
		names = append(names, id)
	}
	if len(spec.Values) > 0 {
		l.assign(spec, names, spec.Values)
		return
	}
	u := l.newUse()
	z := &Zero{}
	for _, id := range spec.Names {
		if id.Name != "_" {
			v := l.local(l.info.Defs[id])
			z.Vars = append(z.Vars, v)
			u.set(v)
		}
	}
	if len(z.Vars) > 0 {
		l.add(graph.Glue, glueNameOf(u), spec, u, z)
	}
}

// varGroups declares groups; false if spec declares none.
func (l *lifter) varGroups(spec *ast.ValueSpec) bool {
	found := false
	for _, id := range spec.Names {
		if o := l.info.Defs[id]; l.groups[o] != nil {
			found = true
			l.declareGroup(id.Name, l.groups[o], o.Type())
		}
	}
	return found
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
		if c, ok := ast.Unparen(rhs[0]).(*ast.CallExpr); ok && l.call(c).own() {
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

func (l *lifter) exprStmt(s *ast.ExprStmt) {
	if c, ok := ast.Unparen(s.X).(*ast.CallExpr); ok && l.call(c).own() {
		l.own(s, c, make([]*Var, resultCount(l.info.TypeOf(c))))
		return
	}
	l.hoist(s.X)
	l.glue(s)
}

func resultCount(t types.Type) int {
	switch t := t.(type) {
	case nil:
		return 0
	case *types.Tuple:
		return t.Len()
	case *types.Basic:
		if t.Kind() == types.Invalid {
			return 0
		}
	}
	return 1
}

func (l *lifter) returnStmt(s *ast.ReturnStmt) {
	if l.inlined != nil {
		l.inlinedReturn(s)
		return
	}
	u := l.newUse()
	u.exits = graph.Return
	if len(s.Results) == 1 {
		if c, ok := ast.Unparen(s.Results[0]).(*ast.CallExpr); ok && l.call(c).own() {
			l.own(s, c, l.flow.Results)
			l.add(graph.ResultNode, "return", s, u, &Return{})
			return
		}
	}
	for _, e := range s.Results {
		l.hoist(e)
	}
	u.exprs(s.Results...)
	if len(s.Results) > 0 {
		for _, v := range l.flow.Results {
			u.set(v)
		}
	}
	l.add(graph.ResultNode, "return", s, u, &Return{Results: s.Results})
}

// deferStmt lifts the registration of a call.
func (l *lifter) deferStmt(s *ast.DeferStmt) {
	for _, arg := range s.Call.Args {
		l.hoist(arg)
	}
	u := l.newUse()
	u.call(s.Call)
	n := l.add(graph.Defer, join("defer", l.nameOf(s.Call.Fun)), s, u, &Defer{Call: s.Call})
	n.Callee = l.call(s.Call).callee
}
