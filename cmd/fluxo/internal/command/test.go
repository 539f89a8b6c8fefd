package command

// fluxo test: the tests as written, and under every committed plan that they reach.

import (
	"context"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/emit"
	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
)

const testHelp = `Test runs go test with the same flags, twice: with every flow as written, and then,
for the packages whose tests reach flows that a committed fluxo.plan names, under
that plan. The exit code is 0 only if both went well. A line on standard error
says which run is which; the profiles of a run under a plan have the name of its main
package in theirs: c.out.server.planned is of the plan in cmd/server.

With -c the test binary is compiled as written.`

func runTest(ctx context.Context, c console, words []string) error {
	p, err := compile(ctx, c, "test", words, lenientPlans)
	if err != nil {
		return err
	}
	var runs []plannedRun
	if !p.args.on("c") {
		if runs, err = p.plannedRuns(ctx, c); err != nil {
			return err
		}
	}
	if len(runs) > 0 {
		fmt.Fprintln(c.err, "fluxo: tests as written")
	}
	first := p.testRun(ctx, c, nil)
	for _, r := range runs {
		fmt.Fprintf(c.err, "fluxo: tests under %s\n", p.env.short(r.file))
		if err := p.testRun(ctx, c, &r); first == nil {
			first = err
		}
	}
	return first
}

// A plannedRun is a second run of tests, under a plan.
type plannedRun struct {
	file     string
	name     string // of the main package; among several of one name, with a number
	text     []byte
	sole     []string
	packages []*load.Listed // whose tests reach flows of the plan
}

// testRun runs the tests once; under r where it is not nil.
func (p *program) testRun(ctx context.Context, c console, r *plannedRun) error {
	run := *p
	run.added = map[string][]string{}
	if r != nil {
		run.set = p.set.Clone()
		run.args = p.args.clone()
		run.args.packages = nil
		for _, pkg := range r.packages {
			if err := run.emitTestPlan(pkg, r); err != nil {
				return err
			}
			run.args.packages = append(run.args.packages, pkg.ImportPath)
		}
		for i, f := range run.args.flags {
			if profiles[f.name] {
				run.args.flags[i].text = []string{fmt.Sprintf("-%s=%s.%s.planned", f.name, f.value, r.name)}
			}
		}
	}
	if err := run.coverage(); err != nil {
		return err
	}
	return run.goCommand(ctx, c, "test")
}

// profiles are the flags of go test that name a file to write.
var profiles = map[string]bool{"coverprofile": true, "cpuprofile": true, "memprofile": true, "blockprofile": true, "mutexprofile": true, "trace": true}

// plannedRuns finds the plans of the main modules and the packages on the
// command line whose tests they concern.
func (p *program) plannedRuns(ctx context.Context, c console) ([]plannedRun, error) {
	modules, err := p.env.modules(p.args)
	if err != nil {
		return nil, err
	}
	var runs []plannedRun
	for _, mod := range modules.Files {
		files, err := planFiles(filepath.Dir(mod))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			r, err := p.plannedRun(ctx, c, file)
			if err != nil {
				return nil, err
			}
			if len(r.packages) > 0 {
				r.name = runName(file, runs)
				runs = append(runs, r)
			}
		}
	}
	return runs, nil
}

// runName names the run under the plan in file otherwise than those before it.
func runName(file string, before []plannedRun) string {
	base := filepath.Base(filepath.Dir(file))
	name := base
	for n := 2; slices.ContainsFunc(before, func(r plannedRun) bool { return r.name == name }); n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	return name
}

// maxPlans bounds how many plans one module's tests are run under.
const maxPlans = 64

// planFiles finds the plans of a module.
func planFiles(root string) ([]string, error) {
	var all []string
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() && name != root {
			if base == "vendor" || base == "testdata" || base == "node_modules" || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || has(filepath.Join(name, "go.mod")) {
				return fs.SkipDir
			}
		}
		if base == PlanName && len(all) < maxPlans {
			all = append(all, name)
		}
		return nil
	})
	return all, err
}

// plannedRun reads a plan and finds the packages to test under it. What does not
// fit the source is a warning.
func (p *program) plannedRun(ctx context.Context, c console, file string) (plannedRun, error) {
	r := plannedRun{file: file}
	text, err := p.set.ReadFile(file)
	if err != nil {
		return r, err
	}
	r.text = text
	parsed, err := plan.Parse(p.env.short(file), text)
	if err != nil {
		fmt.Fprintf(c.err, "warning: %v\nwarning: the tests do not run under this plan\n", err)
		return r, nil
	}
	flows := map[graph.FlowName]bool{}
	for _, f := range parsed.Flows() {
		flows[f.Name] = true
	}
	holders := map[string]bool{} // packages with a flow that the plan names
	for _, pkg := range p.pkgs {
		for _, f := range pkg.lifted.Flows {
			holders[pkg.Path] = holders[pkg.Path] || flows[f.Graph.Flow]
		}
	}
	for i := range p.loaded.Listed {
		l := &p.loaded.Listed[i]
		if !l.DepOnly && l.ForTest == "" && !strings.HasSuffix(l.ImportPath, ".test") && p.testReaches(l, holders) {
			if name, err := testPackage(l.Dir); err != nil {
				return r, err
			} else if name != "" {
				r.packages = append(r.packages, l)
			}
		}
	}
	if len(r.packages) == 0 {
		return r, nil
	}
	s, err := p.serviceIn(ctx, filepath.Dir(file))
	if err != nil { // it need not compile for the tests of others; without its promises less of the plan is in force
		fmt.Fprintf(c.err, "warning: the package beside %s cannot be read, so its //fluxo:sole lines do not count: %v\n", p.env.short(file), err)
		return r, nil
	}
	r.sole, s.plan = s.sole, parsed
	return r, s.report(c.err, lenientPlans)
}

// serviceIn returns the service in a directory, whether or not the command line names it.
func (p *program) serviceIn(ctx context.Context, dir string) (*service, error) {
	for _, pkg := range p.pkgs {
		if pkg.Dir == dir {
			return &service{pkg: pkg, flows: p.flowsOf(pkg), sole: pkg.effects.Sole()}, nil
		}
	}
	args := p.args.clone()
	args.packages = []string{dir}
	beside, err := read(ctx, args, false)
	if err != nil {
		return nil, err
	}
	for _, pkg := range beside.pkgs {
		if pkg.Dir == dir {
			return &service{pkg: pkg, flows: beside.flowsOf(pkg), sole: pkg.effects.Sole()}, nil
		}
	}
	return &service{}, nil
}

// testReaches reports whether the test binary of a package links one of the packages in want.
func (p *program) testReaches(l *load.Listed, want map[string]bool) bool {
	byID := map[string]*load.Listed{}
	for i := range p.loaded.Listed {
		byID[p.loaded.Listed[i].ImportPath] = &p.loaded.Listed[i]
	}
	test := " [" + l.ImportPath + ".test]"
	seen := map[string]bool{}
	queue := []string{l.ImportPath, l.ImportPath + test, l.ImportPath + "_test" + test}
	for len(queue) > 0 {
		id := queue[0]
		queue = queue[1:]
		at := byID[id]
		if at == nil || seen[id] {
			continue
		}
		seen[id] = true
		path, _, _ := strings.Cut(id, " ")
		if want[path] {
			return true
		}
		queue = append(queue, at.Imports...)
	}
	return false
}

// testPackage returns the package clause of the tests in a directory: that of the
// package itself where one has it; "" if there are no tests.
func testPackage(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return "", err
	}
	found := ""
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), "_test.go") || e.IsDir() {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, e.Name()), nil, parser.PackageClauseOnly)
		if err != nil {
			return "", err
		}
		if found == "" || !strings.HasSuffix(f.Name.Name, "_test") {
			found = f.Name.Name
		}
	}
	return found, nil
}

// emitTestPlan adds to a package's tests the file that puts the plan in place.
func (p *program) emitTestPlan(pkg *load.Listed, r *plannedRun) error {
	name, err := testPackage(pkg.Dir)
	if err != nil {
		return err
	}
	text, err := emit.TestPlan{Package: name, Plan: string(r.text), PlanFile: p.env.short(r.file), Sole: r.sole}.Source()
	if err != nil {
		return err
	}
	return p.put(pkg.Dir, emit.TestPlanFileName, text)
}
