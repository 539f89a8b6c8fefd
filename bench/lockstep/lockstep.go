// Package lockstep measures what generated programs show of the lift, the checker and
// the engine: the same runs as the test of cmd/fluxo/internal/lockstep.
package lockstep

import (
	"context"
	"os"

	"fluxo.dev/fluxo/bench/command"
	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/internal/lockstep"
)

// Programs holds generated programs, built both ways, against each other.
var Programs = figure.Figure{
	Name: "lockstep",
	About: "generated Go programs built by go and by fluxo, held against each other in a simulated world: programs, runs, requests judged, differences; " +
		".reach: share of the combinations of law, kind of node and way to go wrong that were met",
	Run: func(r *figure.Report) error {
		return with(r, func(p *lockstep.Pair) error {
			sum, err := p.Run(context.Background(), r.Seed, lockstep.Runs)
			if err != nil {
				return err
			}
			print(r, sum.Lines())
			for _, m := range sum.Reach().Missing {
				r.Note("not met: %s", m)
			}
			for _, d := range sum.Differences {
				r.Note("%v", d)
			}
			return nil
		})
	},
}

// Mutants has the same programs look for mistakes that were made on purpose.
var Mutants = figure.Figure{
	Name:  "mutants",
	About: "mutants of the checker and of the engine; .survived: those that no run of a generated program tells from the original",
	Run: func(r *figure.Report) error {
		return with(r, func(p *lockstep.Pair) error {
			all, err := p.AllMutants(context.Background(), r.Seed)
			if err != nil {
				return err
			}
			print(r, lockstep.FateLines(all))
			for _, f := range all {
				if !f.Killed() {
					r.Note("%v", f)
				}
			}
			return nil
		})
	},
}

func print(r *figure.Report, lines []lockstep.Line) {
	for _, l := range lines {
		r.Line(l.Name, l.Value, l.Unit)
	}
}

// with calls f with a new pair of the size that the test has.
func with(r *figure.Report, f func(*lockstep.Pair) error) error {
	root, err := command.Root()
	if err != nil {
		return err
	}
	fluxo, err := command.Fluxo()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "fluxo-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := lockstep.Build(context.Background(), lockstep.Options{
		Fluxo: fluxo, Root: root, Dir: dir, Packages: lockstep.Packages, Flows: lockstep.Flows, Seed: r.Seed,
	})
	if err != nil {
		return err
	}
	return f(p)
}
