package lockstep

// Differences made smaller: decisions and requests are left out as long as the
// difference stays.

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"fluxo.dev/fluxo/internal/lockstep/harness"
)

// A Case is a difference, made small, with all that is needed to see it again.
type Case struct {
	harness.Finding
	Drop string // as the harness's flag -drop takes it
	Args []string
}

// maxParts bounds the decisions and requests of a run that are tried.
const maxParts = 24

// Smaller leaves out of the run of a difference what can be left out.
func (p *Pair) Smaller(ctx context.Context, f harness.Finding) Case {
	best := Case{Finding: f}
	best.Args = args(f, "")
	for _, kind := range []string{"p", "r"} {
		for i := range maxParts {
			drop := strings.TrimSpace(fmt.Sprint(best.Drop, " ", kind, i))
			if smaller, ok := p.again(ctx, f, drop); ok {
				best = Case{Finding: smaller, Drop: drop, Args: args(f, drop)}
			}
		}
	}
	return best
}

// args are those of the planned binary that do the run again.
func args(f harness.Finding, drop string) []string {
	return []string{
		"-package", f.Package, "-seed", fmt.Sprint(f.Seed), "-first", fmt.Sprint(f.Number), "-runs", "1", "-drop", drop,
	}
}

// again does the run with parts left out, and reports whether a difference is left.
func (p *Pair) again(ctx context.Context, f harness.Finding, drop string) (left harness.Finding, ok bool) {
	err := p.pipe(ctx, nil, func(g harness.Finding) {
		if g.Wrong != "" && !ok {
			left, ok = g, true
		}
	}, args(f, drop)...)
	return left, ok && err == nil
}

// Text is the case as a txtar file: what differs, how to see it again, and the flow.
func (p *Pair) Text(c Case, o Options) string {
	var quoted []string
	for _, a := range c.Args {
		quoted = append(quoted, fmt.Sprintf("%q", a))
	}
	return fmt.Sprintf(`Programs of seed %d, %d packages of %d flows. In the directory of the module:

	./planned.bin %s | ./plain.bin

-- difference --
%s
-- plan --
%s
-- flow --
%s`, o.Seed, o.Packages, o.Flows, strings.Join(quoted, " "), c.Wrong, strings.Join(c.Plan, "\n"), p.source(c))
}

// source is the text of the flow.
func (p *Pair) source(c Case) string {
	text, err := os.ReadFile(filepath.Join(p.dir, c.Package, "flows.go"))
	if err != nil {
		return err.Error()
	}
	name := regexp.QuoteMeta(c.Flow)
	found := regexp.MustCompile(`(?ms)^func (\(v \*Svc\) )?` + name + `\(.*?^}`).Find(text)
	return string(found) + "\n"
}
