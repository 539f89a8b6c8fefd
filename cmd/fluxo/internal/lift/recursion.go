package lift

// Flows that call each other: within one package, since imports have no cycles.

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
)

// recursions maps each flow to the call in it that leads back to it, through
// other flows and through functions that the lift looks through.
func (p *Package) recursions(decls map[*types.Func]*ast.FuncDecl) map[*types.Func]*ast.CallExpr {
	found := map[*types.Func]*ast.CallExpr{}
	for fn, decl := range decls {
		if p.Index.Of(fn).Role != effect.FlowRole {
			continue
		}
		p.eachCallee(decl, func(c *ast.CallExpr, callee *types.Func) {
			if found[fn] == nil && p.reaches(decls, callee, fn, map[*types.Func]bool{}) {
				found[fn] = c
			}
		})
	}
	return found
}

// reaches reports whether a call of from may lead to a call of to.
func (p *Package) reaches(decls map[*types.Func]*ast.FuncDecl, from, to *types.Func, seen map[*types.Func]bool) bool {
	if from == to {
		return true
	}
	role := p.Index.Of(from).Role
	if decls[from] == nil || seen[from] || role != effect.FlowRole && role != effect.Plain {
		return false
	}
	seen[from] = true
	reached := false
	p.eachCallee(decls[from], func(_ *ast.CallExpr, callee *types.Func) {
		reached = reached || p.reaches(decls, callee, to, seen)
	})
	return reached
}

// eachCallee visits the calls of known functions in a declaration.
func (p *Package) eachCallee(decl *ast.FuncDecl, visit func(*ast.CallExpr, *types.Func)) {
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		if c, ok := n.(*ast.CallExpr); ok {
			if fn := calleeOf(p.Info, c); fn != nil {
				visit(c, fn.Origin())
			}
		}
		return true
	})
}

// calleeOf returns the function or method that c calls; nil for anything else.
func calleeOf(info *types.Info, c *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(info, c).(*types.Func)
	return fn
}
