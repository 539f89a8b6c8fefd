package lockstep

// The published figures: what a test run and make bench measure, by the same code.

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"

	"fluxo.dev/fluxo/internal/lockstep/harness"
	"fluxo.dev/fluxo/internal/lockstep/patch"
)

// What one run comes to.
const (
	Packages, Flows = 13, 40
	Runs            = 1600   // of each package
	CheckerRuns     = 1200   // of a mutant of the checker, at most
	EngineRuns      = 24_000 // of a mutant of the engine, at most
)

// A Line is one figure.
type Line struct {
	Name  string
	Value float64
	Unit  string
}

// Print writes lines as "name value unit".
func Print(to io.Writer, lines []Line) {
	for _, l := range lines {
		fmt.Fprintln(to, l.Name, strconv.FormatFloat(l.Value, 'f', -1, 64), l.Unit)
	}
}

// Lines are the figures of s.
func (s Summary) Lines() []Line {
	return []Line{
		{"lockstep.programs", float64(s.Programs), "programs"},
		{"lockstep.runs", float64(s.Runs), "runs"},
		{"lockstep.differences", float64(len(s.Differences)), "differences"},
		{"lockstep.requests", float64(s.Requests), "requests"},
		{"lockstep.paths", float64(s.Paths), "runs"},
		{"lockstep.undecided", float64(s.Undecided), "requests"},
		{"lockstep.reach", s.Reach().Share(), "ratio"},
	}
}

// AllMutants runs every mutant of the checker and of the engine.
func (p *Pair) AllMutants(ctx context.Context, seed uint64) ([]Fate, error) {
	if err := p.BuildMutants(ctx); err != nil {
		return nil, err
	}
	ofEngine, err := p.EngineMutants(ctx, patch.Names(), seed, EngineRuns)
	if err != nil {
		return nil, err
	}
	ofChecker, err := p.CheckerMutants(ctx, harness.Mutants(), seed, CheckerRuns)
	return slices.Concat(ofChecker, ofEngine), err
}

// FateLines are the figures of mutants.
func FateLines(all []Fate) []Line {
	survived := 0
	for _, f := range all {
		if !f.Killed() {
			survived++
		}
	}
	return []Line{{"mutants.total", float64(len(all)), "mutants"}, {"mutants.survived", float64(survived), "mutants"}}
}
