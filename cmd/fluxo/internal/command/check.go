package command

// fluxo check.

import (
	"context"
	"fmt"
	"io"
	"strings"
)

const checkHelp = `Check holds the plan of every main package (of ./... by default) against the source:
each decision with the laws that carry it, or with what stands in its way, the source
lines involved and the smallest fix. It lists every //fluxo:assume line, because nothing but
its author's word stands behind it. The exit code is 1 if plan, source and promises disagree.`

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
	if disagree {
		return exitError(1)
	}
	return nil
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
