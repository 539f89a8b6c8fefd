package weather

// What Fluxo makes of the first half of a day.

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/pattern"
	"fluxo.dev/fluxo/pattern/planner" // has all of ours
)

// prepare records what the service does, and plans on the first halves of the days.
func (x *experiment) prepare(ctx context.Context) error {
	if err := x.recordAll(ctx); err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(planner.GCPercent))
	for _, s := range x.studies {
		if err := s.look(ctx, x.report, x.templates); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	return x.timeSearch(ctx)
}

// timeSearch looks for a plan for the whole EPA day.
func (x *experiment) timeSearch(ctx context.Context) error {
	s := x.studies[0]
	began := time.Now()
	_, err := search.Find(ctx, s.problem(len(s.requests), x.templates, x.report.Seed))
	x.lines = append(x.lines, line{"search.epa.service", time.Since(began).Seconds(), "s"})
	return err
}

// problem is to find a plan for the first so many requests of the day.
func (s *study) problem(to int, templates *profile.Trace, seed uint64) search.Problem {
	return search.Problem{Trace: asRecorded(s.day, to, templates, s.costs, seed), Base: plan.New("fluxo.plan"), Patterns: pattern.All()}
}

// foresee predicts what the services are like in the second halves, of which it knows when requests come and for what.
func (x *experiment) foresee() error {
	for _, s := range x.studies {
		if s.name == "busy" {
			continue
		}
		if err := s.foresee(func(to int, seed uint64) *recorded {
			return asRecorded(s.day, to, x.templates, s.costs, x.report.Seed+seed)
		}); err != nil {
			return err
		}
	}
	return nil
}

// recordAll records what the service does: how long it takes, which is the same on every day, and what it asks for in each town. The one service
// that is asked for all towns has the machine as busy as it will be in slices.
func (x *experiment) recordAll(ctx context.Context) error {
	arms := []*arm{{name: "templates", program: x.service, plan: asWritten, seed: 3, urls: x.urls, day: x.studies[0].day}}
	for i := range costArms {
		for _, s := range x.studies {
			arms = append(arms, &arm{name: s.name + "/costs", program: x.service, plan: asWritten, latency: 1, seed: 3 + uint64(i), urls: x.urls, day: s.paced(i)})
		}
	}
	alive, stop, err := x.start(arms)
	if err != nil {
		return err
	}
	defer stop()
	x.report.Note("recording the service as written for %v: %d towns, %d requests of the first half of every day", costTime, len(x.urls), costArms*len(arms[1].day.requests))
	costs, waited := make([]*profile.Trace, len(arms)), make([][]time.Duration, len(arms))
	err = each(alive, len(alive), func(i int, l *aliveArm) (err error) {
		if i == 0 {
			x.templates, err = l.templates(ctx)
			return err
		}
		costs[i], waited[i], err = l.costs(ctx, slice{0, len(l.day.requests), 0})
		return err
	})
	if err != nil {
		return err
	}
	all := *costs[1]
	all.Runs = nil
	for _, t := range costs[1:] {
		all.Runs = append(all.Runs, t.Runs...)
	}
	for _, s := range x.studies {
		s.costs, s.waited = &all, slices.Concat(waited...)
	}
	return nil
}

// look plans on the first half.
func (s *study) look(ctx context.Context, r *figure.Report, templates *profile.Trace) error {
	p := s.problem(s.half, templates, r.Seed)
	began := time.Now()
	found, err := search.Find(ctx, p)
	if err != nil {
		return err
	}
	s.plan = string(found.Plan.Format())
	r.Note("%s (%s): planned on %d requests in %v:\n%s", s.name, s.source, s.half, time.Since(began).Round(time.Millisecond), s.plan)
	if s.name == "epa" {
		drawn, err := search.Draw(ctx, p, plansDrawn, r.Seed)
		if err != nil {
			return err
		}
		for _, f := range drawn {
			s.drawn = append(s.drawn, string(f.Format()))
		}
	}
	return nil
}

// paced has requests of the first half of a day, at an even pace, for times to be recorded: those that one of costArms gets.
func (s *study) paced(arm int) *day {
	n := int(costTime.Seconds() * costRate)
	d := &day{name: s.name}
	for i := arm; i < n; i += costArms {
		d.requests = append(d.requests, request{time.Duration(i) * time.Second / costRate, s.requests[i*s.half/n].town})
	}
	return d
}
