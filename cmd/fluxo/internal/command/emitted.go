package command

// Emission: the added file of every package with flows or acting steps, and
// the names that are replaced in the author's files.

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"

	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/cmd/fluxo/internal/emit"
	"fluxo.dev/fluxo/cmd/fluxo/internal/overlay"
)

// emit adds emitted code to the overlay.
func (p *program) emit() error {
	promised := p.promisedMethods()
	for _, pkg := range p.pkgs {
		if f := p.addition(pkg, promised); !f.Empty() {
			if err := p.emitInto(pkg, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// refuseEjected is an error where emitted code lies in the author's tree already. No command
// has anything true to say of such a program: its flows have other names, and its code is there twice.
func (p *program) refuseEjected() error {
	promised := p.promisedMethods()
	for _, pkg := range p.pkgs {
		full := filepath.Join(pkg.Dir, emit.FileName)
		if p.set.Exists(full) && !p.addition(pkg, promised).Empty() {
			return p.ejected(full)
		}
	}
	return nil
}

// addition is what Fluxo adds to a package.
func (p *program) addition(pkg *packageOf, promised []promise) *emit.File {
	f := emit.NewFile(pkg.lifted.Values)
	f.Coverage = p.covers()
	for _, flow := range pkg.lifted.Flows {
		f.Flow(pkg.lifted, flow, pkg.Dir)
		for _, t := range flow.Summary.Triggers {
			if trigger, ok := emit.ParseTrigger(t); ok && emit.CanRoute(flow.Func) {
				f.Trigger(flow.Func, trigger, pkg.reach(flow))
			}
		}
	}
	for _, r := range pkg.raw() {
		f.Trigger(r.fn, r.trigger, emit.Reach{})
	}
	for _, s := range pkg.actingSteps(promised) {
		f.Step(s.fn, s.decl, s.words, s.at)
	}
	for _, key := range pkg.effects.Observers() {
		f.Observer(key)
	}
	return f
}

// emitInto writes one package's added file, and its own files with names replaced.
func (p *program) emitInto(pkg *packageOf, f *emit.File) error {
	version := ""
	if pkg.Module != nil && pkg.Module.GoVersion != "" {
		version = "go" + pkg.Module.GoVersion
	}
	text, err := f.Source(version)
	if err != nil {
		return err
	}
	if err := p.put(pkg.Dir, emit.FileName, text); err != nil {
		return err
	}
	renames := map[string][]overlay.Rename{}
	for _, id := range f.Taken {
		pos := p.loaded.Fset.PositionFor(id.Pos(), false)
		renames[pos.Filename] = append(renames[pos.Filename], overlay.Rename{Offset: pos.Offset, Old: id.Name, New: emit.PlainPrefix + id.Name})
	}
	for name, list := range renames {
		src, err := p.set.ReadFile(name)
		if err != nil {
			return err
		}
		if src, err = overlay.Apply(src, list); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		p.set.Put(name, src)
	}
	return nil
}

// A step is a function whose words act.
type step struct {
	fn    *types.Func
	decl  *ast.FuncDecl
	words effect.Summary
	at    string
}

// A promise is an interface method whose words act: they wrap every implementation.
type promise struct {
	iface *types.Interface
	fn    *types.Func
	words effect.Summary
	at    string
}

// promisedMethods collects the interface methods of the program whose words act.
func (p *program) promisedMethods() []promise {
	var all []promise
	for _, pkg := range p.pkgs {
		for _, fn := range pkg.effects.Declared {
			recv := fn.Signature().Recv()
			words := pkg.effects.Of(fn)
			if recv == nil || !words.Acts() {
				continue
			}
			if iface, ok := recv.Type().Underlying().(*types.Interface); ok {
				all = append(all, promise{iface, fn, words, pkg.position(fn)})
			}
		}
	}
	return all
}

// actingSteps lists the functions of the package to wrap.
func (pkg *packageOf) actingSteps(promised []promise) []step {
	decls := pkg.decls()
	words := map[*types.Func]step{}
	for _, fn := range pkg.effects.Declared {
		if s := pkg.effects.Of(fn); decls[fn] != nil && s.Acts() && s.Role == effect.StepRole {
			words[fn] = step{fn, decls[fn], s, pkg.position(fn)}
		}
	}
	for _, pr := range promised {
		for _, fn := range pkg.implementations(pr) {
			if _, own := words[fn]; !own && decls[fn] != nil {
				words[fn] = step{fn, decls[fn], pr.words, pr.at}
			}
		}
	}
	var all []step
	for _, f := range pkg.Files {
		for _, d := range f.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok {
				if s, ok := words[pkg.funcOf(decl)]; ok {
					all = append(all, s)
				}
			}
		}
	}
	return all
}

// implementations lists the methods that types of the package implement a promised method by.
func (pkg *packageOf) implementations(pr promise) []*types.Func {
	var all []*types.Func
	scope := pkg.Types.Scope()
	for _, name := range scope.Names() {
		tn, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || tn.IsAlias() || types.IsInterface(tn.Type()) {
			continue
		}
		for _, t := range []types.Type{tn.Type(), types.NewPointer(tn.Type())} {
			if !types.Implements(t, pr.iface) {
				continue
			}
			obj, _, _ := types.LookupFieldOrMethod(t, false, pr.fn.Pkg(), pr.fn.Name())
			if fn, ok := obj.(*types.Func); ok && fn.Pkg() == pkg.Types {
				all = append(all, fn.Origin())
			}
			break
		}
	}
	return all
}

func (pkg *packageOf) decls() map[*types.Func]*ast.FuncDecl {
	all := map[*types.Func]*ast.FuncDecl{}
	for _, f := range pkg.Files {
		for _, d := range f.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok && decl.Body != nil {
				if fn := pkg.funcOf(decl); fn != nil {
					all[fn] = decl
				}
			}
		}
	}
	return all
}

func (pkg *packageOf) funcOf(decl *ast.FuncDecl) *types.Func {
	fn, _ := pkg.Info.Defs[decl.Name].(*types.Func)
	return fn
}

// position is where a function is declared, for messages at run time.
func (pkg *packageOf) position(fn *types.Func) string {
	pos := pkg.lifted.Fset.Position(fn.Pos())
	return fmt.Sprintf("%s:%d", filepath.Base(pos.Filename), pos.Line)
}
