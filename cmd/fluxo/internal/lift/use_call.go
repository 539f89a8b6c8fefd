package lift

// What calls do with their operands.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/graph"
)

// call notes what a call does.
func (u *use) call(c *ast.CallExpr) {
	k := u.l.call(c)
	switch k.kind {
	case conversion:
		u.exprs(c.Args...)
		if u.l.conversionPanics(c) {
			u.panics = true
		}
		return
	case builtin:
		u.builtin(c, k.name)
		return
	}
	u.effects = unite(u.effects, k.effects)
	if k.kind == freshCall {
		u.effects = unite(u.effects, k.sum.Effects)
	}
	if k.sum.Panics && !k.own() { // what a step does is dropped with the step; glue is not
		u.panics = true
	}
	u.runsKept(k)
	u.changesRetained(c, k)
	u.receiver(c, k)
	for i, arg := range c.Args {
		u.argument(c, k, i, arg)
	}
}

// receiver notes what a call does with the operand that its function is taken from.
func (u *use) receiver(c *ast.CallExpr, k *call) {
	sel, ok := ast.Unparen(c.Fun).(*ast.SelectorExpr)
	s := u.l.info.Selections[sel]
	if !ok || s == nil || s.Kind() != types.MethodVal {
		if lit := u.l.literalOf(c.Fun); lit != nil {
			u.literal(lit)
			return
		}
		u.expr(c.Fun)
		if k.fn == nil && isFunc(u.l.info.TypeOf(c.Fun)) {
			u.cancels(c.Fun)
			u.bound(c.Fun)
		}
		return
	}
	u.selector(sel)
	if byAddress(s) && keeps(k, -1) {
		u.address(sel.X)
	}
	if !editsParam(k, -1) {
		u.counts(s, sel.X, k)
		return
	}
	if byAddress(s) {
		u.inOut(sel.X, false)
		return
	}
	u.editsBy(k, sel.X)
}

// bound notes that calling a function value may change what it is bound to, as
// f := x.Add is to x: a variable whose address it has, and the data that one leads to.
func (u *use) bound(fun ast.Expr) {
	for _, o := range u.l.aliases.requestScoped(u.l.aliases.sources(fun)) {
		root := u.l.aliases.find(o)
		for _, v := range u.l.inOrder() {
			if v.Kind != graph.Data || u.l.aliases.find(v.Object) != root {
				continue
			}
			if u.l.addressed[v.Object] {
				u.perhaps(func() { u.set(v) })
			}
			if refersTo(v.Go) {
				u.change(v, cellsOf(v.Go))
			}
		}
	}
}

// counts notes that a method of a group changes x, where x is no pointer: a fork
// would change, or wait for, a copy.
func (u *use) counts(s *types.Selection, x ast.Expr, k *call) {
	if k.sum.Role != effect.Forks && k.sum.Role != effect.Joins || !byAddress(s) {
		return
	}
	if v := u.l.flow.vars[u.l.variableOf(x)]; v != nil {
		u.perhaps(func() { u.set(v) })
	}
}

// editsBy notes that a call changes what x leads to. What it changes in an
// object that outlives the request is among its effects.
func (u *use) editsBy(k *call, x ast.Expr) {
	memory := cellsOf(u.l.info.TypeOf(x))
	if rearranges(k) {
		memory = u.l.cellBehind(x)
	}
	for _, v := range u.l.rootVars(x, memory) {
		if v.Kind != graph.Identity || len(k.effects) == 0 {
			u.change(v, memory)
		}
	}
	if len(k.effects) == 0 {
		u.writesProgram(x, memory)
	}
}

// rearranges reports whether a call puts elements of its operands elsewhere, and leaves
// what they lead to alone, as generic code over any element must. That of sort.Sort is
// the author's.
func rearranges(k *call) bool {
	if k.fn == nil || k.fn.Pkg() == nil || k.fn.Signature().Recv() != nil {
		return false
	}
	switch k.fn.Pkg().Path() {
	case "slices", "maps":
		return true
	case "sort":
		return k.fn.Name() == "Slice" || k.fn.Name() == "SliceStable"
	}
	return false
}

// byAddress reports whether a method call takes the address of its operand.
func byAddress(s *types.Selection) bool {
	recv := s.Obj().(*types.Func).Signature().Recv()
	return isPointer(recv.Type()) && !isPointer(s.Recv()) && !s.Indirect()
}

func (u *use) argument(c *ast.CallExpr, k *call, i int, arg ast.Expr) {
	edited := editsParam(k, paramIndex(k, i))
	if a, ok := ast.Unparen(arg).(*ast.UnaryExpr); ok && a.Op == token.AND {
		if _, isLit := ast.Unparen(a.X).(*ast.CompositeLit); !isLit && (edited || k.own()) {
			u.inOut(a.X, k.fn == nil || keeps(k, i))
			return
		}
	}
	if lit := u.l.literalOf(arg); lit != nil && k.fn != nil && !keeps(k, i) {
		u.literal(lit)
		return
	}
	if s, ok := ast.Unparen(arg).(*ast.SliceExpr); ok && k.fn != nil && !keeps(k, i) {
		u.slice(s)
	} else {
		u.expr(arg)
	}
	if edited && refersTo(u.l.info.TypeOf(arg)) {
		u.editsBy(k, arg)
	}
}

// keeps reports whether a call may keep its argument i beyond its return.
func keeps(k *call, i int) bool {
	return k.sum.From != "shipped" && k.sum.From != "inferred" || resultAliases(k, paramIndex(k, i))
}

// paramIndex is the parameter that argument i goes to.
func paramIndex(k *call, i int) int {
	if k.fn != nil && k.fn.Signature().Variadic() {
		return min(i, k.fn.Signature().Params().Len()-1)
	}
	return i
}

// editsParam reports whether a call may change what parameter i leads to. The
// classes that may be repeated promise to leave their arguments alone.
func editsParam(k *call, i int) bool {
	if slices.Contains(k.sum.Edits, i) {
		return true
	}
	if k.sum.From == "shipped" || k.sum.From == "inferred" {
		return false
	}
	if i == -1 && k.sum.Role == effect.StepRole {
		return false
	}
	for _, e := range k.effects {
		switch e.Class {
		case graph.Writes, graph.Acts, graph.Opaque, graph.LocalTo:
			return true
		}
	}
	return false
}

func (u *use) builtin(c *ast.CallExpr, name string) {
	for _, arg := range c.Args {
		if s, ok := ast.Unparen(arg).(*ast.SliceExpr); ok && name != "append" {
			u.slice(s)
		} else {
			u.expr(arg)
		}
	}
	switch name {
	case "append":
		if u.l.appendOverwrites(c.Args[0]) {
			u.edits(c.Args[0], u.l.cellBehind(c.Args[0]))
		}
	case "cap":
		if effect.AsksCapacity(u.l.info, c) {
			u.asks(effect.Capacity)
		}
	case "copy", "delete", "clear":
		u.edits(c.Args[0], u.l.cellBehind(c.Args[0]))
	case "make":
		for _, n := range c.Args[1:] {
			if u.l.info.Types[n].Value == nil {
				u.panics = true
			}
		}
	case "panic":
		u.panics = true
	}
}

// appendOverwrites reports whether an append to x may write over memory that
// another variable of the flow leads to: append(x[:i], …) over the rest of x, and
// where another slice of the same memory is longer, or was appended to, over that.
func (l *lifter) appendOverwrites(x ast.Expr) bool {
	if _, part := ast.Unparen(x).(*ast.SliceExpr); part {
		return true
	}
	own := l.aliases.sources(x)
	behind := cell(elemOf(l.info.TypeOf(x)))
	for _, o := range own {
		root := l.aliases.find(o)
		for other := range l.aliases.parent {
			if other.Name() != "" && !l.isResult(other) && !slices.Contains(own, other) &&
				l.aliases.find(other) == root && cellsOf(other.Type()).changedBy(behind) {
				return true
			}
		}
	}
	return false
}
