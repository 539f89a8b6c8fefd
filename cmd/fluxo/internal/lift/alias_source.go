package lift

// What the value of an expression may share memory with.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
)

// sources returns the variables that the value of e may share memory with.
func (a *aliases) sources(e ast.Expr) []types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		o := a.l.info.ObjectOf(e)
		if lit := a.l.flow.Funcs[o]; lit != nil {
			return a.sources(lit)
		}
		if v, ok := o.(*types.Var); ok && v.Parent() != nil && !v.IsField() && !(isPackageLevel(v) && a.l.keptApart(v)) {
			return []types.Object{v}
		}
	case *ast.SelectorExpr:
		if a.l.info.Selections[e] != nil {
			return a.sources(e.X)
		}
		return a.sources(e.Sel)
	case *ast.IndexExpr:
		return a.sources(e.X)
	case *ast.SliceExpr:
		return a.sources(e.X)
	case *ast.StarExpr:
		return a.sources(e.X)
	case *ast.TypeAssertExpr:
		return a.sources(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			return a.sources(e.X)
		}
	case *ast.CompositeLit:
		return a.elements(e)
	case *ast.FuncLit:
		return slices.DeleteFunc(a.captured(e), func(o types.Object) bool { return isContext(o.Type()) })
	case *ast.CallExpr:
		return a.callSources(e)
	}
	return nil
}

func (a *aliases) elements(e *ast.CompositeLit) []types.Object {
	var all []types.Object
	for _, elt := range e.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			elt = kv.Value
		}
		if refersTo(a.l.info.TypeOf(elt)) {
			all = append(all, a.sources(elt)...)
		}
	}
	return all
}

// captured returns the variables of the function around lit that lit uses.
func (a *aliases) captured(lit *ast.FuncLit) []types.Object {
	var all []types.Object
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v, ok := a.l.info.Uses[id].(*types.Var); ok && !v.IsField() && v.Parent() != nil &&
				v.Parent() != a.l.Types.Scope() && (v.Pos() < lit.Pos() || v.Pos() > lit.End()) {
				all = append(all, v)
			}
		}
		return true
	})
	return all
}

// callSources returns the variables that a call's results may share memory with.
func (a *aliases) callSources(c *ast.CallExpr) []types.Object {
	k := a.l.call(c)
	var all []types.Object
	if k.own() {
		all = append(all, a.result(c))
	}
	for i, arg := range a.operands(c, k) {
		byAddress := i == 0 && a.l.addressTaken(c.Fun) != nil
		if arg == nil || !refersTo(a.l.info.TypeOf(arg)) && !byAddress {
			continue
		}
		spread := k.kind == builtin && c.Ellipsis.IsValid() && i == len(c.Args) // append copies the elements
		if (spread || slices.Contains(k.sum.Holds, i-1)) && !leadsOn(a.l.info.TypeOf(c)) {
			continue // the results share only what lies behind the argument, and nothing does
		}
		if k.kind == conversion || k.kind == builtin || resultAliases(k, i-1) {
			from := a.sources(arg)
			if k.own() {
				from = a.requestScoped(from)
			}
			all = append(all, from...)
		}
	}
	return all
}

// requestScoped leaves out what outlives the request: its receiver and package
// variables. What a call keeps there is state of the program, and what it returns from
// there is the flow's to edit, as any result of a step.
func (a *aliases) requestScoped(all []types.Object) []types.Object {
	return slices.DeleteFunc(slices.Clone(all), a.l.outlives)
}

// result returns the object that stands for what c returns.
func (a *aliases) result(c *ast.CallExpr) *types.Var {
	if a.results[c] == nil {
		a.results[c] = types.NewVar(c.Pos(), a.l.Types, "", a.l.info.TypeOf(c))
	}
	return a.results[c]
}

// resultAliases reports whether the results may share memory with parameter i. Of a
// function about which nothing is known, anything may be true, and a step that may
// change an argument may as well give it back: Save returns the row that it completed.
func resultAliases(k *call, i int) bool {
	for _, p := range k.sum.Aliases {
		if p == i || k.fn != nil && k.fn.Signature().Variadic() && p == k.fn.Signature().Params().Len()-1 && i >= p {
			return true
		}
	}
	return k.fn == nil || k.sum.Role == effect.StepRole && editsParam(k, i) && returnsData(k.fn.Signature())
}

// returnsData reports whether a result, other than an error, may share memory of data.
func returnsData(sig *types.Signature) bool {
	for i := range sig.Results().Len() {
		if t := sig.Results().At(i).Type(); refersTo(t) && !isError(t) && !effect.IsHandle(t) {
			return true
		}
	}
	return false
}

// leadsOn reports whether what a value of type t leads to leads on to other memory.
func leadsOn(t types.Type) bool {
	if tuple, ok := t.(*types.Tuple); ok {
		return slices.ContainsFunc(slices.Collect(tuple.Variables()), func(v *types.Var) bool { return !isError(v.Type()) && leadsOn(v.Type()) })
	}
	if m, ok := t.Underlying().(*types.Map); ok && refersTo(m.Key()) {
		return true
	}
	return refersTo(elemOf(t))
}

func elemOf(t types.Type) types.Type {
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return t.Elem()
	case *types.Array:
		return t.Elem()
	case *types.Map:
		return t.Elem()
	case *types.Pointer:
		return t.Elem()
	case *types.Interface, *types.Signature, *types.Struct:
		return t
	}
	return types.Typ[types.Byte]
}
