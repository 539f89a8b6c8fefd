package effect

// Templates: executing one may call whatever the program gave to templates, and
// the methods of the data that it is executed with.

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// executes notes what the execution of a template may do beside writing to its
// writer: call any function that this package or one of its imports gives to a template,
// and any method of its data. Which template has which functions, and names which methods, is
// not followed: that of all of them is safe. Functions that an importer gives to a template
// of this package are not seen, nor are methods behind an interface without methods.
func (b *body) executes(fn *types.Func, call *ast.CallExpr, pos token.Pos) {
	key, _ := tableKey(fn)
	switch key {
	case "html/template.Template.Execute", "html/template.Template.ExecuteTemplate",
		"text/template.Template.Execute", "text/template.Template.ExecuteTemplate":
	default:
		return
	}
	if call != nil && len(call.Args) > 1 {
		b.dataMethods(call.Args[len(call.Args)-1], pos)
	}
	if b.templated {
		return // a template's function that executes a template
	}
	b.templated = true
	g := b.templateFuncs()
	for _, e := range g.funcs {
		b.callValue(e, b.eval(e), nil, pos)
	}
	if g.unfollowed != "" {
		b.opaque(pos, "executes a template with functions that are not written down where it gets them, "+g.unfollowed)
	}
	for _, f := range b.r.pass.AllPackageFacts() {
		if p, ok := f.Fact.(*PackageFact); ok && p.Templates != "" && f.Package != b.pkg {
			b.opaque(pos, p.Templates)
		}
	}
}

// A templateFuncs is what a package gives to templates.
type templateFuncs struct {
	funcs      []ast.Expr
	unfollowed string // where it gives functions that are not written down there; "" if nowhere
}

// templateFuncs lists the functions that the package gives to templates: the elements of every
// FuncMap that it writes down, and what it assigns to one.
func (in *inference) templateFuncs() *templateFuncs {
	if in.templates != nil {
		return in.templates
	}
	g := &templateFuncs{}
	in.templates = g
	elements := func(lit *ast.CompositeLit) {
		for _, elt := range lit.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok {
				g.funcs = append(g.funcs, kv.Value)
			}
		}
	}
	if !in.importsTemplates() {
		return g
	}
	for _, file := range in.r.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if in.isFuncMap(n) {
					elements(n)
				}
			case *ast.AssignStmt:
				for i, x := range n.Lhs {
					if ix, ok := ast.Unparen(x).(*ast.IndexExpr); ok && len(n.Lhs) == len(n.Rhs) && in.isFuncMap(ix.X) {
						g.funcs = append(g.funcs, n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				if lit := in.converted(n); lit != nil {
					elements(lit)
				}
				if in.givesFuncs(n) {
					if lit, ok := ast.Unparen(n.Args[0]).(*ast.CompositeLit); ok && !in.isFuncMap(lit) {
						elements(lit)
					}
				}
				if !in.isFollowed(n) {
					g.unfollowed = in.where(n.Pos())
				}
			}
			return true
		})
	}
	return g
}

// importsTemplates reports whether the package can name templates.
func (in *inference) importsTemplates() bool {
	return slices.ContainsFunc(in.pkg.Imports(), func(p *types.Package) bool {
		return p.Path() == "html/template" || p.Path() == "text/template"
	})
}

func (in *inference) isFuncMap(e ast.Expr) bool {
	t := in.info.TypeOf(e)
	return typeIs(t, "html/template", "FuncMap") || typeIs(t, "text/template", "FuncMap")
}

// converted returns the literal that a conversion to FuncMap converts; nil if c is none.
func (in *inference) converted(c *ast.CallExpr) *ast.CompositeLit {
	if !in.info.Types[c.Fun].IsType() || !in.isFuncMap(c) || len(c.Args) != 1 {
		return nil
	}
	lit, _ := ast.Unparen(c.Args[0]).(*ast.CompositeLit)
	return lit
}

// isFollowed reports whether call gives no template functions, or such as are written
// down: in the call, or in a variable of this package or of one that was looked at.
func (in *inference) isFollowed(call *ast.CallExpr) bool {
	if !in.givesFuncs(call) {
		return true
	}
	switch e := ast.Unparen(call.Args[0]).(type) {
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		return in.converted(e) != nil
	case *ast.Ident:
		v, ok := in.info.Uses[e].(*types.Var)
		return ok && in.isFuncMap(e) && !in.isParameter(v)
	case *ast.SelectorExpr:
		v, ok := in.info.Uses[e.Sel].(*types.Var)
		return ok && in.isFuncMap(e) && !v.IsField() && in.isLookedAt(v.Pkg())
	}
	return false
}

// givesFuncs reports whether call is one of (*template.Template).Funcs.
func (in *inference) givesFuncs(call *ast.CallExpr) bool {
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) != 1 {
		return false
	}
	fn, ok := in.info.Uses[sel.Sel].(*types.Func)
	if !ok {
		return false
	}
	key, _ := tableKey(fn)
	return key == "html/template.Template.Funcs" || key == "text/template.Template.Funcs"
}

// isParameter reports whether v is a parameter of a function of this package.
func (in *inference) isParameter(v *types.Var) bool {
	for fn := range in.funcs {
		sig := fn.Signature()
		for i := range sig.Params().Len() {
			if sig.Params().At(i) == v {
				return true
			}
		}
	}
	return false
}

// isLookedAt reports whether a package has told what it gives to templates.
func (in *inference) isLookedAt(pkg *types.Package) bool {
	for _, f := range in.r.pass.AllPackageFacts() {
		if _, ok := f.Fact.(*PackageFact); ok && f.Package == pkg {
			return true
		}
	}
	return pkg == in.pkg
}

// maxDataTypes bounds how many types behind a template's data are looked at; what has more
// counts as opaque.
const maxDataTypes = 256

// dataMethods applies the methods that a template may call on its data: exported ones with a
// value to show.
func (b *body) dataMethods(data ast.Expr, pos token.Pos) {
	memory := b.reach(b.eval(data))
	seen := map[types.Type]bool{}
	var look func(t types.Type)
	look = func(t types.Type) {
		if seen[t] || len(seen) > maxDataTypes {
			return
		}
		seen[t] = true
		if n, ok := types.Unalias(t).(*types.Named); ok {
			if n.Obj().Pkg() == nil || isStandard(n.Obj().Pkg().Path()) {
				return // the tables' types: what they show is pure
			}
			b.showing(n, memory, pos)
		}
		switch u := t.Underlying().(type) {
		case *types.Pointer:
			look(u.Elem())
		case *types.Slice:
			look(u.Elem())
		case *types.Array:
			look(u.Elem())
		case *types.Map:
			look(u.Key())
			look(u.Elem())
		case *types.Struct:
			for i := range u.NumFields() {
				if f := u.Field(i); f.Exported() || f.Embedded() {
					look(f.Type())
				}
			}
		}
	}
	look(b.typeOf(data))
	if len(seen) > maxDataTypes {
		b.opaque(pos, "executes a template with data of too many types")
	}
}

// showing applies the methods of n that have a value to show.
func (b *body) showing(n *types.Named, memory set, pos token.Pos) {
	methods := types.NewMethodSet(n)
	if !types.IsInterface(n) {
		methods = types.NewMethodSet(types.NewPointer(n))
	}
	for m := range methods.Methods() {
		fn, ok := m.Obj().(*types.Func)
		if !ok || !fn.Exported() {
			continue
		}
		sig := fn.Signature()
		if k := sig.Results().Len(); k == 0 || k > 2 || isError(sig.Results().At(0).Type()) || k == 2 && !isError(sig.Results().At(1).Type()) {
			continue
		}
		args := make([]set, 1+sig.Params().Len())
		for i := range args {
			args[i] = memory
		}
		b.apply(fn.Origin(), args, true, nil, pos)
	}
}

// templates says what stands in the way of executing a template that this package has given
// functions to; "" if nothing does.
func (r *Result) templates() string {
	b := newBody(r.inference, newFinding())
	b.templated = true
	g := r.inference.templateFuncs()
	for _, e := range g.funcs {
		b.run(e, func() { b.callValue(e, b.eval(e), nil, e.Pos()) })
	}
	if g.unfollowed != "" {
		b.opaque(token.NoPos, "functions that are not written down where it gets them, "+g.unfollowed)
	}
	f := b.found
	why := f.opaque
	switch {
	case why != "":
	case f.fresh:
		why = "asks a clock or a random source"
	case f.hidden.what != "":
		why = "depends on " + f.hidden.what
	case f.hiddenVar.what != "":
		why = "depends on " + f.hiddenVar.what
	default:
		for _, e := range f.reach {
			if e.Class != graph.Pure && e.Class != graph.Observes {
				why = "is " + e.Class.String()
			}
		}
	}
	if why == "" {
		return ""
	}
	return "executes a template, which may call what package " + r.pass.Pkg.Path() + " gives to templates: " + why
}
