package effect

// What a flow reaches: the effects of the functions that it calls, in terms of its
// own parameters.

import (
	"go/ast"
	"go/token"
	"go/types"

	"fluxo.dev/fluxo/graph"
)

// addReach adds what a flow reaches through the call.
func (b *body) addReach(fn *types.Func, s Summary, call *ast.CallExpr) {
	if f := b.funcs[fn]; f != nil && (s.Role == Plain || s.Role == FlowRole) && s.From != "assumed" {
		b.found.fresh = b.found.fresh || f.found.fresh
		for _, e := range f.found.reach {
			b.found.reach = addEffect(b.found.reach, b.inCaller(e, fn, call))
		}
		return
	}
	for _, e := range s.Effects {
		if e.Class != graph.LocalTo {
			b.found.reach = addEffect(b.found.reach, b.inCaller(e, fn, call))
		}
	}
	if s.Role == Observer && len(s.Effects) == 0 {
		b.found.reach = addEffect(b.found.reach, graph.Effect{Class: graph.Observes})
	}
}

// inCaller rewrites the keys of an effect in terms of the caller's parameters.
// From the first part that is no parameter on, the key stands for all below it.
func (b *body) inCaller(e graph.Effect, fn *types.Func, call *ast.CallExpr) graph.Effect {
	if len(e.Data) == 0 {
		return e
	}
	data := make([]graph.DataKey, 0, len(e.Data))
	for _, k := range e.Data {
		out := graph.DataKey{Name: k.Name}
		for _, p := range k.Parts {
			q, ok := p, p[0] == '='
			if !ok {
				q, ok = b.parameterFor(p, fn, call)
			}
			if !ok {
				break
			}
			out.Parts = append(out.Parts, q)
		}
		data = append(data, out)
	}
	e.Data = data
	return e
}

// parameterFor finds the caller's parameter that is passed for the callee's
// parameter name, if the caller never assigns it.
func (b *body) parameterFor(name string, fn *types.Func, call *ast.CallExpr) (string, bool) {
	params := fn.Signature().Params()
	if call == nil || b.fn == nil || params.Len() != len(call.Args) {
		return "", false
	}
	for i := range params.Len() {
		if params.At(i).Name() != name {
			continue
		}
		v, ok := b.variable(call.Args[i]).(*types.Var)
		if !ok {
			return "", false
		}
		_, isParam := b.params[v]
		return v.Name(), isParam && !b.fn.assigns(b.info, v)
	}
	return "", false
}

// assigns reports whether the function assigns v or takes its address.
func (f *function) assigns(info *types.Info, v *types.Var) bool {
	found := false
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		var targets []ast.Expr
		switch n := n.(type) {
		case *ast.AssignStmt:
			targets = n.Lhs
		case *ast.IncDecStmt:
			targets = []ast.Expr{n.X}
		case *ast.RangeStmt:
			targets = []ast.Expr{n.Key, n.Value}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				targets = []ast.Expr{n.X}
			}
		}
		for _, e := range targets {
			if id, ok := e.(*ast.Ident); ok && info.ObjectOf(id) == v {
				found = true
			}
		}
		return !found
	})
	return found
}

// addEffect adds e to a list without repetition.
func addEffect(list []graph.Effect, e graph.Effect) []graph.Effect {
	text := effectText(e)
	for _, x := range list {
		if effectText(x) == text {
			return list
		}
	}
	return append(list, e)
}
