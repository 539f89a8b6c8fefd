package load

// Parsing and type-checking, with every import that is not checked from source
// taken from export data.

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/types"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/gcexportdata"
)

// check type-checks the packages from source, in the given order.
func (l *loader) check(ctx context.Context, ids []string) ([]*Package, error) {
	if err := l.loadExports(ctx, ids); err != nil {
		return nil, err
	}
	if l.cfg.Built != nil {
		l.cfg.Built()
	}
	l.imports = &importer{loader: l, done: map[string]*types.Package{"unsafe": types.Unsafe}}
	parsed := l.parseAll(ids)
	var broken Error
	var all []*Package
	for i, id := range ids {
		if len(broken.Problems) == maxErrors {
			break
		}
		p, err := l.checkOne(l.byID[id], parsed[i], &broken)
		if err != nil {
			return nil, err
		}
		l.imports.done[id] = p.Types
		all = append(all, p)
	}
	if err := broken.orNil("the program does not compile"); err != nil {
		return nil, err
	}
	return all, nil
}

// loadExports makes the export data of whatever the packages import available.
func (l *loader) loadExports(ctx context.Context, ids []string) error {
	var paths []string
	seen := map[string]bool{}
	for _, id := range ids {
		seen[id] = true
	}
	var walk func(id string)
	walk = func(id string) {
		p := l.byID[id]
		if p == nil || id == "unsafe" || id == "C" {
			return
		}
		for _, path := range p.Imports {
			if !seen[path] {
				seen[path] = true
				walk(path)
				if path != "unsafe" && path != "C" {
					paths = append(paths, path)
				}
			}
		}
	}
	for _, id := range ids {
		walk(id)
	}
	if len(paths) == 0 {
		return nil
	}
	slices.Sort(paths)
	return l.exports(ctx, paths)
}

// A parsed package: its files, or what was wrong with them.
type parsed struct {
	files []*ast.File
	errs  []error
}

func (l *loader) parseAll(ids []string) []parsed {
	all := make([]parsed, len(ids))
	var wg sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, id := range ids {
		wg.Go(func() {
			slots <- struct{}{}
			all[i] = l.parse(l.byID[id])
			<-slots
		})
	}
	wg.Wait()
	return all
}

func (l *loader) parse(p *Listed) (out parsed) {
	for _, name := range p.files() {
		text, err := l.overlay.ReadFile(name)
		if err != nil {
			out.errs = append(out.errs, err)
			continue
		}
		f, err := parser.ParseFile(l.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			out.errs = append(out.errs, err)
		}
		if f != nil {
			out.files = append(out.files, f)
		}
	}
	return out
}

// checkOne type-checks one package; what does not compile goes to broken.
func (l *loader) checkOne(p *Listed, in parsed, broken *Error) (*Package, error) {
	out := &Package{
		ID: p.ImportPath, Path: withoutTest(p.ImportPath), Name: p.Name, Dir: p.Dir, Module: p.module(), Matched: !p.DepOnly,
		FileNames: p.files(), Files: in.files, Info: newInfo(), Sizes: types.SizesFor("gc", goarch(l.cfg)),
	}
	for _, err := range in.errs {
		addParseError(broken, err)
	}
	conf := types.Config{
		Importer:    importFor{l.imports, p},
		Sizes:       out.Sizes,
		FakeImportC: true,
		GoVersion:   goVersion(p),
		Error: func(err error) {
			if len(in.errs) > 0 {
				return // what follows from a file that cannot be read helps nobody
			}
			if te, ok := err.(types.Error); ok {
				if !te.Soft || !strings.Contains(te.Msg, "imported and not used") || len(p.CgoFiles) == 0 {
					broken.add(l.fset.Position(te.Pos).String(), te.Msg)
				}
			} else {
				broken.add("", err.Error())
			}
		},
	}
	out.Types, _ = conf.Check(out.Path, l.fset, in.files, out.Info)
	if out.Types == nil {
		return nil, fmt.Errorf("type-checking %s: nothing came of it", p.ImportPath)
	}
	return out, nil
}

func addParseError(broken *Error, err error) {
	list, ok := err.(scanner.ErrorList)
	if !ok {
		broken.add("", err.Error())
		return
	}
	for _, e := range list {
		broken.add(e.Pos.String(), e.Msg)
	}
}

func newInfo() *types.Info {
	return &types.Info{
		Types:        map[ast.Expr]types.TypeAndValue{},
		Defs:         map[*ast.Ident]types.Object{},
		Uses:         map[*ast.Ident]types.Object{},
		Implicits:    map[ast.Node]types.Object{},
		Instances:    map[*ast.Ident]types.Instance{},
		Scopes:       map[ast.Node]*types.Scope{},
		Selections:   map[*ast.SelectorExpr]*types.Selection{},
		FileVersions: map[*ast.File]string{},
	}
}

// withoutTest drops " [p.test]" from the ID of a test variant.
func withoutTest(id string) string {
	path, _, _ := strings.Cut(id, " [")
	return path
}

func goVersion(p *Listed) string {
	if p.Module == nil || p.Module.GoVersion == "" {
		return ""
	}
	return "go" + p.Module.GoVersion
}

func goarch(cfg Config) string {
	for _, e := range slices.Backward(cfg.environ()) {
		if v, ok := strings.CutPrefix(e, "GOARCH="); ok && v != "" {
			return v
		}
	}
	return runtime.GOARCH
}

// An importer knows the packages checked from source and reads all others
// from export data.
type importer struct {
	loader *loader
	done   map[string]*types.Package // by ID
}

// importFor imports on behalf of one package, whose import map applies.
type importFor struct {
	*importer
	from *Listed
}

func (i importFor) Import(path string) (*types.Package, error) {
	id := path
	if mapped, ok := i.from.ImportMap[path]; ok {
		id = mapped
	}
	return i.get(id)
}

func (i *importer) get(id string) (*types.Package, error) {
	if p := i.done[id]; p != nil && p.Complete() {
		return p, nil
	}
	listed := i.loader.byID[id]
	if listed == nil || listed.Export == "" {
		return nil, fmt.Errorf("no export data of %s", id)
	}
	f, err := os.Open(listed.Export)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	//lint:ignore SA1019 go list -export of this release names archives, which Read alone cannot read
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("export data of %s: %w", id, err)
	}
	return gcexportdata.Read(r, i.loader.fset, i.done, withoutTest(id))
}
