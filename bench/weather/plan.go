package weather

// What Fluxo makes of the first half of a day.

import (
	"context"
	"fmt"
	"time"

	"fluxo.dev/fluxo/bench/figure"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/pattern"
	_ "fluxo.dev/fluxo/pattern/planner" // has all of ours
)

// prepare plans on what the service does in the first halves of the days, and predicts what it will be like in the second ones.
func (x *experiment) prepare(ctx context.Context) error {
	templates, err := x.recordAll(ctx)
	if err != nil {
		return err
	}
	for _, s := range x.studies {
		if err := s.look(ctx, x.report, templates); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
	}
	if err := x.rehearse(ctx); err != nil {
		return err
	}
	for _, s := range x.studies {
		if s.name == "busy" {
			continue
		}
		if err := s.foresee(func(to int, seed uint64) *recorded {
			return asRecorded(s.day, to, templates, s.costs, x.report.Seed+seed)
		}); err != nil {
			return err
		}
	}
	return nil
}

// recordAll records what the service does: how long it takes for each day, and what it asks for in each town.
func (x *experiment) recordAll(ctx context.Context) (templates *profile.Trace, err error) {
	arms := []*arm{{name: "templates", program: x.service, plan: asWritten, seed: 3, urls: x.urls, day: x.studies[0].day}}
	for _, s := range x.studies {
		arms = append(arms, &arm{name: s.name + "/costs", program: x.service, plan: asWritten, latency: 1, seed: 3, urls: x.urls, day: s.paced()})
	}
	alive, stop, err := x.start(arms)
	if err != nil {
		return nil, err
	}
	defer stop()
	x.report.Note("recording the service as written for %v: %d towns, %d requests of the first half of every day", costTime, len(x.urls), len(arms[1].day.requests))
	err = each(alive, len(alive), func(i int, l *aliveArm) (err error) {
		if i == 0 {
			templates, err = l.templates(ctx)
			return err
		}
		s := x.studies[i-1]
		s.costs, s.waited, err = l.costs(ctx, slice{0, len(l.day.requests), 0})
		return err
	})
	return templates, err
}

// look plans on the first half.
func (s *study) look(ctx context.Context, r *figure.Report, templates *profile.Trace) error {
	p := search.Problem{Trace: asRecorded(s.day, s.half, templates, s.costs, r.Seed), Base: plan.New("fluxo.plan"), Patterns: pattern.All()}
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

// paced has requests of the first half of a day, at an even pace, for times to be recorded.
func (s *study) paced() *day {
	n := int(costTime.Seconds() * costRate)
	d := &day{name: s.name}
	for i := range n {
		d.requests = append(d.requests, request{time.Duration(i) * time.Second / costRate, s.requests[i*s.half/n].town})
	}
	return d
}
