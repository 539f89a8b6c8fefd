package command

// fluxo vet, and fluxo as a tool of go vet.

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/unitchecker"

	"fluxo.dev/fluxo/cmd/fluxo/internal/diag"
	"fluxo.dev/fluxo/cmd/fluxo/internal/lift"
	"fluxo.dev/fluxo/cmd/fluxo/internal/load"
	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/plan"
)

const vetHelp = `Vet runs go vet, and says what is wrong with flows and steps, in plain words and
with the smallest fix. Lines that begin with "note:" are no errors: they say what
keeps a flow from running faster. The exit code is 1 if anything is wrong.

As a tool it works without this command: go vet -vettool=$(which fluxo) ./...`

func runVet(ctx context.Context, c console, words []string) error {
	args, err := parseArguments("vet", words)
	if err != nil {
		return err
	}
	if err := changeDir(args); err != nil {
		return err
	}
	var (
		vetting  sync.WaitGroup
		goErr    error
		out, say bytes.Buffer
	)
	plain := sync.OnceFunc(func() {
		vetting.Go(func() {
			goErr = runGo(ctx, console{c.in, &out, &say}, append([]string{"vet"}, append(args.words(), args.packages...)...))
		})
	})
	p, err := readAnd(ctx, args, load.Config{Tests: true, Built: plain}) // two go commands at once would compile everything twice
	if err == nil {
		plain()
	}
	vetting.Wait()
	if err != nil {
		return err // go vet has found the same, once for each variant of a package
	}
	if _, err := io.Copy(c.out, &out); err != nil {
		return err
	}
	if _, err := io.Copy(c.err, &say); err != nil {
		return err
	}
	if err := p.noteModuleCache(c.err); err != nil {
		return err
	}
	for _, pkg := range p.pkgs {
		if pkg.Matched {
			p.notes(c.err, pkg)
		}
	}
	wrong := 0
	for _, d := range p.loaded.Diagnostics() {
		if diag.Code(d.Category).IsNote() {
			fmt.Fprintf(c.err, "note: %s\n", p.line(d))
			continue
		}
		wrong++
		fmt.Fprintln(c.err, p.line(d))
	}
	if wrong > 0 {
		return exitError(1)
	}
	return goErr
}

// notes prints what keeps the flows of a package from being served, or their values from being kept.
func (p *program) notes(w io.Writer, pkg *packageOf) {
	for _, note := range p.unserved(pkg.lifted.Flows) {
		fmt.Fprintf(w, "note: %s\n", note)
	}
	for _, note := range p.uncalled(pkg) {
		fmt.Fprintf(w, "note: %s\n", note)
	}
	for _, flow := range pkg.lifted.Flows {
		for _, l := range leftOf(flow.Graph) {
			fmt.Fprintf(w, "note: under any plan of %s, %s\n", flow.Graph.Flow, l)
		}
	}
	said := map[string]bool{}
	for _, flow := range pkg.lifted.Flows {
		for _, v := range flow.Vars {
			why := pkg.lifted.Values.Of(v.Go).Why
			if v.Kind != graph.Data || why == "" || said[why] {
				continue
			}
			said[why] = true
			pos := p.loaded.Fset.Position(flow.Decl.Name.Pos())
			pos.Filename = p.env.short(pos.Filename)
			fmt.Fprintf(w, "note: %s: %s in %s can be neither kept nor shared: %s\n", pos, v.ID, flow.Graph.Flow, why)
		}
	}
}

// leftOf lists what the author of a flow runs beside each other and no plan lets begin together.
func leftOf(g *graph.Graph) []plan.Left {
	_, left := plan.WithOwn(g, nil, func(planned *graph.Graph) map[graph.NodeID]string {
		return check.Check(g, planned, check.Program{}, check.DefaultRules()).Reasons()
	})
	return left
}

// IsVetTool reports whether the go command runs us as a vet tool.
func IsVetTool(args []string) bool {
	if len(args) == 0 || args[0] == "toolexec" {
		return false
	}
	last := args[len(args)-1]
	return args[0] == "-V=full" || args[0] == "-flags" || strings.HasSuffix(last, ".cfg")
}

// VetTool analyses one package for the go command. Notes are left out, since
// every diagnostic of a vet tool is an error.
func VetTool() {
	all := append([]*analysis.Analyzer{lift.Analyzer}, lift.Analyzer.Requires...) // what only is required has its say dropped
	withoutNotes(all)
	unitchecker.Main(all...)
}

// withoutNotes has the analyzers' notes dropped.
func withoutNotes(all []*analysis.Analyzer) {
	for _, a := range all { // those of this process, which does nothing else
		run := a.Run
		a.Run = func(pass *analysis.Pass) (any, error) {
			inner := *pass
			inner.Report = func(d analysis.Diagnostic) {
				if !diag.Code(d.Category).IsNote() {
					pass.Report(d)
				}
			}
			return run(&inner)
		}
	}
}
