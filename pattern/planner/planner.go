package planner

// From a question to an answer.

import (
	"context"
	"math"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/search"
	"fluxo.dev/fluxo/pattern"
)

// Find looks for a plan that makes a record fast, or explains the one that it is asked about. progress is told
// what is being looked at.
func Find(ctx context.Context, q Question, record *Record, progress func(string)) (*Answer, error) {
	base, err := plan.Parse(q.Name, []byte(q.Plan))
	if err != nil {
		return nil, err
	}
	sole := map[string]bool{}
	for _, name := range q.Sole {
		sole[name] = true
	}
	scheduled := map[graph.FlowName]bool{}
	for _, name := range q.Scheduled {
		scheduled[graph.FlowName(name)] = true
	}
	p := search.Problem{Trace: record.Source, Base: base, Sole: sole, Scheduled: scheduled, Patterns: pattern.All(), Progress: progress}
	a := &Answer{Format: Format, Service: record.Head().Service, Goal: base.Goal()}
	a.Requests, a.Scheduled = record.Split(scheduled)
	if q.Explain {
		return a, a.explain(ctx, p)
	}
	return a, a.find(ctx, p)
}

func (a *Answer) find(ctx context.Context, p search.Problem) error {
	r, err := search.Find(ctx, p)
	if err != nil {
		return err
	}
	a.Plan, a.Tried, a.Optimal, a.Warnings = string(r.Plan.Format()), r.Tried, r.Optimal, r.Warnings
	a.Sampled = r.Sampled
	a.Written, a.Proposed = Predict(r.Before), Predict(r.After)
	for _, s := range r.Steps {
		a.Decisions = append(a.Decisions, decision(s))
	}
	for _, no := range r.Refused {
		a.Refused = append(a.Refused, Refusal{no.Candidate.Flow, lines(no.Candidate), no.Candidate.Pattern, no.Reason})
	}
	return nil
}

func decision(s search.Step) Decision {
	c := s.Candidate
	return Decision{
		Flow: c.Flow, Lines: lines(c), Pattern: c.Pattern, Why: c.Why, Before: min(s.Before, Overload), After: min(s.After, Overload),
		NodesBefore: s.NodesBefore, NodesAfter: s.NodesAfter, Holds: s.Holds, Next: alternative(s.Next, s.NextAfter, s.NextWhy),
	}
}

func (a *Answer) explain(ctx context.Context, p search.Problem) error {
	e, err := search.Explain(ctx, p)
	if err != nil {
		return err
	}
	a.Reached, a.Sampled = e.Goal, e.Sampled
	for _, r := range e.Reasons {
		a.Reasons = append(a.Reasons, Reason{r.Flow, r.Decision.String(), r.Pattern, r.Because, min(r.Without, Overload), alternative(r.Instead, r.With, r.Why)})
	}
	return nil
}

func alternative(c *search.Candidate, goal float64, why string) *Alternative {
	if c == nil {
		return nil
	}
	if math.IsInf(goal, 0) {
		goal, why = 0, "it brings more work than can be done"
	}
	return &Alternative{Lines: lines(c), Goal: goal, Why: why}
}

func lines(c *search.Candidate) (out []string) {
	for _, d := range c.Decisions {
		out = append(out, d.String())
	}
	return out
}
