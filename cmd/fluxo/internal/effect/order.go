package effect

// Loops over maps: Go gives them no order, so a function that lets the order
// reach its result is not pure.

import (
	"go/ast"
	"go/token"
	"go/types"
)

// orderFree reports whether a loop over a map comes to the same end in any
// order: its statements only fill or empty maps under the loop's key, count in
// integers, or collect into a slice that is sorted afterwards.
func (b *body) orderFree(s *ast.RangeStmt) bool {
	free := true
	for _, st := range s.Body.List {
		free = free && b.orderFreeStmt(st, s)
	}
	return free
}

func (b *body) orderFreeStmt(st ast.Stmt, loop *ast.RangeStmt) bool {
	switch st := st.(type) {
	case nil:
		return true
	case *ast.BlockStmt:
		for _, s := range st.List {
			if !b.orderFreeStmt(s, loop) {
				return false
			}
		}
		return true
	case *ast.IfStmt:
		return (st.Init == nil || b.orderFreeStmt(st.Init, loop)) && b.orderFreeStmt(st.Body, loop) && (st.Else == nil || b.orderFreeStmt(st.Else, loop))
	case *ast.BranchStmt:
		return st.Tok == token.CONTINUE && st.Label == nil
	case *ast.IncDecStmt:
		return b.isInteger(st.X) && !b.declaredIn(st.X, loop) || b.declaredIn(st.X, loop)
	case *ast.ExprStmt:
		call, ok := st.X.(*ast.CallExpr)
		return ok && b.isBuiltin(call, "delete") && len(call.Args) == 2 && b.isKey(call.Args[1], loop)
	case *ast.AssignStmt:
		return b.orderFreeAssign(st, loop)
	case *ast.DeclStmt:
		return true
	}
	return false
}

func (b *body) orderFreeAssign(st *ast.AssignStmt, loop *ast.RangeStmt) bool {
	for i, lhs := range st.Lhs {
		switch {
		case st.Tok == token.DEFINE, b.declaredIn(lhs, loop), isBlank(lhs):
		case b.keyedByLoop(lhs, loop):
		case (st.Tok == token.ADD_ASSIGN || st.Tok == token.OR_ASSIGN || st.Tok == token.XOR_ASSIGN) && b.isInteger(lhs):
		case len(st.Rhs) == len(st.Lhs) && b.collects(lhs, st.Rhs[i]) && b.sortedAfter(lhs):
		default:
			return false
		}
	}
	return true
}

// keyedByLoop: m[k] = … where k is the loop's key.
func (b *body) keyedByLoop(lhs ast.Expr, loop *ast.RangeStmt) bool {
	ix, ok := ast.Unparen(lhs).(*ast.IndexExpr)
	if !ok {
		return false
	}
	_, isMap := b.typeOf(ix.X).Underlying().(*types.Map)
	return isMap && b.isKey(ix.Index, loop)
}

func (b *body) isKey(e ast.Expr, loop *ast.RangeStmt) bool {
	id, ok := ast.Unparen(e).(*ast.Ident)
	key, isIdent := loop.Key.(*ast.Ident)
	return ok && isIdent && b.info.ObjectOf(id) == b.info.ObjectOf(key) && b.info.ObjectOf(id) != nil
}

// collects: s = append(s, …).
func (b *body) collects(lhs, rhs ast.Expr) bool {
	call, ok := ast.Unparen(rhs).(*ast.CallExpr)
	if !ok || !b.isBuiltin(call, "append") || len(call.Args) == 0 {
		return false
	}
	to, from := b.variable(lhs), b.variable(call.Args[0])
	return to != nil && to == from
}

// sortedAfter reports whether the function sorts the variable somewhere, which it
// would have no reason to do before filling it.
func (b *body) sortedAfter(e ast.Expr) bool {
	v := b.variable(e)
	return v != nil && b.sorted[v]
}

// scanOrder looks ahead for what makes an order of no account: slices that are
// sorted by their whole elements, and iterators over maps that go straight into
// a sort or into another map.
func (b *body) scanOrder(root ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			switch b.calleeKey(call) {
			case "slices.Sort", "sort.Strings", "sort.Ints", "sort.Float64s":
				if v := b.variable(call.Args[0]); v != nil {
					b.sorted[v] = true
				}
			case "slices.Sorted", "maps.Collect", "maps.Insert":
				b.tame(call.Args[len(call.Args)-1])
			}
		}
		return true
	})
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, rhs := range n.Rhs {
				call, ok := ast.Unparen(rhs).(*ast.CallExpr)
				if ok && len(n.Lhs) == len(n.Rhs) && b.calleeKey(call) == "slices.Collect" && b.sortedAfter(n.Lhs[i]) {
					b.tame(call.Args[0])
				}
			}
		case *ast.RangeStmt:
			if b.orderFree(n) {
				b.tame(n.X)
			}
		}
		return true
	})
}

func (b *body) tame(e ast.Expr) {
	if call, ok := ast.Unparen(e).(*ast.CallExpr); ok {
		b.tamed[call] = true
	}
}

// calleeKey names the called function as the tables do; "" if it is not known.
func (b *body) calleeKey(call *ast.CallExpr) string {
	if fn := b.callee(call); fn != nil {
		if key, ok := tableKey(fn); ok {
			return key
		}
	}
	return ""
}

func (b *body) variable(e ast.Expr) types.Object {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		if v, ok := b.info.ObjectOf(id).(*types.Var); ok {
			return v
		}
	}
	return nil
}

func (b *body) declaredIn(e ast.Expr, loop *ast.RangeStmt) bool {
	v := b.variable(e)
	return v != nil && loop.Pos() <= v.Pos() && v.Pos() < loop.End()
}

func (b *body) isInteger(e ast.Expr) bool {
	t, ok := b.typeOf(e).Underlying().(*types.Basic)
	return ok && t.Info()&types.IsInteger != 0
}

func (b *body) isBuiltin(call *ast.CallExpr, name string) bool {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || id.Name != name {
		return false
	}
	_, ok = b.info.Uses[id].(*types.Builtin)
	return ok
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "_"
}
