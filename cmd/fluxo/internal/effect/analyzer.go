package effect

// The analysis pass: what it asks, the facts it leaves, the index it returns.

import (
	"fmt"
	"go/types"
	"maps"
	"reflect"
	"slices"

	"fluxo.dev/fluxo/graph"
	"golang.org/x/tools/go/analysis"
)

// Analyzer computes the summary of every function of a package, reports what
// is wrong with its directives, and returns an *Result.
var Analyzer = &analysis.Analyzer{
	Name:       "fluxoeffect",
	Doc:        "what each function does to the world: directives, shipped summaries, and inference of pure functions",
	URL:        "https://fluxo.dev/docs/language",
	Run:        run,
	ResultType: reflect.TypeFor[*Result](),
	FactTypes:  []analysis.Fact{new(Fact), new(VariableFact), new(PackageFact)},
}

// A Fact carries a Summary between packages, and what only this package asks:
// inputs that callers of the function do not see.
type Fact struct {
	Summary

	Editable       bool   // the function's module belongs to the author
	HiddenContext  string // what it reads out of a context
	HiddenKey      string // under which key
	HiddenDirect   bool   // in its own body
	Begins         bool   // requests may be running once it was called
	HiddenVariable string // which variable or field that changes it reads

	Relies []string // what it reads as if it were constant: exported variables, the environment
}

// AFact marks Fact as a fact.
func (*Fact) AFact() {}

func (f *Fact) String() string { return f.Summary.String() }

// A VariableFact stands on a package variable or a field that changes after
// the start, or after its value was made.
type VariableFact struct{ Changes string } // where: "cache.go:12"

// AFact marks VariableFact as a fact.
func (*VariableFact) AFact() {}

func (f *VariableFact) String() string { return "changes at " + f.Changes }

// A Result answers for every function that the analysed package can call.
type Result struct {
	pass      *analysis.Pass
	known     map[*types.Func]Summary // of functions with directives
	inference *inference              // nil in the standard library
	own       PackageFact
	assumed   map[string]Summary   // what this package and its imports assume, by full name
	observers map[string]bool      // context keys that cannot influence results
	held      map[*types.Func]bool // implementations that were compared
	sole      []string
	soleAt    []field

	// Declared lists the package's functions with directives, in source order.
	Declared []*types.Func
}

var _ Index = (*Result)(nil)

func run(pass *analysis.Pass) (any, error) {
	r := &Result{pass: pass, known: map[*types.Func]Summary{}, assumed: map[string]Summary{}, observers: map[string]bool{}, held: map[*types.Func]bool{}}
	if isStandard(pass.Pkg.Path()) {
		return r, nil
	}
	p := place(pass.Files, pass.Fset, pass.TypesInfo, reporterFor(pass))
	r.programLines(p.program)
	for _, d := range p.functions {
		if s, ok := declare(d, reporterFor(pass)); ok {
			r.Declared = append(r.Declared, d.fn)
			r.known[d.fn] = s
		}
	}
	r.infer()
	r.promises(p.functions)
	r.export()
	r.implementations()
	r.exportPackage()
	r.program()
	return r, nil
}

// export leaves facts on whatever importers may ask about.
func (r *Result) export() {
	editable := r.authored()
	for _, f := range r.inference.order {
		s, declared := r.known[f.fn]
		if !declared {
			s = f.found.summary()
		}
		fact := &Fact{Summary: s, Editable: editable, HiddenContext: f.found.hidden.what, HiddenKey: f.found.hidden.key,
			HiddenDirect: f.found.hidden.direct, Begins: f.found.begins, HiddenVariable: f.found.hiddenVar.what}
		if declared || !isOpaque(s) {
			fact.Relies = slices.Sorted(maps.Keys(f.found.relies))
		}
		r.pass.ExportObjectFact(f.fn, fact)
	}
	for _, fn := range r.Declared {
		if r.inference.funcs[fn] == nil { // an interface method
			r.pass.ExportObjectFact(fn, &Fact{Summary: r.known[fn], Editable: editable})
		}
	}
	for v := range r.inference.ownVars() {
		if where := r.inference.varChanges(v); where != "" {
			r.pass.ExportObjectFact(v, &VariableFact{where})
		}
	}
	for v := range r.inference.fields {
		if where := r.inference.fieldChanges(v); where != "" && v.Pkg() == r.pass.Pkg {
			r.pass.ExportObjectFact(v, &VariableFact{where})
		}
	}
}

// authored reports whether the package's module belongs to the author.
func (r *Result) authored() bool { return r.pass.Module == nil || r.pass.Module.Version == "" }

// Of returns the summary of fn.
func (r *Result) Of(fn *types.Func) Summary {
	fn = fn.Origin()
	if s, ok := r.known[fn]; ok {
		return s
	}
	if s, ok := r.assumed[fn.FullName()]; ok {
		return s
	}
	if s, ok := decreed(fn); ok {
		return s
	}
	if r.inference != nil {
		if f := r.inference.funcs[fn]; f != nil {
			return f.found.summary()
		}
	}
	if s, ok := lookupShipped(fn); ok {
		return s
	}
	if fn.Pkg() != nil && fn.Pkg() != r.pass.Pkg {
		var f Fact
		if r.pass.ImportObjectFact(fn, &f) {
			return f.Summary
		}
	}
	return unknown(fn)
}

// decreed: what the language decrees pure. Errors are formatted, wrapped and
// tested everywhere, and an error's methods that did more would be a bug.
func decreed(fn *types.Func) (Summary, bool) {
	sig := fn.Signature()
	if sig.Recv() == nil || !implementsError(sig.Recv().Type()) {
		return Summary{}, false
	}
	switch fn.Name() {
	case "Error":
		return Summary{From: "shipped"}, true
	case "Unwrap":
		return Summary{From: "shipped", Aliases: []int{Receiver}}, true
	case "Is":
		return Summary{From: "shipped"}, true
	case "As":
		return Summary{From: "shipped", Edits: []int{0}}, true
	}
	return Summary{}, false
}

func implementsError(t types.Type) bool {
	iface := types.Universe.Lookup("error").Type().Underlying().(*types.Interface)
	if types.Implements(t, iface) {
		return true
	}
	_, pointer := t.(*types.Pointer)
	return !pointer && !types.IsInterface(t) && types.Implements(types.NewPointer(t), iface)
}

// unknown is the summary of a function of which nothing is known: it may change
// whatever its arguments reach, and keep it.
func unknown(fn *types.Func) Summary {
	s := Summary{From: "unknown", Effects: []graph.Effect{{Class: graph.Opaque}}, Why: "no source, directive or shipped summary speaks for it"}
	sig := fn.Signature()
	if recv := sig.Recv(); recv != nil && types.IsInterface(recv.Type()) {
		s.Why = "it is a method of an interface, without a directive there"
	}
	s.spoil(sig)
	s.outside(fn)
	return s
}

// spoil lists every argument that can be changed as edited and as shared with
// the results.
func (s *Summary) spoil(sig *types.Signature) {
	s.Edits, s.Aliases, s.Calls = nil, []int{Shared}, nil
	if r := sig.Recv(); r != nil && hasPointers(r.Type()) {
		s.Edits = append(s.Edits, Receiver)
	}
	for i := range sig.Params().Len() {
		if t := sig.Params().At(i).Type(); hasPointers(t) && !isContext(t) && !isError(t) {
			s.Edits = append(s.Edits, i)
		}
	}
	s.Aliases = append(s.Aliases, s.Edits...)
}

// String is the summary on one line, for tests and people.
func (s Summary) String() string {
	text := s.From + " " + [...]string{"plain", "step", "flow", "observer", "extract", "fresh", "derives", "forks", "joins", "unordered"}[s.Role]
	if s.IsPure() {
		text += " pure"
	}
	for _, e := range s.Effects {
		text += " " + effectText(e)
	}
	for _, l := range []struct {
		name string
		list []int
	}{{"edits", s.Edits}, {"aliases", s.Aliases}, {"holds", s.Holds}, {"calls", s.Calls}} {
		if len(l.list) > 0 {
			text += fmt.Sprintf(" %s=%v", l.name, l.list)
		}
	}
	if s.Panics {
		text += " panics"
	}
	if s.Timeout > 0 {
		text += " timeout=" + s.Timeout.String()
	}
	if s.Retry > 0 {
		text += fmt.Sprintf(" retry=%d", s.Retry)
	}
	if s.Limit > 0 {
		text += fmt.Sprintf(" limit=%d", s.Limit)
	}
	if s.Batch != "" {
		text += " batch=" + s.Batch
	}
	for _, t := range s.Triggers {
		text += " [" + t + "]"
	}
	if s.Why != "" {
		text += ": " + s.Why
	}
	return text
}
