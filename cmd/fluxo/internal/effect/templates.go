package effect

// Templates: executing one may call whatever the program gave to templates.

import (
	"go/ast"
	"go/token"
	"go/types"
)

// executes notes what the execution of a template may do beside writing to its
// writer: call any function of a FuncMap of this package. Which template has which
// functions is not followed: that of all of them is safe. Those that another
// package gave to a template are not seen.
func (b *body) executes(fn *types.Func, pos token.Pos) {
	key, _ := tableKey(fn)
	switch key {
	case "html/template.Template.Execute", "html/template.Template.ExecuteTemplate",
		"text/template.Template.Execute", "text/template.Template.ExecuteTemplate":
	default:
		return
	}
	if b.templated {
		return // a template's function that executes a template
	}
	b.templated = true
	for _, m := range b.funcMaps() {
		for _, elt := range m.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				b.callValue(kv.Value, b.eval(kv.Value), nil, pos)
			}
		}
	}
}

// funcMaps lists the FuncMaps that the package writes down.
func (in *inference) funcMaps() (all []*ast.CompositeLit) {
	for _, file := range in.r.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if ok && (typeIs(in.info.TypeOf(lit), "html/template", "FuncMap") || typeIs(in.info.TypeOf(lit), "text/template", "FuncMap")) {
				all = append(all, lit)
			}
			return true
		})
	}
	return all
}
