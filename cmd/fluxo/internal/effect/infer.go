package effect

// Inference over a whole package: bodies are looked at again until what is
// known of their callees no longer changes (recursion included). It begins with
// the assumption that everything is pure, which only ever gets weaker.

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"strings"

	"fluxo.dev/fluxo/graph"
)

// A function is one declared function or method of the package.
type function struct {
	fn      *types.Func
	decl    *ast.FuncDecl
	found   *finding
	callers map[*function]bool
	queued  bool
}

// inference is the state of a package's inference.
type inference struct {
	r        *Result
	fset     *token.FileSet
	info     *types.Info
	pkg      *types.Package
	funcs    map[*types.Func]*function
	order    []*function
	queue    []*function
	pointers map[types.Type]bool

	templates *templateFuncs // what the package gives to templates, once it was asked for

	// changes of package variables and of fields after construction: where.
	vars    map[*types.Var]change
	fields  map[*types.Var]change
	sharing sharing
	second  bool // all changes are known
}

// infer looks at every body of the package.
func (r *Result) infer() {
	in := &inference{
		r: r, fset: r.pass.Fset, info: r.pass.TypesInfo, pkg: r.pass.Pkg, funcs: map[*types.Func]*function{},
		pointers: map[types.Type]bool{}, vars: map[*types.Var]change{}, fields: map[*types.Var]change{},
		sharing: newSharing(),
	}
	r.inference = in
	for _, f := range r.pass.Files {
		for _, d := range f.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok {
				if fn, ok := in.info.Defs[decl.Name].(*types.Func); ok {
					f := &function{fn: fn, decl: decl, found: newFinding(), callers: map[*function]bool{}}
					in.funcs[fn] = f
					in.order = append(in.order, f)
				}
			}
		}
	}
	in.calleesFirst()
	in.solve()
	in.initialisers()
	in.second = true
	in.solve()
}

// calleesFirst orders the functions so that most need to be looked at only once.
func (in *inference) calleesFirst() {
	var order []*function
	seen := map[*function]bool{}
	var visit func(f *function)
	visit = func(f *function) {
		if seen[f] {
			return
		}
		seen[f] = true
		ast.Inspect(f.decl, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if fn, ok := in.info.Uses[id].(*types.Func); ok {
					if callee := in.funcs[fn.Origin()]; callee != nil {
						visit(callee)
					}
				}
			}
			return true
		})
		order = append(order, f)
	}
	for _, f := range in.order {
		visit(f)
	}
	in.order = order
}

// solve runs the work list until nothing changes. Findings only grow, and each
// has finitely many parts, so it ends.
func (in *inference) solve() {
	for _, f := range in.order {
		in.enqueue(f)
	}
	for len(in.queue) > 0 {
		f := in.queue[0]
		in.queue = in.queue[1:]
		f.queued = false
		before := f.found.weight()
		in.look(f)
		if f.found.weight() != before {
			for c := range f.callers {
				in.enqueue(c)
			}
		}
	}
}

func (in *inference) enqueue(f *function) {
	if !f.queued {
		f.queued = true
		in.queue = append(in.queue, f)
	}
}

// look analyses one body.
func (in *inference) look(f *function) {
	if f.found.tangled {
		return
	}
	if f.decl.Body == nil {
		f.found.opaque = "it has no Go body"
		f.found.reach = addEffect(f.found.reach, graph.Effect{Class: graph.Opaque})
		return
	}
	b := newBody(in, f.found)
	b.fn = f
	b.starting = startsUp(f.fn)
	b.parameters(f.fn.Signature())
	b.run(f.decl.Body, func() { b.block(f.decl.Body) })
}

// startsUp reports whether fn runs before there are requests.
func startsUp(fn *types.Func) bool {
	return fn.Name() == "init" && fn.Signature().Recv() == nil
}

func isMain(fn *types.Func) bool {
	return fn.Name() == "main" && fn.Signature().Recv() == nil && fn.Pkg().Name() == "main"
}

// initialisers looks at package-level initialisers for what function
// literals in them do later.
func (in *inference) initialisers() {
	for _, f := range in.r.pass.Files {
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.VAR {
				continue
			}
			for _, spec := range gen.Specs {
				spec := spec.(*ast.ValueSpec)
				b := newBody(in, newFinding())
				b.starting = true
				b.run(spec, func() { b.assignAll(spec) })
			}
		}
	}
}

// where names a place for a reason: file and line.
func (in *inference) where(pos token.Pos) string { return position(in.fset, pos) }

func position(fset *token.FileSet, pos token.Pos) string {
	p := fset.Position(pos)
	return fmt.Sprintf("%s:%d", filepath.Base(p.Filename), p.Line)
}

// isTest reports whether pos lies in a test file. What tests change, to stand in for
// something, does not change while the program runs.
func isTest(fset *token.FileSet, pos token.Pos) bool {
	return strings.HasSuffix(fset.Position(pos).Filename, "_test.go")
}

// hasPointers is the function of that name, remembered.
func (in *inference) hasPointers(t types.Type) bool {
	if t == nil || isError(t) { // errors are never changed, by decree
		return false
	}
	p, known := in.pointers[t]
	if !known {
		p = hasPointers(t)
		in.pointers[t] = p
	}
	return p
}
