// Package search measures the search for a plan: how near it comes to the best, and how long it takes.
package search

import (
	"context"
	"fmt"
	"slices"
	"time"

	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/bench/trace"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/internal/tracetest"
	"fluxo.dev/fluxo/pattern"

	_ "fluxo.dev/fluxo/pattern/planner" // which links all patterns that Fluxo has
)

// find looks for a plan with the patterns that Fluxo has, or some of them.
func find(p search.Problem, names ...string) (*search.Result, error) {
	p.Base, p.Patterns = plan.New("fluxo.plan"), pattern.All()
	if len(names) > 0 {
		p.Patterns = slices.DeleteFunc(p.Patterns, func(q pattern.Pattern) bool { return !slices.Contains(names, q.Name()) })
	}
	return search.Find(context.Background(), p)
}

// Bounds of the figure of the optimum.
const (
	graphs    = 60   // of which the best set is known
	maxGraphs = 300  // that are drawn for it
	replays   = 4000 // for each of them
)

// Optimum holds annealing against all sets, on random flows.
var Optimum = figure.Figure{
	Name:  "search.optimum",
	About: "mean time under the plan that annealing finds over that under the best of all legal sets, mean of 60 random flows",
	Run:   optimum,
}

func optimum(r *figure.Report) error {
	// The others would bring so many candidates that their sets could not all be looked at.
	some := []string{"parallel", "cache", "coalesce"}
	sum, worst, n := 0.0, 0.0, 0
	for seed := range uint64(maxGraphs) {
		if n == graphs {
			break
		}
		t := tracetest.NewRandom(3+int(seed%3), r.Seed*1000+seed).Trace(200, 30)
		exact, err := find(search.Problem{Trace: t, Exhaustive: 13, Replays: replays, Time: time.Minute}, some...)
		if err != nil {
			return err
		}
		if !exact.Optimal || exact.Tried < 8 {
			continue // too many sets to look at, or none
		}
		near, err := find(search.Problem{Trace: t, Exhaustive: -1, Replays: replays, Time: time.Minute}, some...)
		if err != nil {
			return err
		}
		ratio := search.Value(plan.Mean, near.After) / exact.Best
		sum, worst, n = sum+ratio, max(worst, ratio), n+1
	}
	if n < graphs {
		return fmt.Errorf("of only %d flows the best set is known", n)
	}
	r.Line("search.optimum", sum/float64(n), "ratio")
	r.Line("search.optimum.worst", worst, "ratio")
	r.Line("search.optimum.flows", float64(n), "flows")
	return nil
}

// EPA is a day of requests for the weather, by the ZIP code that each URL stands for.
var EPA = figure.Figure{
	Name:  "search.epa",
	About: "time to find a plan for a day of 47,748 requests, from the recorded runs in memory to the plan",
	Run: func(r *figure.Report) error {
		epa, err := trace.Load("epa", r.Seed)
		if err != nil {
			return err
		}
		asks := make([]tracetest.Ask, len(epa.Requests))
		for i, q := range epa.Requests {
			asks[i] = tracetest.Ask{At: q.At, Town: int(q.Key)}
		}
		return timed(r, "search.epa", tracetest.WeatherTrace(asks, r.Seed))
	},
}

// Sixty is a flow of sixty nodes.
var Sixty = figure.Figure{
	Name:  "search.sixty",
	About: "time to find a plan for a flow of 60 nodes, 5,000 requests",
	Run: func(r *figure.Report) error {
		return timed(r, "search.sixty", tracetest.NewRandom(53, r.Seed).Trace(5000, 500))
	},
}

// timed finds a plan and prints how long that took.
func timed(r *figure.Report, name string, t *profile.Trace) error {
	began := time.Now()
	res, err := find(search.Problem{Trace: t})
	if err != nil {
		return err
	}
	r.Line(name, time.Since(began).Seconds(), "s")
	before, after := search.Value(plan.Mean, res.Before), search.Value(plan.Mean, res.After)
	r.Note("%s: %d plans replayed, mean %s, then %s with %d decisions", name, res.Tried, search.Text(plan.Mean, before), search.Text(plan.Mean, after), len(res.Steps))
	return nil
}
