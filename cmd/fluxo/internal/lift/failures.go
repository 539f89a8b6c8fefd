package lift

// Failures inside helpers. A region in which a step has failed must not be
// kept, so every failure must be seen by the engine. That of a step with a node
// of its own is; that of a step inside a helper is seen only if the helper
// returns an error whenever one of its steps does.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/graph"
)

// A Handles is the fact that a function may return normally though a step that
// it calls has failed.
type Handles struct{ Where string }

// AFact marks Handles as a fact.
func (*Handles) AFact() {}

func (h *Handles) String() string { return "handles a failure at " + h.Where }

// unseen returns the hidden input that a call of fn brings along; none if fn is
// no helper, or reports every failure.
func (l *lifter) unseen(fn *types.Func, sum effect.Summary) []graph.Effect {
	if !callsSteps(sum) {
		return nil
	}
	where := l.Handles(fn.Origin())
	if where == "" {
		return nil
	}
	return []graph.Effect{{Class: graph.Pure, Hidden: "a failure that " + fn.Name() + " handles itself (" + where + ")"}}
}

// callsSteps reports whether the summary is that of a helper with steps inside
// whose results may be kept.
func callsSteps(sum effect.Summary) bool {
	if sum.Role != effect.Plain || sum.From != "inferred" {
		return false
	}
	for _, e := range sum.Effects {
		if e.Class == graph.Reads || e.Class == graph.Volatile {
			return true
		}
	}
	return false
}

// handles says where a function handles a failure of one of its steps; "" if
// it returns an error for each.
func (p *Package) handles(decl *ast.FuncDecl) string {
	h := &handling{p: p, returned: map[*ast.CallExpr]bool{}}
	h.list(decl.Body.List)
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		c, ok := n.(*ast.CallExpr)
		if ok && h.at == nil && p.mayFail(c) && !h.returned[c] {
			h.at = c
		}
		return h.at == nil
	})
	if h.at == nil {
		return ""
	}
	return (&lifter{Package: p}).pos(h.at).String()
}

// A handling looks for the calls whose error a function returns.
type handling struct {
	p        *Package
	returned map[*ast.CallExpr]bool
	at       ast.Node
}

// mayFail reports whether c calls a step, or something with steps inside, that
// returns an error or hides one.
func (p *Package) mayFail(c *ast.CallExpr) bool {
	fn := calleeOf(p.Info, c)
	if fn == nil {
		return false // a function value is opaque: nothing with it inside is kept
	}
	sum := p.Index.Of(fn)
	if sum.Role == effect.Plain && !callsSteps(sum) || sum.IsPure() && sum.Role != effect.StepRole {
		return false
	}
	n := fn.Signature().Results().Len()
	return n > 0 && isError(fn.Signature().Results().At(n-1).Type()) || callsSteps(sum) && p.Handles(fn.Origin()) != ""
}

// list notes the calls of a statement list whose errors are returned.
func (h *handling) list(list []ast.Stmt) {
	for i, s := range list {
		var next ast.Stmt
		if i+1 < len(list) {
			next = list[i+1]
		}
		switch s := s.(type) {
		case *ast.ReturnStmt:
			if len(s.Results) == 1 {
				h.note(s.Results[0])
			}
		case *ast.AssignStmt:
			if h.returns(next, h.errorOf(s)) {
				h.note(s.Rhs[0])
			}
		case *ast.IfStmt:
			if a, ok := s.Init.(*ast.AssignStmt); ok && h.returns(&ast.IfStmt{Cond: s.Cond, Body: s.Body}, h.errorOf(a)) {
				h.note(a.Rhs[0])
			}
		}
		h.inside(s)
	}
}

// inside looks at the lists inside s.
func (h *handling) inside(s ast.Stmt) {
	ast.Inspect(s, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BlockStmt:
			h.list(n.List)
			return false
		case *ast.CaseClause:
			h.list(n.Body)
			return false
		}
		return true
	})
}

func (h *handling) note(e ast.Expr) {
	if c, ok := ast.Unparen(e).(*ast.CallExpr); ok && (calleeOf(h.p.Info, c) == nil || h.p.Handles(calleeOf(h.p.Info, c).Origin()) == "") {
		h.returned[c] = true
	}
}

// errorOf returns the variable that a, the assignment of one call, sets to the call's error.
func (h *handling) errorOf(a *ast.AssignStmt) types.Object {
	if len(a.Rhs) != 1 {
		return nil
	}
	id, ok := a.Lhs[len(a.Lhs)-1].(*ast.Ident)
	if !ok {
		return nil
	}
	o := h.p.Info.ObjectOf(id)
	if o == nil || !isError(o.Type()) {
		return nil
	}
	return o
}

// returns reports whether s returns an error if err is set: return …, err, or
// if err != nil { …; return …, an error }.
func (h *handling) returns(s ast.Stmt, err types.Object) bool {
	if err == nil {
		return false
	}
	l := &lifter{Package: h.p, info: h.p.Info}
	switch s := s.(type) {
	case *ast.ReturnStmt:
		return len(s.Results) > 0 && l.names(s.Results[len(s.Results)-1], err)
	case *ast.IfStmt:
		if s.Init != nil || !l.isNilTest(s.Cond, err, token.NEQ) || len(s.Body.List) == 0 {
			return false
		}
		r, ok := s.Body.List[len(s.Body.List)-1].(*ast.ReturnStmt)
		return ok && len(s.Body.List) == 1 && len(r.Results) > 0 && h.isFailure(r.Results[len(r.Results)-1], err)
	}
	return false
}

// isFailure reports whether e, which a function returns, is an error for sure:
// err itself, or one made of it.
func (h *handling) isFailure(e ast.Expr, err types.Object) bool {
	return isError(h.p.Info.TypeOf(e)) && mentionsObject(h.p.Info, e, err)
}
