package emit

// The variables of emitted code. They stand among names that people chose, so each
// declaration gives them theirs when it is complete: the one that says what they are,
// or a longer one where that means something else there.

import (
	"go/ast"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
)

// nameLocals names the variables of emitted code in file.
func nameLocals(file *ast.File) {
	for _, d := range file.Decls {
		uses, taken := localsOf(d)
		for until, ids := range uses {
			name := strings.TrimPrefix(until, value.LocalPrefix)
			for taken[name] {
				name = "fluxo_" + name
			}
			for _, id := range ids {
				id.Name = name
			}
		}
	}
}

// localsOf returns the places of what stands for variables in a declaration, and the
// names that it uses for other things. What is selected hides nothing.
func localsOf(d ast.Decl) (uses map[string][]*ast.Ident, taken map[string]bool) {
	uses, taken = map[string][]*ast.Ident{}, map[string]bool{}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ast.Inspect(n.X, visit)
			return false
		case *ast.Ident:
			if strings.HasPrefix(n.Name, value.LocalPrefix) {
				uses[n.Name] = append(uses[n.Name], n)
			} else {
				taken[n.Name] = true
			}
		}
		return true
	}
	ast.Inspect(d, visit)
	return uses, taken
}
