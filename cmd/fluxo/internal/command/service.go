package command

// The services of a program: its main packages, each with its plan and its
// promises, and a main package where a package with triggers has none.

import (
	"errors"
	"fmt"
	"go/types"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"fluxo.dev/fluxo/cmd/fluxo/internal/emit"
	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/plan"
)

// PlanName is the name of the plan file, which lies beside the service's main package.
const PlanName = "fluxo.plan"

// A service is one main package with flows.
type service struct {
	pkg   *packageOf
	flows []*lift.Flow // of the package and all that it imports
	sole  []string
	file  string // the plan's name; it need not exist
	text  []byte // nil if there is no plan
	plan  *plan.File

	supplied bool // the package has triggers but is not a main package
}

// services returns the services among the packages that the command line names.
func (p *program) services() ([]*service, error) {
	var all []*service
	for _, pkg := range p.pkgs {
		if !pkg.Matched || pkg.Name != "main" && !p.supplies(pkg) {
			continue
		}
		s := &service{pkg: pkg, flows: p.flowsOf(pkg), sole: pkg.effects.Sole(), supplied: pkg.Name != "main"}
		if len(s.flows) == 0 && len(s.sole) == 0 && len(pkg.triggered()) == 0 {
			continue
		}
		if err := s.readPlan(p); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// allServices returns the services that have a plan, wherever it lies: a package with triggers
// has one beside it, too.
func (p *program) allServices() ([]*service, error) {
	var all []*service
	for _, pkg := range p.pkgs {
		if !pkg.Matched || pkg.Name != "main" && len(pkg.triggered()) == 0 {
			continue
		}
		s := &service{pkg: pkg, flows: p.flowsOf(pkg), sole: pkg.effects.Sole()}
		if err := s.readPlan(p); err != nil {
			return nil, err
		}
		if s.plan != nil {
			all = append(all, s)
		}
	}
	return all, nil
}

// supplies reports whether pkg gets a main package: it is the only one on the
// command line, has triggers, and is none itself.
func (p *program) supplies(pkg *packageOf) bool {
	if len(p.args.packages) > 1 || len(pkg.triggered()) == 0 {
		return false
	}
	for _, other := range p.pkgs {
		if other.Matched && other != pkg {
			return false
		}
	}
	return true
}

// flowsOf returns the flows that a package links, its own last.
func (p *program) flowsOf(pkg *packageOf) []*lift.Flow {
	reached := map[string]bool{}
	var reach func(t *types.Package)
	reach = func(t *types.Package) {
		if !reached[t.Path()] {
			reached[t.Path()] = true
			for _, i := range t.Imports() {
				reach(i)
			}
		}
	}
	reach(pkg.Types)
	var all []*lift.Flow
	for _, other := range p.pkgs {
		if reached[other.Path] {
			all = append(all, other.lifted.Flows...)
		}
	}
	return all
}

// readPlan reads the plan beside the package, if there is one.
func (s *service) readPlan(p *program) error {
	s.file = filepath.Join(s.pkg.Dir, PlanName)
	text, err := p.set.ReadFile(s.file)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(s.file); err == nil {
			return fmt.Errorf("%s is a link to what is not there; mend or remove it, since without a plan every flow runs as written", p.env.short(s.file))
		}
		return nil
	}
	if err != nil {
		return fmt.Errorf("the plan cannot be read: %w; %s is a text file, as docs/language.md shows it", err, PlanName)
	}
	if s.pkg.Path == filesPackage {
		text, err = p.renamed(text, s.pkg.Dir)
		if err != nil {
			return err
		}
	}
	s.text = text
	s.plan, err = plan.Parse(p.env.short(s.file), text)
	return err
}

// filesPackage is the path of a package that is named by its files.
const filesPackage = "command-line-arguments"

// renamed returns a plan with the path of the package in dir replaced by the one
// that its flows have where the package is named by its files.
func (p *program) renamed(text []byte, dir string) ([]byte, error) {
	out, err := exec.Command("go", "list", "-e", "-find", "-f", "{{.ImportPath}}", dir).Output()
	if err != nil {
		return nil, fmt.Errorf("finding the path of the package in %s: %w", p.env.short(dir), err)
	}
	path := regexp.QuoteMeta(strings.TrimSpace(string(out)))
	flow := regexp.MustCompile(`(?m)^(\s*flow\s+(?:\(\*?)?)` + path + `\.`)
	return flow.ReplaceAll(text, []byte("${1}"+filesPackage+".")), nil
}

// A finding is something wrong with a plan.
type finding struct {
	text     string
	reported bool // it stands in a report, too
}

// facts is what the checker is told of the whole program.
func (s *service) facts() check.Program {
	facts := check.Program{Sole: map[string]bool{}}
	for _, name := range s.sole {
		facts.Sole[name] = true
	}
	return facts
}

// verdicts holds the plan against the program: its reports, flow by flow, and
// what is wrong with it.
func (s *service) verdicts() (reports []verdict, wrong []finding) {
	if s.plan == nil {
		return nil, nil
	}
	graphs := map[graph.FlowName]*graph.Graph{}
	var names []graph.FlowName
	for _, f := range s.flows {
		graphs[f.Graph.Flow] = f.Graph
		names = append(names, f.Graph.Flow)
	}
	for _, problem := range s.plan.Stale(names, callers(graphs)) {
		wrong = append(wrong, finding{text: problem.String()})
	}
	for _, part := range s.plan.Flows() {
		g := graphs[part.Name]
		if g == nil {
			continue
		}
		v, _, problems := judge(g, part.Decisions, s.facts())
		for _, problem := range problems {
			wrong = append(wrong, finding{text: problem.String()})
		}
		reports = append(reports, v)
		if !v.OK() {
			wrong = append(wrong, finding{fmt.Sprintf("%s: %s", s.plan.Name, strings.TrimSpace(v.String())), true})
		}
	}
	return reports, wrong
}

// callers lists the flows that call each step, by the step's name.
func callers(graphs map[graph.FlowName]*graph.Graph) map[string][]graph.FlowName {
	by := map[string][]graph.FlowName{}
	for _, name := range slices.Sorted(maps.Keys(graphs)) {
		for at := range graphs[name].Places() {
			if n := at.Node; n.Kind == graph.Step && !slices.Contains(by[n.Callee], name) {
				by[n.Callee] = append(by[n.Callee], name)
			}
		}
	}
	return by
}

// emitMain adds to the overlay what the service gets on top of its packages.
func (p *program) emitMain(s *service) error {
	m := emit.Main{Plan: string(s.text), Sole: s.sole}
	if s.text != nil {
		m.PlanFile = PlanName
	}
	dir := s.pkg.Dir
	if s.supplied {
		m.Serve, m.Import, p.supplied = true, s.pkg.Path, true
		dir = filepath.Join(s.pkg.Dir, suppliedDir, filepath.Base(s.pkg.Dir))
		p.args = p.args.clone()
		p.args.packages = []string{dir}
	} else {
		m.Serve = s.pkg.Types.Scope().Lookup("main") == nil
	}
	if lost := p.unserved(s.flows); m.Serve && len(lost) > 0 {
		return errors.New(strings.Join(lost, "\n"))
	}
	text, err := m.Source()
	if err != nil {
		return err
	}
	return p.put(dir, emit.MainFileName, text)
}

// suppliedDir is where the overlay has a supplied main package, below the
// package that it serves; a directory of the package's name in it gives the program its name.
const suppliedDir = "fluxomain"
