package load

// Analyzers are run on packages, each after those it requires, with facts of
// imported packages at hand.

import (
	"fmt"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
)

// analyze runs the analyzers on all packages.
func (l *loader) analyze(pkgs []*Package, analyzers []*analysis.Analyzer) error {
	order := requirements(analyzers)
	l.facts = newFactStore(l, order)
	for _, p := range pkgs {
		l.facts.own[p.Path] = true
	}
	for _, p := range pkgs {
		l.facts.begin(p.ID)
		if err := l.analyzeOne(p, order, true); err != nil {
			return err
		}
	}
	return nil
}

// requirements lists the analyzers and all that they require, each after those.
func requirements(analyzers []*analysis.Analyzer) []*analysis.Analyzer {
	var order []*analysis.Analyzer
	seen := map[*analysis.Analyzer]bool{}
	var visit func(a *analysis.Analyzer)
	visit = func(a *analysis.Analyzer) {
		if seen[a] {
			return
		}
		seen[a] = true
		for _, r := range a.Requires {
			visit(r)
		}
		order = append(order, a)
	}
	for _, a := range analyzers {
		visit(a)
	}
	return order
}

// analyzeOne runs the analyzers on one package; with report, what they report
// is kept.
func (l *loader) analyzeOne(p *Package, order []*analysis.Analyzer, report bool) error {
	p.Results = map[*analysis.Analyzer]any{}
	for _, a := range order {
		pass := l.pass(p, a, report)
		result, err := a.Run(pass)
		if err != nil {
			return fmt.Errorf("%s on %s: %w", a.Name, p.ID, err)
		}
		if got := reflect.TypeOf(result); a.ResultType != nil && got != a.ResultType {
			return fmt.Errorf("bug: %s on %s returned a %v, not a %v", a.Name, p.ID, got, a.ResultType)
		}
		p.Results[a] = result
	}
	return nil
}

func (l *loader) pass(p *Package, a *analysis.Analyzer, report bool) *analysis.Pass {
	pass := &analysis.Pass{
		Analyzer: a, Fset: l.fset, Files: p.Files, Pkg: p.Types, TypesInfo: p.Info, TypesSizes: p.Sizes, Module: p.Module,
		ResultOf: map[*analysis.Analyzer]any{},
		ReadFile: l.overlay.ReadFile,
		Report:   func(analysis.Diagnostic) {},
	}
	for _, r := range a.Requires {
		pass.ResultOf[r] = p.Results[r]
	}
	if report {
		pass.Report = func(d analysis.Diagnostic) {
			p.Diagnostics = append(p.Diagnostics, Diagnostic{a, d, l.fset.Position(d.Pos)})
		}
	}
	f := factsOf{l.facts, p}
	pass.ImportObjectFact = f.importObject
	pass.ExportObjectFact = f.exportObject
	pass.ImportPackageFact = f.importPackage
	pass.ExportPackageFact = f.exportPackage
	pass.AllObjectFacts = f.allObjects
	pass.AllPackageFacts = f.allPackages
	return pass
}

// imported lists the packages that p reaches by imports.
func imported(p *types.Package) map[*types.Package]bool {
	all := map[*types.Package]bool{}
	var walk func(p *types.Package)
	walk = func(p *types.Package) {
		for _, i := range p.Imports() {
			if !all[i] {
				all[i] = true
				walk(i)
			}
		}
	}
	walk(p)
	return all
}
