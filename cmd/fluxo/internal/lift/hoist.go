package lift

// Calls that get a node of their own, and the temporaries that hold what they
// return when they stand inside an expression.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// own lifts a call into a node that sets vars.
func (l *lifter) own(at ast.Node, c *ast.CallExpr, vars []*Var) *graph.Node {
	if id, _ := l.groupCall(c); id != nil {
		return l.wait(at, l.groups[l.info.Uses[id]], vars[0])
	}
	l.hoistOperands(c)
	k := l.call(c)
	l.notes(c, k)
	u := l.newUse()
	u.call(c)
	for _, v := range vars {
		if v != nil {
			u.set(v)
		}
	}
	kind := graph.Step
	switch k.kind {
	case flowCall:
		kind = graph.Call
	case freshCall:
		kind = graph.Fresh
	}
	set := &Set{Vars: vars, Expr: c, Call: c, Fn: k.fn, Err: l.errorResult(c)}
	if k.kind == freshCall {
		set.Err = -1
	}
	n := l.add(kind, k.name, at, u, set)
	n.Callee = k.callee
	if kind == graph.Step {
		n.Limit = k.sum.Limit
	}
	if set.Err >= 0 && vars[set.Err] != nil && isError(vars[set.Err].Go) {
		n.Err = vars[set.Err].ID
	}
	return n
}

// errorResult is the index of a call's last result if that is an error, else -1.
func (l *lifter) errorResult(c *ast.CallExpr) int {
	switch t := l.info.TypeOf(c).(type) {
	case *types.Tuple:
		if n := t.Len(); n > 0 && isError(t.At(n-1).Type()) {
			return n - 1
		}
	case nil:
	default:
		if isError(t) {
			return 0
		}
	}
	return -1
}

// hoist gives the own calls in e nodes of their own, in the order in which Go
// evaluates them; e then reads the temporaries that they set.
func (l *lifter) hoist(e ast.Expr) {
	if isNil(e) || !l.hasOwn(e) {
		return
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		l.hoist(e.X)
		return
	case *ast.BinaryExpr:
		if (e.Op == token.LAND || e.Op == token.LOR) && l.hasOwn(e.Y) {
			l.hoistCondition(e)
			return
		}
	case *ast.CallExpr:
		if l.call(e).own() {
			l.hoistCall(e)
			return
		}
	}
	operands := children(e)
	for i, x := range operands {
		if l.hasOwn(x) {
			l.hoist(x)
		} else if l.anyOwn(operands[i+1:]) {
			l.settle(x) // Go calls what is in x before what is in the rest
		}
	}
}

func (l *lifter) anyOwn(list []ast.Expr) bool {
	for _, e := range list {
		if l.hasOwn(e) {
			return true
		}
	}
	return false
}

// settle evaluates the calls in e into temporaries where it could be noticed
// that they run after a call that follows.
func (l *lifter) settle(e ast.Expr) {
	noticed := false
	l.eachCall(e, func(c *ast.CallExpr) {
		k := l.call(c)
		if k.kind == glueCall && (len(k.effects) > 0 || k.sum.Panics) {
			noticed = true
		}
	})
	if noticed {
		l.hoistGlue(e)
	}
}

// hoistCall lifts an own call inside an expression.
func (l *lifter) hoistCall(c *ast.CallExpr) {
	var vars []*Var
	if t, ok := l.info.TypeOf(c).(*types.Tuple); ok {
		for i := range t.Len() {
			vars = append(vars, l.temp(t.At(i).Type()))
		}
	} else {
		vars = append(vars, l.temp(l.info.TypeOf(c)))
	}
	for _, v := range vars {
		v.Object = l.aliases.result(c)
	}
	if len(vars) == 1 {
		l.flow.vars[vars[0].Object] = vars[0]
	}
	l.own(c, c, vars)
	l.flow.Hoisted[c] = vars
}

// hoistOperands evaluates the operands of an own call: own calls in them, and
// what needs a request-scoped handle that the call itself is not given.
func (l *lifter) hoistOperands(c *ast.CallExpr) {
	operands := append([]ast.Expr{c.Fun}, c.Args...)
	for i, x := range operands {
		if l.hasOwn(x) {
			if i == 0 {
				l.hoist(receiverOf(x))
			} else {
				l.hoist(x)
			}
		} else if i > 0 && l.needsHandle(x) {
			l.hoistGlue(x)
		} else if i > 0 && l.anyOwn(operands[i+1:]) {
			l.settle(x)
		}
	}
}

// receiverOf returns the operand of a selector, else e itself.
func receiverOf(e ast.Expr) ast.Expr {
	if sel, ok := ast.Unparen(e).(*ast.SelectorExpr); ok {
		return sel.X
	}
	return e
}

// needsHandle reports whether computing e, which is no handle itself, uses a
// request-scoped handle: r.PathValue("id").
func (l *lifter) needsHandle(e ast.Expr) bool {
	if l.flow.Hoisted[e] != nil || l.kindOf(l.info.TypeOf(e)) == graph.Handle || isFunc(l.info.TypeOf(e)) {
		return false
	}
	if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.AND && !isComposite(u.X) {
		return false // the call may set what it is given the address of
	}
	u := l.newUse()
	u.expr(e)
	for _, v := range u.in {
		if v.Kind == graph.Handle {
			return true
		}
	}
	return false
}

// isComposite reports whether e makes a value of its own.
func isComposite(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.CompositeLit)
	return ok
}

// hoistGlue evaluates e into a temporary.
func (l *lifter) hoistGlue(e ast.Expr) {
	if l.flow.Hoisted[e] != nil {
		return
	}
	u := l.newUse()
	u.expr(e)
	v := l.temp(l.info.TypeOf(e))
	u.set(v)
	l.add(graph.Glue, join("glue", l.nameOf(e)), e, u, &Set{Vars: []*Var{v}, Expr: e, Err: -1})
	l.flow.Hoisted[e] = []*Var{v}
}

// hoistCondition lifts a && b and a || b where b has own calls: b's are in a branch.
func (l *lifter) hoistCondition(e *ast.BinaryExpr) {
	l.hoist(e.X)
	v := l.temp(l.info.TypeOf(e))
	l.setTo(v, e.X)
	u := l.newUse()
	u.read(v)
	cond := &ast.Ident{Name: "_", NamePos: e.X.Pos()} // stands for the temporary
	l.flow.Hoisted[cond] = []*Var{v}
	n := l.add(graph.Branch, join("if", l.nameOf(e.X)), e, u, &If{Cond: cond, Not: e.Op == token.LOR})
	n.Blocks = []*graph.Block{l.within(func() {
		l.hoist(e.Y)
		l.setTo(v, e.Y)
	})}
	l.flow.Hoisted[e] = []*Var{v}
}

// setTo lifts v = e.
func (l *lifter) setTo(v *Var, e ast.Expr) {
	u := l.newUse()
	u.expr(e)
	u.set(v)
	l.add(graph.Glue, join("glue", l.nameOf(e)), e, u, &Set{Vars: []*Var{v}, Expr: e, Err: -1})
}

// children returns the operands of e in the order of evaluation.
func children(e ast.Expr) []ast.Expr {
	var all []ast.Expr
	first := true
	ast.Inspect(e, func(n ast.Node) bool {
		if first {
			first = false
			return true
		}
		switch n := n.(type) {
		case *ast.KeyValueExpr:
			return true
		case ast.Expr:
			all = append(all, n)
			return false
		}
		return n != nil && false
	})
	return all
}
