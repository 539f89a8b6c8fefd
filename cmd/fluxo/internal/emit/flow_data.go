package emit

// The named data that a step is about to read or write, evaluated on the frame.

import (
	"go/ast"
	"go/types"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
	"fluxo.dev/fluxo/graph"
)

// data prints the functions of a node that reads named data, or writes some, else nothing.
func (p *flowPrinter) data(n *graph.Node, call *ast.CallExpr, fn *types.Func, s *lift.Scope) string {
	keys := func(field string, class graph.Class) string {
		t := p.newText(s)
		return p.keys(field, t, n, class, func(path string) (string, types.Type) { return t.argument(call, fn, path) })
	}
	return keys("Data", graph.Reads) + keys("Writes", graph.Writes)
}

// keys prints the field of an rt.Code that returns the named data of a class.
func (p *flowPrinter) keys(field string, t *text, n *graph.Node, class graph.Class, resolve func(path string) (string, types.Type)) string {
	var keys []string
	for _, e := range n.Effects {
		if e.Class != class {
			continue
		}
		for _, d := range e.Data {
			keys = append(keys, p.DataKey(d, resolve))
		}
	}
	if len(keys) == 0 {
		return ""
	}
	rt := p.Runtime()
	for i, k := range keys {
		keys[i] = rt + ".DataKey" + k
	}
	return value.Text("%[5]s: func(%[1]s *%[2]s.Frame, $keys []%[2]s.DataKey) []%[2]s.DataKey {\n%[3]sreturn append($keys, %[4]s)\n},\n",
		t.frame, rt, t.prelude(), strings.Join(keys, ", "), field)
}

// argument returns the expression that a call passes for a path over its
// function's parameters, and its type; a nil type if it cannot be evaluated again.
func (t *text) argument(call *ast.CallExpr, fn *types.Func, path string) (string, types.Type) {
	if call == nil || fn == nil {
		return "", nil
	}
	name, rest, _ := strings.Cut(path, ".")
	arg := argumentFor(call, fn, name)
	if arg == nil || !repeatable(t.pkg.Info, arg) {
		return "", nil
	}
	typ := pathType(fn, path)
	if typ == nil {
		return "", nil
	}
	expr := t.of(arg)
	if rest != "" {
		expr = "(" + expr + ")." + rest
	}
	return expr, typ
}

// argumentFor returns the argument, or the receiver, for a parameter of that name.
func argumentFor(call *ast.CallExpr, fn *types.Func, name string) ast.Expr {
	sig := fn.Signature()
	if r := sig.Recv(); r != nil && r.Name() == name {
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return sel.X
		}
		return nil
	}
	for i := range sig.Params().Len() {
		if sig.Params().At(i).Name() == name && i < len(call.Args) && !(sig.Variadic() && i == sig.Params().Len()-1) {
			return call.Args[i]
		}
	}
	return nil
}

// repeatable reports whether e can be evaluated once more: it calls nothing but conversions.
func repeatable(info *types.Info, e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			ok = ok && info.Types[n.Fun].IsType()
		case *ast.IndexExpr, *ast.SliceExpr, *ast.StarExpr, *ast.TypeAssertExpr, *ast.FuncLit:
			ok = false // it may panic, and the step must be the one to do so
		}
		return ok
	})
	return ok
}
