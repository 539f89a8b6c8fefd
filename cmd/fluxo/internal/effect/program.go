package effect

// Conditions of the whole program, checked on its main package, without test
// files: facts never depend on importers, so only here all of them are together.

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"net/http"
	"slices"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
)

// program checks the main package; what two places have done together is reported at its
// package clause, with the places in the text.
func (r *Result) program() {
	isMain := r.pass.Pkg.Name() == "main" && !r.hasTests()
	r.routes(isMain)
	if !isMain {
		return
	}
	var all []*PackageFact
	for _, f := range r.pass.AllPackageFacts() {
		if p, ok := f.Fact.(*PackageFact); ok {
			all = append(all, p)
		}
	}
	r.contradictions(all)
	r.soleData(all)
	r.constants(all)
	r.environment(all)
}

func (r *Result) hasTests() bool {
	return slices.ContainsFunc(r.pass.Files, func(f *ast.File) bool {
		return isTest(r.pass.Fset, f.Pos())
	})
}

// onMain reports at the package clause of the main package's first file.
func (r *Result) onMain(code diag.Code, what, fix string) {
	name := r.pass.Files[0].Name
	diag.Report(r.pass, name.Pos(), name.End(), code, what, fix)
}

// contradictions finds functions of which two packages assume different things.
func (r *Result) contradictions(all []*PackageFact) {
	seen := map[string]Assumption{}
	for _, p := range all {
		for _, a := range p.Assumes {
			old, twice := seen[a.Func]
			seen[a.Func] = a
			if twice && old.Summary.String() != a.Summary.String() {
				lines := []string{a.Where + " " + a.Summary.promise(), old.Where + " " + old.Summary.promise()}
				slices.Sort(lines)
				r.onMain("FX401", fmt.Sprintf("%s is assumed to be different things: %s", a.Func, strings.Join(lines, ", ")), "keep one of the two lines")
			}
		}
	}
}

// soleData finds sole lines that speak of nothing.
func (r *Result) soleData(all []*PackageFact) {
	var known []string
	for _, p := range all {
		known = append(known, p.Data...)
	}
	for i, name := range r.sole {
		if slices.Contains(known, name) {
			continue
		}
		fix := "remove it, or name the data as the steps do"
		if near := nearest(name, slices.Clone(known)); near != "" {
			fix = "write " + near
		}
		r.report(r.soleAt[i], "FX402", "no step reads or writes "+name, fix)
	}
}

// constants finds variables that one package reads as constants and another assigns.
func (r *Result) constants(all []*PackageFact) {
	relied := map[string]bool{}
	for _, p := range all {
		for _, v := range p.Relies {
			relied[v] = true
		}
	}
	for _, p := range all {
		for _, c := range p.Assigns {
			if relied[c.Var] {
				r.onMain("FX405", "variable "+c.Var+" is assigned at "+c.Where+", and functions that count as pure read it", "set it in main or in an init function, or pass the value as an argument")
			}
		}
	}
}

// environment finds programs that change the environment while they run.
func (r *Result) environment(all []*PackageFact) {
	var get, set []string
	for _, p := range all {
		for _, name := range p.Relies {
			if place, ok := strings.CutPrefix(name, environ); ok {
				get = append(get, place)
			}
		}
		if p.Setenv != "" {
			set = append(set, p.Setenv)
		}
	}
	if len(get) > 0 && len(set) > 0 {
		r.onMain("FX406", "the environment is changed at "+slices.Min(set)+", and a flow or step reads it at "+slices.Min(get),
			"change it in main or init before anything reads it, or pass the value as an argument; or let the function that reads it say //fluxo:opaque")
	}
}

// routes finds flows and raw handlers that net/http would not know how to tell apart: the main package
// those of two packages, each package its own, since Fluxo may supply its main function.
func (r *Result) routes(isMain bool) {
	type route struct {
		pattern string
		fn      *types.Func
	}
	var all []route
	for _, f := range r.pass.AllObjectFacts() {
		fact, ok := f.Fact.(*Fact)
		fn, isFunc := f.Object.(*types.Func)
		if !ok || !isFunc {
			continue
		}
		for _, t := range fact.Triggers {
			if pattern := Pattern(t); pattern != "" && accepts(http.NewServeMux(), pattern) { // else it has been reported
				all = append(all, route{pattern, fn})
			}
		}
	}
	slices.SortFunc(all, func(a, b route) int { return r.compare(a.fn, b.fn) })
	mux := http.NewServeMux()
	for i, rt := range all {
		if !accepts(mux, rt.pattern) {
			for _, other := range all[:i] {
				ours := isMain
				if rt.fn.Pkg() == other.fn.Pkg() {
					ours = rt.fn.Pkg() == r.pass.Pkg
				}
				if pair := http.NewServeMux(); ours && accepts(pair, other.pattern) && !accepts(pair, rt.pattern) {
					diag.Report(r.pass, rt.fn.Pos(), rt.fn.Pos()+token.Pos(len(rt.fn.Name())), "FX407", fmt.Sprintf("%s (%s) and %s (%s, %s) match the same requests, and neither is more specific",
						rt.pattern, rt.fn.FullName(), other.pattern, other.fn.FullName(), r.where(other.fn.Pos())), "change one of the two paths")
					break
				}
			}
		}
	}
}

// compare orders functions by package, then as they stand in the source.
func (r *Result) compare(a, b *types.Func) int {
	p, q := r.pass.Fset.Position(a.Pos()), r.pass.Fset.Position(b.Pos())
	return cmp.Or(strings.Compare(a.Pkg().Path(), b.Pkg().Path()), strings.Compare(p.Filename, q.Filename), p.Line-q.Line)
}

func accepts(mux *http.ServeMux, pattern string) (ok bool) {
	defer func() { ok = recover() == nil }()
	mux.Handle(pattern, http.NotFoundHandler())
	return true
}

// promise is the effects of a summary in the words of the language.
func (s Summary) promise() string {
	var texts []string
	for _, e := range s.Effects {
		texts = append(texts, effectText(e))
	}
	if len(texts) == 0 {
		return "pure"
	}
	return strings.Join(texts, ", ")
}
