package effect

// Reliance: exported variables, and the environment, that are read as if they were
// constant. Their own package never changes them; whether the rest of the program
// does is known only on its main package, and matters only for what flows and steps
// read.

import (
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// relies notes that the body reads v as if it were constant.
func (b *body) relies(v *types.Var) {
	if v.Exported() && !isStandard(v.Pkg().Path()) && !isError(v.Type()) && !IsHandle(v.Type()) {
		b.found.relies[v.Pkg().Path()+"."+v.Name()] = true
	}
}

// environ begins the entry for the environment, which goes on with the place. No
// variable's name has a space.
const environ = "the environment at "

// reliesOnEnvironment notes that the body reads the environment there. One place for
// each function is enough to show.
func (b *body) reliesOnEnvironment(pos token.Pos) {
	for name := range b.found.relies {
		if strings.HasPrefix(name, environ) {
			return
		}
	}
	b.found.relies[environ+b.r.place(pos)] = true
}

// reliesOnCallee takes over what a callee relies on. One that nobody understands
// counts as opaque at every call, which says more than any variable.
func (b *body) reliesOnCallee(fn *types.Func, s Summary) {
	if isOpaque(s) {
		return
	}
	if f := b.funcs[fn]; f != nil {
		maps.Copy(b.found.relies, f.found.relies)
		return
	}
	var f Fact
	if fn.Pkg() == nil || fn.Pkg() == b.pkg || isStandard(fn.Pkg().Path()) || !b.r.pass.ImportObjectFact(fn, &f) {
		return
	}
	for _, name := range f.Relies {
		b.found.relies[name] = true
	}
}

// reliance is what the flows and steps of the package rely on, and what stands in
// for its steps: implementations that are held to an interface's promise.
func (r *Result) reliance() []string {
	all := map[string]bool{}
	for _, fn := range slices.Concat(r.Declared, slices.Collect(maps.Keys(r.held))) {
		if s := r.known[fn]; s.Role == StepRole && isOpaque(s) {
			continue // nobody takes its result for constant
		}
		if f := r.inference.funcs[fn]; f != nil {
			maps.Copy(all, f.found.relies)
		}
	}
	return slices.Sorted(maps.Keys(all))
}
