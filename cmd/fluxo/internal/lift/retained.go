package lift

// Arguments that a call of which nothing is known may keep: whatever acts on the world
// after it may change them, though nobody passes them to it.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/graph"
)

// A retained is a variable that a call may have kept: its address, or what it leads to.
type retained struct {
	call    *ast.CallExpr
	o       types.Object
	address bool
}

// findRetained looks for such arguments. A deferred call keeps nothing before the flow ends.
func (l *lifter) findRetained() (all []retained) {
	ast.Inspect(l.flow.Decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.DeferStmt:
			return false
		case *ast.CallExpr:
			all = append(all, l.retainedBy(n)...)
		}
		return true
	})
	return all
}

func (l *lifter) retainedBy(c *ast.CallExpr) (all []retained) {
	k := l.call(c)
	if !isOpaque(k.effects) {
		return nil
	}
	for i, arg := range l.aliases.operands(c, k) {
		receiver := i == 0 && k.sum.Role == effect.StepRole // what a step does with it is among its effects
		if arg == nil || receiver || l.literalOf(arg) != nil || k.sum.From == "shipped" && !resultAliases(k, paramIndex(k, i-1)) {
			continue
		}
		if o := l.addressOf(c, arg); o != nil {
			all = append(all, retained{c, o, true})
		}
		if refersTo(l.info.TypeOf(arg)) {
			for _, o := range l.aliases.sources(arg) {
				all = append(all, retained{c, o, false})
			}
		}
	}
	return all
}

// addressOf returns the variable whose address an operand of a call is; nil if it is none.
func (l *lifter) addressOf(c *ast.CallExpr, arg ast.Expr) types.Object {
	if a, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok && a.Op == token.AND {
		return l.variableOf(a.X)
	}
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	if !ok || arg != sel.X {
		return nil
	}
	if s := l.info.Selections[sel]; s != nil && s.Kind() == types.MethodVal && byAddress(s) {
		return l.variableOf(arg)
	}
	return nil
}

// changesRetained notes that the call c, which acts on the world, may change what
// others have kept before. A deferred one does so when the flow has its results.
func (u *use) changesRetained(c *ast.CallExpr, k *call) {
	if changesWorld(k.effects) && !u.deferred {
		u.maySet(func(r retained) bool { return u.l.mayFollow(r.call, c) })
	}
}

// changesForked notes what the functions that are awaited at a place may have changed of
// what calls outside of each have kept: no function of the group counts as doing so, since
// the author runs them beside each other.
func (u *use) changesForked(at ast.Node) {
	var acts []*ast.CallExpr
	for lit := range u.l.forkedLits {
		if at.Pos() <= lit.End() {
			continue
		}
		u.l.eachCall(lit.Body, func(c *ast.CallExpr) {
			if changesWorld(u.l.call(c).effects) {
				acts = append(acts, c)
			}
		})
	}
	u.maySet(func(r retained) bool {
		return r.call.Pos() < at.Pos() && slices.ContainsFunc(acts, func(c *ast.CallExpr) bool {
			return u.l.forkedAround(c) != u.l.forkedAround(r.call)
		})
	})
}

func (u *use) maySet(kept func(retained) bool) {
	u.perhaps(func() {
		for _, r := range u.l.retained {
			v := u.l.flow.vars[r.o]
			if v == nil || v.Kind != graph.Data || !slices.Contains(u.l.inOrder(), v) || !kept(r) {
				continue
			}
			if r.address {
				u.set(v)
			}
			if refersTo(v.Go) {
				u.change(v, cellsOf(v.Go))
			}
		}
	})
}

// mayFollow reports whether the flow may make call then after call first. What a function
// does that is run beside the flow counts where it is awaited, other than for itself.
func (l *lifter) mayFollow(first, then *ast.CallExpr) bool {
	if first == then {
		return false
	}
	in, beside := l.forkedAround(then), l.forkedAround(first)
	switch {
	case in == beside:
	case in != nil || !l.awaitedBetween(beside, then):
		return false
	}
	loop := l.loopAround(first)
	return first.Pos() < then.Pos() || loop != nil && loop.Pos() <= then.Pos() && then.End() <= loop.End()
}

// awaitedBetween reports whether a group is awaited after lit and before c.
func (l *lifter) awaitedBetween(lit *ast.FuncLit, c *ast.CallExpr) bool {
	for _, g := range l.groups {
		if slices.ContainsFunc(g.waits, func(w ast.Node) bool { return lit.End() <= w.Pos() && w.End() <= c.Pos() }) {
			return true
		}
	}
	return false
}

// forkedAround returns the function run beside the flow that n stands in; nil if none.
func (l *lifter) forkedAround(n ast.Node) (in *ast.FuncLit) {
	for lit := range l.forkedLits {
		if lit.Pos() <= n.Pos() && n.End() <= lit.End() && (in == nil || in.Pos() < lit.Pos()) {
			in = lit
		}
	}
	return in
}

// movesAway reports whether lit, a function that is run beside the flow, gives away the
// address of a variable from around it which the flow may see changed afterwards: on a
// frame of its own the function would give away another one.
func (l *lifter) movesAway(lit *ast.FuncLit) bool {
	return slices.ContainsFunc(l.retained, func(r retained) bool {
		if !r.address || l.forkedAround(r.call) != lit || lit.Pos() <= r.o.Pos() && r.o.Pos() < lit.End() {
			return false
		}
		found := false
		l.eachCall(l.flow.Decl.Body, func(c *ast.CallExpr) {
			found = found || changesWorld(l.call(c).effects) && l.forkedAround(c) == nil && l.mayFollow(r.call, c)
		})
		return found
	})
}

func isOpaque(effects []graph.Effect) bool {
	return slices.ContainsFunc(effects, func(e graph.Effect) bool { return e.Class == graph.Opaque })
}
