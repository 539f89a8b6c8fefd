package planner

// From a question to an answer.

import (
	"context"
	"fmt"

	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/pattern"
)

// Find looks for a plan that makes a trace fast. progress is told what is being looked at.
func Find(ctx context.Context, q Question, trace *profile.Trace, progress func(string)) (*Answer, error) {
	base, err := plan.Parse(q.Name, []byte(q.Plan))
	if err != nil {
		return nil, err
	}
	sole := map[string]bool{}
	for _, name := range q.Sole {
		sole[name] = true
	}
	r, err := search.Find(ctx, search.Problem{
		Trace: trace, Base: base, Sole: sole, Patterns: pattern.All(), Progress: progress,
	})
	if err != nil {
		return nil, err
	}
	a := &Answer{
		Format: Format, Service: trace.Service, Requests: len(trace.Runs), Plan: string(r.Plan.Format()), Tried: r.Tried,
		Written: Predict(r.Before), Proposed: Predict(r.After),
	}
	for _, s := range r.Steps {
		c := s.Candidate
		d := Decision{Flow: c.Flow, Lines: lines(c), Pattern: c.Pattern, Why: c.Why, Before: s.Before, After: s.After}
		if s.Next != nil {
			d.Next, d.NextHas = s.Next.String(), s.NextAfter
		}
		a.Decisions = append(a.Decisions, d)
	}
	for _, no := range r.Refused {
		a.Refused = append(a.Refused, Refusal{no.Candidate.Flow, lines(no.Candidate), no.Candidate.Pattern, no.Reason})
	}
	return a, nil
}

func lines(c *search.Candidate) (out []string) {
	for _, d := range c.Decisions {
		out = append(out, d.String())
	}
	return out
}

// ReadTraces reads files of fluxo record. Of one that was cut off what is whole counts, which
// warn is told.
func ReadTraces(files []string, warn func(string)) (*profile.Trace, error) {
	var all []*profile.Trace
	for _, name := range files {
		t, err := readTrace(name)
		switch {
		case err != nil && (t == nil || len(t.Runs) == 0):
			return nil, fmt.Errorf("%s: %w", name, err)
		case err != nil:
			warn(fmt.Sprintf("%s: %v; the %d requests before count", name, err, len(t.Runs)))
		case len(t.Runs) == 0:
			return nil, fmt.Errorf("%s has no request in it: record while the service is used", name)
		}
		all = append(all, t)
	}
	if len(all) != 1 {
		return nil, fmt.Errorf("one trace, not %d", len(all))
	}
	return all[0], nil
}
