package effect

// Implementations are held to what their interface methods promise: calls
// through the interface rely on it.

import (
	"go/token"
	"go/types"
	"slices"

	"fluxo.dev/fluxo/graph"
)

// A promised method is an interface method with directives.
type promised struct {
	fn    *types.Func
	iface *types.Interface
	Summary
}

// implementations compares every implementation of a promised method, where
// the interface or the type belongs to this package, or this package is main
// and neither of the two can see the other.
func (r *Result) implementations() {
	methods := r.promisedMethods()
	if len(methods) == 0 {
		return
	}
	for pkg := range reachable(r.pass.Pkg) {
		if isStandard(pkg.Path()) {
			continue
		}
		for _, m := range methods {
			if !r.answersFor(m.fn.Pkg(), pkg) {
				continue
			}
			for _, name := range pkg.Scope().Names() {
				if tn, ok := pkg.Scope().Lookup(name).(*types.TypeName); ok && !tn.IsAlias() {
					r.implementation(m, tn)
				}
			}
		}
	}
}

// answersFor reports whether this package is where the pair is compared.
func (r *Result) answersFor(iface, typ *types.Package) bool {
	own := r.pass.Pkg
	if iface == own || typ == own {
		return true
	}
	return own.Name() == "main" && !reachable(iface)[typ] && !reachable(typ)[iface]
}

func (r *Result) promisedMethods() []promised {
	var all []promised
	add := func(fn *types.Func, s Summary) {
		recv := fn.Signature().Recv()
		if recv == nil || s.Role != StepRole && s.Role != Observer && s.Role != Extract {
			return
		}
		if iface, ok := recv.Type().Underlying().(*types.Interface); ok {
			all = append(all, promised{fn, iface, s})
		}
	}
	for fn, s := range r.known {
		add(fn, s)
	}
	for _, f := range r.pass.AllObjectFacts() {
		fact, ok := f.Fact.(*Fact)
		if fn, isFunc := f.Object.(*types.Func); ok && isFunc && fn.Pkg() != r.pass.Pkg {
			add(fn, fact.Summary)
		}
	}
	slices.SortFunc(all, func(a, b promised) int { return int(a.fn.Pos() - b.fn.Pos()) })
	return all
}

// implementation compares the method of one type.
func (r *Result) implementation(m promised, tn *types.TypeName) {
	t := tn.Type()
	if types.IsInterface(t) {
		return
	}
	if named, ok := t.(*types.Named); ok && named.TypeParams().Len() > 0 {
		return
	}
	if !types.Implements(t, m.iface) && !types.Implements(types.NewPointer(t), m.iface) {
		return
	}
	obj, _, _ := types.LookupFieldOrMethod(types.NewPointer(t), true, m.fn.Pkg(), m.fn.Name())
	fn, ok := obj.(*types.Func)
	if !ok || types.IsInterface(fn.Signature().Recv().Type()) {
		return // promoted from an embedded interface, which has its own promise
	}
	at, end := fn.Pos(), fn.Pos()+token.Pos(len(fn.Name()))
	if fn.Pkg() != r.pass.Pkg {
		at, end = r.pass.Files[0].Name.Pos(), r.pass.Files[0].Name.End()
		if m.fn.Pkg() == r.pass.Pkg {
			at, end = m.fn.Pos(), m.fn.Pos()+token.Pos(len(m.fn.Name()))
		}
	}
	report := reporterFor(r.pass)
	iface, impl := r.inference.name(m.fn), r.inference.name(fn)
	s := r.Of(fn)
	if s.Role != FlowRole && (s.From == "directive" || s.From == "assumed") {
		if s.promiseWithoutKeys() != m.promiseWithoutKeys() || s.Role != m.Role {
			report(at, end, "FX403", impl+" is declared "+s.promise()+", but "+iface+", which it implements, "+m.promise(), "declare both alike, or remove the directive of "+impl)
		}
		return
	}
	if acting(m.Summary) && !r.editable(fn) {
		report(at, end, "FX404", iface+" has a word that acts, and "+impl+" implements it in a module that cannot be edited", "move the word to a function of yours that calls "+iface)
	}
	r.heldTo(m, fn)
}

// heldTo checks the body of an implementation that promises nothing itself: one
// without directives, or a flow.
func (r *Result) heldTo(m promised, fn *types.Func) {
	f := r.inference.funcs[fn]
	if f == nil || r.held[fn] {
		return
	}
	r.held[fn] = true
	s := m.Summary
	s.Effects = append([]graph.Effect(nil), m.Effects...)
	r.keepsPromise(&declared{fn: fn, ident: f.decl.Name, body: f.decl.Body}, &s, f.found)
}

// editable reports whether the function's files belong to the author.
func (r *Result) editable(fn *types.Func) bool {
	if fn.Pkg() == r.pass.Pkg {
		return true
	}
	var f Fact
	return r.pass.ImportObjectFact(fn, &f) && f.Editable
}

func acting(s Summary) bool {
	if s.Timeout > 0 || s.Retry > 0 || s.Limit > 0 {
		return true
	}
	return len(s.Effects) > 0 && s.Effects[0].Class == graph.Writes
}

// promiseWithoutKeys compares promises whose parameters have other names.
func (s Summary) promiseWithoutKeys() string {
	t := s
	t.Effects = nil
	for _, e := range s.Effects {
		var data []graph.DataKey
		for _, k := range e.Data {
			data = append(data, graph.DataKey{Name: k.Name})
		}
		e.Data, e.Hidden = data, ""
		t.Effects = append(t.Effects, e)
	}
	return t.promise()
}
