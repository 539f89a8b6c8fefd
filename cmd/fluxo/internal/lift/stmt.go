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
	n := l.add(graph.Glue, l.glueName(s, u), s, u, &Stmts{List: []ast.Stmt{s}})
	if s, ok := s.(*ast.IfStmt); ok && s.Else == nil && ends(s.Body.List) && (s.Init == nil || l.flow.Lifted[s.Init]) {
		l.guard(n, s.Cond)
	}
	return n
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
	u.deferred = true
	u.call(s.Call)
	k := l.call(s.Call)
	n := l.add(graph.Defer, join("defer", l.nameOf(s.Call.Fun)), s, u, &Defer{Call: s.Call, Fn: k.fn})
	n.Callee = k.callee
}
