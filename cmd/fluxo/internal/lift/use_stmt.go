package lift

// What statements inside glue read, set, edit and risk, and how they leave it.

import (
	"go/ast"
	"go/token"

	"fluxo.dev/fluxo/graph"
)

// stmts walks a list; what follows a statement that may leave is not sure to be reached.
func (u *use) stmts(list []ast.Stmt) {
	was := u.maybe
	for _, s := range list {
		u.stmt(s)
		if mayLeave(s) {
			u.maybe = true
		}
	}
	u.maybe = was
}

func (u *use) stmt(s ast.Stmt) {
	if isNil(s) || u.l.flow.Lifted[s] {
		return
	}
	switch s := s.(type) {
	case *ast.BlockStmt:
		u.stmts(s.List)
	case *ast.LabeledStmt:
		u.stmt(s.Stmt)
	case *ast.ExprStmt:
		u.expr(s.X)
	case *ast.AssignStmt:
		u.assign(s)
	case *ast.IncDecStmt:
		u.expr(s.X)
		u.target(s.X)
	case *ast.DeclStmt:
		u.decl(s)
	case *ast.ReturnStmt:
		u.returns(s)
	case *ast.BranchStmt:
		u.branch(s)
	case *ast.IfStmt:
		u.stmt(s.Init)
		u.expr(s.Cond)
		u.perhaps(func() { u.stmt(s.Body); u.stmt(s.Else) })
	case *ast.SwitchStmt:
		u.stmt(s.Init)
		u.expr(s.Tag)
		u.clauses(s.Body)
	case *ast.TypeSwitchStmt:
		u.stmt(s.Init)
		u.stmt(s.Assign)
		u.clauses(s.Body)
	case *ast.ForStmt:
		u.stmt(s.Init)
		u.expr(s.Cond)
		u.perhaps(func() { u.stmt(s.Body); u.stmt(s.Post) })
	case *ast.RangeStmt:
		u.rangeOver(s)
	case *ast.DeferStmt: // inside a function literal
		u.expr(s.Call)
	case *ast.GoStmt: // the same
		u.expr(s.Call)
	}
}

func (u *use) clauses(body *ast.BlockStmt) {
	u.perhaps(func() {
		for _, s := range body.List {
			c := s.(*ast.CaseClause)
			for _, e := range c.List {
				if !u.l.info.Types[e].IsType() {
					u.expr(e)
				}
			}
			u.stmts(c.Body)
		}
	})
}

func (u *use) assign(s *ast.AssignStmt) {
	u.exprs(s.Rhs...)
	for _, x := range s.Lhs {
		if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
			u.expr(x)
		}
		u.target(x)
	}
	if s.Tok == token.QUO_ASSIGN || s.Tok == token.REM_ASSIGN {
		u.divide(s.Lhs[0], s.Rhs[0])
	}
	if s.Tok == token.SHL_ASSIGN || s.Tok == token.SHR_ASSIGN {
		u.shift(s.Rhs[0])
	}
}

func (u *use) decl(s *ast.DeclStmt) {
	for _, spec := range s.Decl.(*ast.GenDecl).Specs {
		if v, ok := spec.(*ast.ValueSpec); ok {
			u.exprs(v.Values...)
			for _, name := range v.Names {
				u.target(name)
			}
		}
	}
}

func (u *use) rangeOver(s *ast.RangeStmt) {
	u.expr(s.X)
	if isPointer(u.l.info.TypeOf(s.X)) {
		u.panics = true // a nil pointer to an array
	}
	u.perhaps(func() {
		if s.Key != nil {
			u.target(s.Key)
		}
		if s.Value != nil {
			u.target(s.Value)
		}
		u.stmt(s.Body)
	})
}

func (u *use) returns(s *ast.ReturnStmt) {
	if u.literals == 0 && u.l.inlined != nil {
		u.inlinedReturn(s)
		return
	}
	u.exprs(s.Results...)
	if u.literals > 0 {
		return
	}
	u.exits |= graph.Return
	if len(s.Results) > 0 {
		for _, v := range u.l.flow.Results {
			u.set(v)
		}
	}
}

// branch notes a break or continue that leaves the node, and remembers where to.
func (u *use) branch(s *ast.BranchStmt) {
	if u.literals > 0 || s.Tok == token.FALLTHROUGH {
		return
	}
	jump, ok := u.l.jump(s)
	if !ok {
		return // it stays inside the glue
	}
	u.l.flow.Jumps[s] = jump
	u.loops = max(u.loops, jump.Out)
	if jump.Continue {
		u.exits |= graph.Continue
	} else {
		u.exits |= graph.Break
	}
}
