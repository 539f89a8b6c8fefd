package lift

// Whether control passes the end of a list of statements.

import (
	"go/ast"
	"go/token"
)

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

// continues reports whether a continue in the body of a loop goes on with that loop, whose
// label is "" if it has none.
func continues(body *ast.BlockStmt, label string) bool {
	found := false
	var look func(n ast.Node, inner bool)
	look = func(n ast.Node, inner bool) {
		ast.Inspect(n, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt:
				look(n.Body, true)
				return false
			case *ast.RangeStmt:
				look(n.Body, true)
				return false
			case *ast.BranchStmt:
				found = found || n.Tok == token.CONTINUE && (n.Label == nil && !inner || n.Label != nil && n.Label.Name == label)
			}
			return true
		})
	}
	look(body, false)
	return found
}
