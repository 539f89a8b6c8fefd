package effect

// Lines that speak for a package or the program: sole, assume, observer. What a
// package assumes holds for it and for whoever imports it, so that facts need not
// know their importers; packages that contradict each other are reported on main.

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
)

// A PackageFact is what a package says beside its functions.
type PackageFact struct {
	Assumes   []Assumption
	Observers []string // context keys
	Relies    []string // what its flows and steps read as if it were constant
	Assigns   []Change // variables of other packages that it assigns
	Data      []string // names of data that its steps read or write

	Templates string // why executing a template with functions of it is not pure; "" if it is

	Setenv string // where it changes the environment
}

// An Assumption is what one assume line says.
type Assumption struct {
	Func    string // full name
	Summary Summary
	Where   string
}

// A Change says where a package assigns a variable of another one.
type Change struct{ Var, Where string }

// AFact marks PackageFact as a fact.
func (*PackageFact) AFact() {}

func (f *PackageFact) String() string { return "package " + strings.Join(f.Data, ",") }

// Sole lists the data that the package's sole lines name; it means something
// in the main package only.
func (r *Result) Sole() []string { return r.sole }

// Observers lists the context keys that cannot influence results, as named in
// this package and its imports.
func (r *Result) Observers() []string {
	list := keys(r.observers)
	slices.Sort(list)
	return list
}

// programLines reads the lines of this package and takes over what its imports say.
func (r *Result) programLines(lines []directive) {
	for _, f := range r.pass.AllPackageFacts() {
		p, ok := f.Fact.(*PackageFact)
		if !ok || f.Package == r.pass.Pkg {
			continue
		}
		for _, a := range p.Assumes {
			r.assumed[a.Func] = a.Summary
		}
		for _, k := range p.Observers {
			r.observers[k] = true
		}
	}
	for _, d := range lines {
		switch d.name.text {
		case "sole":
			r.soleLine(d)
		case "assume":
			r.assumeLine(d)
		case "observer":
			r.observerLine(d)
		}
	}
}

func (r *Result) report(f field, code diag.Code, what, fix string) {
	diag.Report(r.pass, f.pos, max(f.end(), f.pos+1), code, what, fix)
}

func (r *Result) soleLine(d directive) {
	if r.pass.Pkg.Name() != "main" {
		r.report(d.name, "FX125", prefix+"sole stands in package "+r.pass.Pkg.Name(), "move the line to the main package; a package that Fluxo serves may itself say package main, without func main")
		return
	}
	if len(d.args) == 0 {
		r.report(d.name, "FX119", prefix+"sole does not name the data", "name it: "+prefix+"sole posts")
	}
	for _, a := range d.args {
		if !dataName.MatchString(a.text) {
			r.report(a, "FX111", a.text+" is not a name of data", "write the name without a key: "+prefix+"sole posts")
			continue
		}
		r.sole = append(r.sole, a.text)
		r.soleAt = append(r.soleAt, a)
	}
}

// assumeLine: //fluxo:assume PATH.Func DIRECTIVE, PATH.Type.Method for methods.
func (r *Result) assumeLine(d directive) {
	if len(d.args) < 2 {
		r.report(d.name, "FX119", prefix+"assume lacks a function or a directive", "write "+prefix+"assume example.com/lib.Func volatile 1m")
		return
	}
	target := d.args[0]
	fn := r.find(target.text)
	if fn == nil {
		r.report(target, "FX123", "there is no function "+target.text+" among what package "+r.pass.Pkg.Name()+" imports", "write the import path, a dot and the name, Type.Method for methods, and import the package here")
		return
	}
	if fn.Pkg() == r.pass.Pkg {
		r.report(target, "FX123", target.text+" belongs to this package", "put the directive on the function itself")
		return
	}
	line := directive{name: d.args[1], args: d.args[2:], end: d.end}
	s, ok := declare(&declared{fn: fn, ident: ast.NewIdent(fn.Name()), lines: []directive{line}}, reporterFor(r.pass))
	if !ok {
		return
	}
	s.From = "assumed"
	r.assumed[fn.FullName()] = s
	r.own.Assumes = append(r.own.Assumes, Assumption{fn.FullName(), s, r.where(d.name.pos)})
}

// find looks a function up by import path and name.
func (r *Result) find(name string) *types.Func {
	slash := strings.LastIndex(name, "/") + 1
	dot := strings.Index(name[slash:], ".")
	if dot < 0 {
		return nil
	}
	path, rest := name[:slash+dot], name[slash+dot+1:]
	for pkg := range reachable(r.pass.Pkg) {
		// A dot may also stand in the path's last element: gopkg.in/yaml.v3.
		if pkg.Path() != path && strings.HasPrefix(name, pkg.Path()+".") {
			path, rest = pkg.Path(), name[len(pkg.Path())+1:]
		}
	}
	for pkg := range reachable(r.pass.Pkg) {
		if pkg.Path() != path {
			continue
		}
		typeName, method, isMethod := strings.Cut(rest, ".")
		obj := pkg.Scope().Lookup(typeName)
		if isMethod && obj != nil {
			obj, _, _ = types.LookupFieldOrMethod(obj.Type(), true, pkg, method)
		}
		if fn, ok := obj.(*types.Func); ok {
			return fn
		}
	}
	return nil
}

// reachable is the package and all that it imports.
func reachable(p *types.Package) map[*types.Package]bool {
	all := map[*types.Package]bool{}
	var walk func(p *types.Package)
	walk = func(p *types.Package) {
		if !all[p] {
			all[p] = true
			for _, i := range p.Imports() {
				walk(i)
			}
		}
	}
	walk(p)
	return all
}

// observerLine: //fluxo:observer KEY, a name in scope, pkg.Name or a string.
func (r *Result) observerLine(d directive) {
	if len(d.args) != 1 {
		r.report(d.name, "FX119", prefix+"observer names one context key", "write "+prefix+"observer requestIDKey")
		return
	}
	key, ok := r.observerKey(d.args[0])
	if !ok {
		r.report(d.args[0], "FX124", "there is no context key "+d.args[0].text+" in package "+r.pass.Pkg.Name()+" or its imports", "name a variable, constant or type of this package, one of an import with its import path (example.com/mid.RequestID), or a string in quotes")
		return
	}
	r.observers[key] = true
	r.own.Observers = append(r.own.Observers, key)
}

func (r *Result) observerKey(f field) (string, bool) {
	text := strings.TrimSuffix(f.text, "{}")
	if strings.HasPrefix(text, "\"") {
		e, err := parser.ParseExpr(text)
		lit, ok := e.(*ast.BasicLit)
		return text, err == nil && ok && lit.Kind == token.STRING
	}
	if obj := r.pass.Pkg.Scope().Lookup(text); obj != nil {
		return r.pass.Pkg.Path() + "." + text, !isFunc(obj)
	}
	for pkg := range reachable(r.pass.Pkg) {
		name, ok := strings.CutPrefix(text, pkg.Path()+".")
		if !ok {
			if name, ok = strings.CutPrefix(text, pkg.Name()+"."); !ok || !slices.Contains(r.pass.Pkg.Imports(), pkg) {
				continue
			}
		}
		if obj := pkg.Scope().Lookup(name); obj != nil {
			return pkg.Path() + "." + name, !isFunc(obj)
		}
	}
	return "", false
}

func (r *Result) where(pos token.Pos) string { return position(r.pass.Fset, pos) }

// place is where, for readers of another package.
func (r *Result) place(pos token.Pos) string {
	if r.pass.Pkg.Name() == "main" {
		return r.where(pos)
	}
	return r.pass.Pkg.Path() + "/" + r.where(pos)
}

func isFunc(obj types.Object) bool { _, ok := obj.(*types.Func); return ok }

// assigns notes an assignment to another package's variable.
func (r *Result) assigns(v *types.Var, where string) {
	if !v.Exported() || isStandard(v.Pkg().Path()) {
		return
	}
	if c := (Change{v.Pkg().Path() + "." + v.Name(), where}); !slices.Contains(r.own.Assigns, c) {
		r.own.Assigns = append(r.own.Assigns, c)
	}
}

func (r *Result) exportPackage() {
	for _, fn := range r.Declared {
		for _, e := range r.known[fn].Effects {
			for _, k := range e.Data {
				if !slices.Contains(r.own.Data, k.Name) {
					r.own.Data = append(r.own.Data, k.Name)
				}
			}
		}
	}
	slices.Sort(r.own.Data)
	slices.SortFunc(r.own.Assigns, func(a, b Change) int { return strings.Compare(a.Var+a.Where, b.Var+b.Where) })
	r.own.Relies = r.reliance()
	r.own.Templates = r.templates()
	r.pass.ExportPackageFact(&r.own)
}
