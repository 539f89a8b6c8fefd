// Package load brings a program's packages before the analyzers, fast: only
// packages of the main modules that have to do with flows are type-checked from
// source, everything else comes from the export data that the build makes anyway.
//
//	go list -deps        which packages there are, and their files         list.go
//	scan                 which of them have directives                     need.go
//	go list -export      export data of everything else                    list.go
//	parse, type-check    what is needed, in the order of imports           source.go
//	analyze              package by package; facts of third-party          pass.go
//	                     packages are worked out when first asked for      demand.go
//	                     and kept on disk                                  facts.go, cache.go
package load

import (
	"context"
	"go/ast"
	"go/token"
	"go/types"
	"sort"

	"golang.org/x/tools/go/analysis"
)

// A Config says what to load.
type Config struct {
	Dir      string   // where the go command runs; "" is the working directory
	Patterns []string // as for go build; none means "."
	Flags    []string // build flags as for go build: -tags=…, -mod=…, -overlay=…
	Env      []string // nil means the process's
	Tests    bool     // load test variants too
	CacheDir string   // where facts are kept; "" is a directory of the user's cache, "off" none

	// Built, if not nil, is called when the go command has compiled what the
	// packages import: another go command that needs the same finds it made.
	Built func()
}

// A Package is one package that was type-checked from source.
type Package struct {
	ID         string // the import path, with the test it is for in brackets
	Path, Name string
	Dir        string
	Module     *analysis.Module // nil outside modules
	Matched    bool             // named by the patterns, not only imported

	FileNames []string // absolute, in the order of Files
	Files     []*ast.File
	Types     *types.Package
	Info      *types.Info
	Sizes     types.Sizes

	// Results has each analyzer's result.
	Results     map[*analysis.Analyzer]any
	Diagnostics []Diagnostic
}

// A Diagnostic is what an analyzer reported.
type Diagnostic struct {
	Analyzer *analysis.Analyzer
	analysis.Diagnostic
	Position token.Position
}

// A Result is a loaded program.
type Result struct {
	Fset     *token.FileSet
	Packages []*Package // each after those that it imports
	Listed   []Listed   // every package of the program, standard library included
	Overlay  Overlay    // the user's own
}

// Diagnostics returns those of all packages, by position.
func (r *Result) Diagnostics() []Diagnostic {
	var all []Diagnostic
	seen := map[string]bool{}
	for _, p := range r.Packages {
		for _, d := range p.Diagnostics {
			key := d.Position.String() + d.Message // a test variant repeats what the package said
			if !seen[key] {
				seen[key] = true
				all = append(all, d)
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool {
		a, b := all[i].Position, all[j].Position
		if a.Filename != b.Filename {
			return a.Filename < b.Filename
		}
		return a.Offset < b.Offset
	})
	return all
}

// Run loads the packages that the patterns name and what of their imports has
// to do with flows, and runs the analyzers on them. A program that cannot be
// listed or does not compile is an *Error.
func Run(ctx context.Context, cfg Config, analyzers ...*analysis.Analyzer) (*Result, error) {
	if err := analysis.Validate(analyzers); err != nil {
		return nil, err
	}
	overlay, err := readOverlay(cfg)
	if err != nil {
		return nil, err
	}
	listed, err := list(ctx, cfg)
	if err != nil {
		return nil, err
	}
	l := &loader{cfg: cfg, overlay: overlay, fset: token.NewFileSet(), byID: map[string]*Listed{}}
	for i := range listed {
		l.byID[listed[i].ImportPath] = &listed[i]
	}
	needed, err := l.needed(listed)
	if err != nil {
		return nil, err
	}
	r := &Result{Fset: l.fset, Listed: listed, Overlay: overlay}
	if len(needed) == 0 {
		return r, nil
	}
	if r.Packages, err = l.check(ctx, needed); err != nil {
		return nil, err
	}
	if err := l.analyze(r.Packages, analyzers); err != nil {
		return nil, err
	}
	return r, nil
}

// A loader holds the state of one Run.
type loader struct {
	cfg     Config
	overlay Overlay
	fset    *token.FileSet
	byID    map[string]*Listed
	imports *importer
	facts   *factStore
}
