package lift

// The analysis pass over a package.

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
	"fluxo.dev/fluxo/cmd/fluxo/internal/effect"
	"fluxo.dev/fluxo/cmd/fluxo/internal/value"
)

// Analyzer lifts the flows of a package, reports what keeps one from being
// lifted, and returns a *Package.
var Analyzer = &analysis.Analyzer{
	Name:       "fluxolift",
	Doc:        "reads flows as dataflow graphs, and reports what the subset leaves out",
	URL:        "https://fluxo.dev/docs/language",
	Run:        run,
	Requires:   []*analysis.Analyzer{effect.Analyzer, value.CodecAnalyzer},
	ResultType: reflect.TypeFor[*Package](),
	FactTypes:  []analysis.Fact{new(Handles)},
}

func run(pass *analysis.Pass) (any, error) {
	index := pass.ResultOf[effect.Analyzer].(*effect.Result)
	codecs := pass.ResultOf[value.CodecAnalyzer].(*value.Codecs)
	own := ownPackages(pass)
	p := &Package{
		Fset: pass.Fset, Types: pass.Pkg, Info: pass.TypesInfo, Files: pass.Files,
		Index: index, Changes: index.Changes, Own: own,
		Values: &value.Env{Pkg: pass.Pkg, Own: own, HasCodec: codecs.Has},
		Source: remembered(pass.ReadFile),
	}
	decls := map[*types.Func]*ast.FuncDecl{}
	var flows []*types.Func
	for _, f := range pass.Files {
		for _, d := range f.Decls {
			decl, ok := d.(*ast.FuncDecl)
			if !ok || decl.Body == nil {
				continue
			}
			fn, _ := pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if fn == nil {
				continue
			}
			decls[fn] = decl
			if slices.Contains(index.Declared, fn) && index.Of(fn).Role == effect.FlowRole {
				flows = append(flows, fn)
			}
		}
	}
	p.helpers(pass, decls)
	tell := reporter(pass)
	if slices.ContainsFunc(index.Declared, func(fn *types.Func) bool { return emits(index.Of(fn)) }) {
		reserved(pass.Pkg, tell)
	}
	for _, fn := range index.Declared {
		if emits(index.Of(fn)) {
			reservedParams(fn, tell)
		}
	}
	if len(flows) == 0 {
		return p, nil
	}
	back := p.recursions(decls)
	for _, fn := range flows {
		if c := back[fn]; c != nil {
			tell(span{c.Pos(), c.End()}, "FX213", "the flow "+fn.Name()+" calls itself through this call",
				"write a loop; or make "+fn.Name()+" a step, by a directive that says what it does")
			continue
		}
		if flow := p.lift(decls[fn], fn, index.Of(fn), tell); flow != nil {
			p.Flows = append(p.Flows, flow)
		}
	}
	return p, nil
}

// helpers leaves a fact for each function that handles failures of its steps.
func (p *Package) helpers(pass *analysis.Pass, decls map[*types.Func]*ast.FuncDecl) {
	known := map[*types.Func]string{}
	p.Handles = func(fn *types.Func) string {
		if fn.Pkg() != pass.Pkg {
			var h Handles
			pass.ImportObjectFact(fn, &h)
			return h.Where
		}
		where, ok := known[fn]
		if !ok && decls[fn] != nil {
			known[fn] = "" // for recursion: what is found is found on the way in
			where = p.handles(decls[fn])
			known[fn] = where
		}
		return where
	}
	for fn := range decls {
		if callsSteps(p.Index.Of(fn)) {
			if where := p.Handles(fn); where != "" {
				pass.ExportObjectFact(fn, &Handles{where})
			}
		}
	}
}

// remembered reads each file once.
func remembered(read func(string) ([]byte, error)) func(string) ([]byte, error) {
	known := map[string][]byte{}
	return func(name string) ([]byte, error) {
		if src, ok := known[name]; ok {
			return src, nil
		}
		src, err := read(name)
		if err == nil {
			known[name] = src
		}
		return src, err
	}
}

func reporter(pass *analysis.Pass) report {
	return func(at span, code diag.Code, what, fix string) {
		diag.Report(pass, at.from, at.to, code, what, fix)
	}
}

// ownPackages tells the packages of the module that is analysed.
func ownPackages(pass *analysis.Pass) func(*types.Package) bool {
	if pass.Module == nil {
		return func(p *types.Package) bool { return p == pass.Pkg }
	}
	path := pass.Module.Path
	return func(p *types.Package) bool {
		return p == pass.Pkg || p.Path() == path || strings.HasPrefix(p.Path(), path+"/")
	}
}
