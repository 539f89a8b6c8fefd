package emit

// The imports of the added file. Their names stand among the author's own names
// and those of emitted code, so they are chosen last, when all others are known.

import (
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// An importName is one import.
type importName struct {
	own   string // the package's own name
	until string // stands for the name in text: "fluxoImport_3"
}

// imports holds the imports of a file by path.
type imports map[string]importName

// of returns what stands for the name of an import in the text of the file.
func (m imports) of(path, own string) string {
	had, ok := m[path]
	if !ok {
		had = importName{own, fmt.Sprintf("fluxoImport_%d", len(m))}
		m[path] = had
	}
	return had.until
}

// decl prints the import declaration.
func (m imports) decl() string {
	var b strings.Builder
	b.WriteString("import (\n")
	for _, path := range slices.Sorted(maps.Keys(m)) {
		fmt.Fprintf(&b, "\t%s %q\n", m[path].until, path)
	}
	return b.String() + ")\n"
}

// name gives the imports their names in file: each its package's own, unless
// the package declares something of that name, or the file uses it otherwise.
func (m imports) name(file *ast.File, pkg *types.Scope) {
	uses, taken := map[string][]*ast.Ident{}, map[string]bool{}
	for _, i := range m {
		uses[i.until] = nil
	}
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			ast.Inspect(n.X, visit) // what is selected hides nothing
			return false
		case *ast.Ident:
			if _, ok := uses[n.Name]; ok {
				uses[n.Name] = append(uses[n.Name], n)
			} else {
				taken[n.Name] = true
			}
		}
		return true
	}
	for _, d := range file.Decls {
		ast.Inspect(d, visit)
	}
	for _, path := range slices.Sorted(maps.Keys(m)) {
		name := m[path].own
		for n := 1; taken[name] || pkg.Lookup(name) != nil; n++ {
			name = fmt.Sprintf("fluxo%d_%s", n, m[path].own)
		}
		taken[name] = true
		for _, id := range uses[m[path].until] {
			id.Name = name
		}
	}
}
