package lift

// Loops over maps: whether the order of the iterations can reach the result.
//
// What each iteration leaves behind must be the same in any order: an entry
// under the iteration's own key, a sum of integers, a least or greatest value,
// a constant, or an element of a slice that is sorted afterwards. An error that
// ends the flow may be any iteration's: errors are never kept.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
)

// orderOf reports s, a loop over a map, if its order can reach the result.
func (l *lifter) orderOf(s *ast.RangeStmt) {
	o := &order{l: l, loop: s}
	if id, ok := s.Key.(*ast.Ident); ok {
		o.key = l.info.ObjectOf(id)
	}
	if at, why := o.stmts(s.Body.List); why != "" {
		l.report(span{s.For, s.X.End()}, "FX211", "a loop over the map "+l.oneLine(s.X)+" "+why+" at "+l.pos(at).String(),
			"range over slices.Sorted(maps.Keys("+l.mapOf(s.X)+")), or sort what the loop collects")
	}
}

func (l *lifter) mapOf(x ast.Expr) string {
	if c, ok := ast.Unparen(x).(*ast.CallExpr); ok && len(c.Args) == 1 {
		return l.oneLine(c.Args[0])
	}
	return l.oneLine(x)
}

// anyOrder reports whether a call returns an iterator over a map.
func (l *lifter) anyOrder(c *ast.CallExpr) bool { return l.call(c).sum.Role == effect.AnyOrder }

// An order looks at one loop.
type order struct {
	l    *lifter
	loop *ast.RangeStmt
	key  types.Object // nil if the loop does not use it
}

// stmts returns the first statement by which the order gets out, and how.
func (o *order) stmts(list []ast.Stmt) (ast.Node, string) {
	for _, s := range list {
		if at, why := o.stmt(s); why != "" {
			return at, why
		}
	}
	return nil, ""
}

func (o *order) stmt(s ast.Stmt) (ast.Node, string) {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return o.stmts(s.List)
	case *ast.LabeledStmt:
		return o.stmt(s.Stmt)
	case *ast.AssignStmt:
		for i, x := range s.Lhs {
			rhs := s.Rhs[min(i, len(s.Rhs)-1)]
			if why := o.assign(x, s.Tok, rhs); why != "" {
				return s, why
			}
		}
	case *ast.ExprStmt:
		return s, o.call(s.X)
	case *ast.IfStmt:
		return o.ifStmt(s)
	case *ast.ForStmt:
		return o.stmt(s.Body)
	case *ast.RangeStmt:
		return o.stmt(s.Body)
	case *ast.SwitchStmt:
		return o.clauses(s.Body)
	case *ast.TypeSwitchStmt:
		return o.clauses(s.Body)
	case *ast.ReturnStmt:
		return s, o.returns(s)
	case *ast.DeferStmt:
		return s, "defers calls in its order"
	case *ast.IncDecStmt:
		if !o.inside(s.X) && !isInteger(o.l.info.TypeOf(s.X)) {
			return s, "adds numbers whose sum depends on the order"
		}
	}
	return nil, ""
}

func (o *order) clauses(body *ast.BlockStmt) (ast.Node, string) {
	for _, c := range body.List {
		if at, why := o.stmts(c.(*ast.CaseClause).Body); why != "" {
			return at, why
		}
	}
	return nil, ""
}

func (o *order) ifStmt(s *ast.IfStmt) (ast.Node, string) {
	if s.Init != nil {
		if at, why := o.stmt(s.Init); why != "" {
			return at, why
		}
	}
	if !o.extreme(s) {
		if at, why := o.stmt(s.Body); why != "" {
			return at, why
		}
	}
	if s.Else != nil {
		return o.stmt(s.Else)
	}
	return nil, ""
}

// extreme recognises if v > most { most = v }.
func (o *order) extreme(s *ast.IfStmt) bool {
	b, ok := ast.Unparen(s.Cond).(*ast.BinaryExpr)
	if !ok || len(s.Body.List) != 1 || b.Op != token.GTR && b.Op != token.LSS && b.Op != token.GEQ && b.Op != token.LEQ {
		return false
	}
	a, ok := s.Body.List[0].(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 {
		return false
	}
	x, y := o.l.oneLine(b.X), o.l.oneLine(b.Y)
	to, from := o.l.oneLine(a.Lhs[0]), o.l.oneLine(a.Rhs[0])
	return to == x && from == y || to == y && from == x
}

// assign says how x = e lets the order out; "" if it does not.
func (o *order) assign(x ast.Expr, op token.Token, e ast.Expr) string {
	if id, ok := x.(*ast.Ident); ok && id.Name == "_" || o.inside(x) || op == token.DEFINE {
		return ""
	}
	switch op {
	case token.ADD_ASSIGN, token.SUB_ASSIGN, token.MUL_ASSIGN, token.OR_ASSIGN, token.AND_ASSIGN, token.XOR_ASSIGN:
		if !isInteger(o.l.info.TypeOf(x)) && !o.ownEntry(x) {
			return "adds up " + o.l.oneLine(x) + ", whose value depends on the order,"
		}
		return ""
	case token.ASSIGN:
	default:
		return "changes " + o.l.oneLine(x)
	}
	if o.ownEntry(x) || !o.depends(e) {
		return ""
	}
	if c, ok := ast.Unparen(e).(*ast.CallExpr); ok && o.isAppend(c, x) {
		if o.sortedLater(x) {
			return ""
		}
		return "appends to " + o.l.oneLine(x) + ", which is not sorted afterwards,"
	}
	return "leaves the last one in " + o.l.oneLine(x)
}

func (o *order) isAppend(c *ast.CallExpr, x ast.Expr) bool {
	id, ok := ast.Unparen(c.Fun).(*ast.Ident)
	return ok && id.Name == "append" && o.l.info.Types[c.Fun].IsBuiltin() && o.l.oneLine(c.Args[0]) == o.l.oneLine(x)
}

// ownEntry reports whether x is an entry under the iteration's own key.
func (o *order) ownEntry(x ast.Expr) bool {
	i, ok := ast.Unparen(x).(*ast.IndexExpr)
	return ok && o.key != nil && mentionsObject(o.l.info, i.Index, o.key)
}

// inside reports whether x is, or is a part of, a variable that lives in one iteration.
func (o *order) inside(x ast.Expr) bool {
	roots := (&aliases{l: o.l, results: map[*ast.CallExpr]*types.Var{}}).sources(x)
	for _, r := range roots {
		if !o.declared(r) {
			return false
		}
	}
	return len(roots) > 0
}

func (o *order) declared(v types.Object) bool {
	return v.Pos() >= o.loop.Pos() && v.Pos() < o.loop.End()
}

// depends reports whether e may differ between iterations.
func (o *order) depends(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			v, ok := o.l.info.Uses[n].(*types.Var)
			found = found || ok && (o.declared(v) || o.assigned(v))
		case *ast.CallExpr:
			found = found || o.l.call(n).own()
		}
		return !found
	})
	return found
}

// assigned reports whether the loop assigns to v.
func (o *order) assigned(v *types.Var) bool {
	found := false
	ast.Inspect(o.loop.Body, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, x := range a.Lhs {
				id, ok := x.(*ast.Ident)
				found = found || ok && o.l.info.Uses[id] == v
			}
		}
		return !found
	})
	return found
}
