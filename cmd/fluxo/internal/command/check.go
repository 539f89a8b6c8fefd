package command

// fluxo check.

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const checkHelp = `Check holds the plan of every main package (of ./... by default) against the source:
each decision with the laws that carry it, or with what stands in its way, the source
lines involved and the smallest fix. It lists every //fluxo:assume line, because nothing but
its author's word stands behind it. The exit code is 1 if plan, source and promises disagree,
or if a plan lies where no program reads it.`

func runCheck(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("check", words)
	if err != nil {
		return err
	}
	if err := args.onlyBuildFlags("check"); err != nil {
		return err
	}
	if err := changeDir(args); err != nil {
		return err
	}
	if len(args.packages) == 0 {
		args.packages = []string{"./..."}
	}
	p, err := read(ctx, args, false)
	if err != nil {
		return err
	}
	if err := p.refuse(c.err); err != nil {
		return err
	}
	p.printAssumptions(c.out)
	services, err := p.allServices()
	if err != nil {
		return err
	}
	disagree := false
	for _, s := range services {
		disagree = !s.print(c, p) || disagree
	}
	if len(services) == 0 {
		fmt.Fprintln(c.out, "no plan here: every flow runs as written")
	}
	astray, err := p.astray()
	if err != nil {
		return err
	}
	for _, file := range astray {
		fmt.Fprintf(c.err, "%s: no main package lies beside this plan, so no program runs under it; fix: %s\n", p.env.short(file), p.placeForPlan())
	}
	disagree = disagree || len(astray) > 0
	if disagree {
		return exitError(1)
	}
	return nil
}

// astray lists the plans of the main modules that no service reads, because none lies beside them.
func (p *program) astray() ([]string, error) {
	modules, err := p.env.modules(p.args)
	if err != nil {
		return nil, err
	}
	served := map[string]bool{} // by directory: whether a service lies there
	for _, pkg := range p.pkgs {
		served[pkg.Dir] = served[pkg.Dir] || pkg.Name == "main" || len(pkg.triggered()) > 0
	}
	var all []string
	for _, mod := range modules.Files {
		files, err := planFiles(filepath.Dir(mod))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			serves, read := served[filepath.Dir(file)]
			if !read {
				serves, err = holdsSource(filepath.Dir(file)) // of a package that nobody asked for
				if err != nil {
					return nil, err
				}
			}
			if !serves {
				all = append(all, file)
			}
		}
	}
	return all, nil
}

// holdsSource reports whether a directory has Go files.
func holdsSource(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return strings.HasSuffix(e.Name(), ".go") }), err
}

// placeForPlan says where a plan has to lie, by name if there is but one place.
func (p *program) placeForPlan() string {
	var dirs []string
	for _, pkg := range p.pkgs {
		if pkg.Matched && pkg.Name == "main" && len(p.flowsOf(pkg)) > 0 {
			dirs = append(dirs, pkg.Dir)
		}
	}
	if len(dirs) == 1 {
		return "move it to " + p.env.short(filepath.Join(dirs[0], PlanName))
	}
	return "move it beside the main package that it is for"
}

// printAssumptions lists what the program says of functions that it cannot edit.
func (p *program) printAssumptions(w io.Writer) {
	for _, pkg := range p.pkgs {
		for _, f := range pkg.Files {
			for _, group := range f.Comments {
				for _, line := range group.List {
					if text, ok := strings.CutPrefix(line.Text, "//fluxo:assume "); ok {
						pos := p.loaded.Fset.Position(line.Pos())
						fmt.Fprintf(w, "assumed   %s (%s:%d)\n", strings.TrimSpace(text), p.env.short(pos.Filename), pos.Line)
					}
				}
			}
		}
	}
}

// print prints the verdicts on a service's plan; false if something is wrong with it.
func (s *service) print(c console, p *program) bool {
	fmt.Fprintf(c.out, "%s\n", p.env.short(s.file))
	reports, wrong := s.verdicts()
	for _, r := range reports {
		fmt.Fprint(c.out, r.String())
	}
	if len(reports)+len(wrong) == 0 {
		fmt.Fprintln(c.out, "  it decides nothing: every flow runs as written")
	}
	for _, w := range wrong {
		if !w.reported {
			fmt.Fprintln(c.err, w.text)
		}
	}
	return len(wrong) == 0
}
