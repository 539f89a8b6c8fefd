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

// mayLeave reports whether s holds a return, break, continue or goto outside function literals.
func mayLeave(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt, *ast.BranchStmt:
			found = true
		}
		return !found
	})
	return found
}

// ends reports whether control never passes the end of list.
func ends(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	switch s := list[len(list)-1].(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok == token.BREAK || s.Tok == token.CONTINUE || s.Tok == token.GOTO
	case *ast.ExprStmt:
		c, ok := s.X.(*ast.CallExpr)
		id, isIdent := (*ast.Ident)(nil), false
		if ok {
			id, isIdent = c.Fun.(*ast.Ident)
		}
		return isIdent && id.Name == "panic"
	case *ast.BlockStmt:
		return ends(s.List)
	case *ast.IfStmt:
		return s.Else != nil && ends(s.Body.List) && ends([]ast.Stmt{s.Else})
	case *ast.LabeledStmt:
		return ends([]ast.Stmt{s.Stmt})
	case *ast.SwitchStmt:
		return clausesEnd(s.Body)
	case *ast.TypeSwitchStmt:
		return clausesEnd(s.Body)
	}
	return false
}

// clausesEnd reports whether every clause ends and one is the default. A break
// in a clause only leaves the switch.
func clausesEnd(body *ast.BlockStmt) bool {
	hasDefault := false
	for _, s := range body.List {
		c := s.(*ast.CaseClause)
		hasDefault = hasDefault || c.List == nil
		if !ends(c.Body) || breaks(c.Body) {
			return false
		}
	}
	return hasDefault
}

// breaks reports whether a break without label in list leaves the statement around list.
func breaks(list []ast.Stmt) bool {
	found := false
	for _, s := range list {
		ast.Inspect(s, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				return false
			case *ast.BranchStmt:
				found = found || n.Tok == token.BREAK && n.Label == nil
			}
			return !found
		})
	}
	return found
}
