package search

// Why a plan's decisions stand: what each gains, and what would stand in its place.

import (
	"context"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
)

// maxNear bounds the alternatives that are replayed for one decision.
const maxNear = 4

// explain says what each of a set gains beside the others, and what came nearest to it.
func (s *search) explain(chosen []*Candidate) error {
	s.until = time.Now().Add(s.Time / 3) // for alternatives
	whole, err := s.score(chosen)
	if err != nil {
		return err
	}
	sets := make([][]*Candidate, len(chosen))
	for i, c := range chosen {
		sets[i] = without(chosen, c)
	}
	scores, err := s.scores(sets)
	if err != nil {
		return err
	}
	for i, c := range chosen {
		st := Step{Candidate: c, Before: scores[i].goal, After: whole.goal, NodesBefore: scores[i].work, NodesAfter: whole.work, Holds: s.holds(c)}
		if st.Next, st.NextAfter, st.NextWhy, err = s.nearest(chosen, c); err != nil {
			return err
		}
		s.result.Steps = append(s.result.Steps, st)
	}
	slices.SortStableFunc(s.result.Steps, func(a, b Step) int { return descending(a.Before, b.Before) })
	return nil
}

// nearest returns what would serve best in the place of one of a set: the goal with it, or why it may not be there.
func (s *search) nearest(set []*Candidate, c *Candidate) (next *Candidate, goal float64, why string, err error) {
	rest := without(set, c)
	var near []*Candidate
	var sets [][]*Candidate
	for _, o := range s.all {
		if o.text == c.text || !o.touches(c) || slices.Contains(set, o) || len(near) == maxNear || time.Now().After(s.until) {
			continue
		}
		if one := append(slices.Clone(rest), o); s.illegal(one) == nil {
			near, sets = append(near, o), append(sets, one)
		}
	}
	scores, err := s.scores(sets)
	if err != nil {
		return nil, 0, "", err
	}
	best := 0.0
	for i, sc := range scores {
		if n := sc.number(); next == nil || n < best {
			next, goal, best = near[i], sc.goal, n
		}
	}
	if next != nil {
		return next, goal, "", nil
	}
	for _, no := range s.result.Refused {
		if no.Candidate.touches(c) {
			return no.Candidate, 0, no.Reason, nil
		}
	}
	return nil, 0, "", nil
}

// A Reason is what is to be said of one decision that is in force. Values are of the sample.
type Reason struct {
	Flow     graph.FlowName
	Decision plan.Decision
	Pattern  string             // that proposes it, too, or with other numbers; "" for none
	Because  string             // it may pay, as the pattern says
	Without  float64            // the goal of the plan without it
	Holds    []graph.ConjunctID // checked, and found to hold
	Instead  *Candidate         // what would serve best in its place; nil if there is nothing
	With     float64            // the goal with that, if it is legal there
	Why      string             // otherwise what stands in its way
}

// An Explanation has the reasons for the decisions of a plan, in its order.
type Explanation struct {
	Reasons []Reason
	Goal    float64 // that the whole plan reaches
	Sampled int     // requests, and scheduled runs, that this is of; 0 for all of the trace
}

// Explain explains a plan. A decision that is not legal is an error.
func Explain(ctx context.Context, p Problem) (*Explanation, error) {
	var (
		chosen  []*Candidate
		reasons []Reason
		err     error
	)
	for _, fl := range p.Base.Flows() {
		for _, d := range fl.Decisions {
			if d.InForce() {
				bare := d
				bare.Mark = plan.None
				chosen = append(chosen, newCandidate(fl.Name, "", []plan.Decision{bare}, ""))
				reasons = append(reasons, Reason{Flow: fl.Name, Decision: d})
			}
		}
	}
	if p.Base, err = unforced(p.Base); err != nil {
		return nil, err
	}
	s, err := begin(ctx, p)
	if err != nil {
		return nil, err
	}
	if err := s.illegal(chosen); err != nil {
		return nil, err
	}
	whole, err := s.score(chosen)
	if err != nil {
		return nil, err
	}
	for i, c := range chosen {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r := &reasons[i]
		less, err := s.score(without(chosen, c))
		if err != nil {
			return nil, err
		}
		r.Without, r.Holds = less.goal, s.holds(c)
		if by := s.proposed(c); by != nil {
			r.Pattern, r.Because = by.Pattern, by.Why
		}
		if r.Instead, r.With, r.Why, err = s.nearest(chosen, c); err != nil {
			return nil, err
		}
	}
	return &Explanation{reasons, whole.goal, s.sampled()}, nil
}

// sampled is how many runs of the trace plans are compared on; 0 for all.
func (s *search) sampled() int {
	if len(s.part.Runs) == s.part.Whole {
		return 0
	}
	return len(s.part.Runs)
}

// proposed returns what was proposed and is c, or differs from it in numbers alone; nil if nothing is.
func (s *search) proposed(c *Candidate) (near *Candidate) {
	for _, o := range s.all {
		if o.text == c.text {
			return o
		}
		if o.family == c.family && near == nil {
			near = o
		}
	}
	return near
}

// unforced is a plan without the decisions that are in force.
func unforced(f *plan.File) (*plan.File, error) {
	out, err := plan.Parse(f.Name, f.Format())
	if err != nil {
		return nil, err
	}
	for _, fl := range f.Flows() {
		for _, d := range fl.Decisions {
			if d.InForce() {
				if err := out.Remove(d.ID(fl.Name)); err != nil {
					return nil, err
				}
			}
		}
	}
	return out, nil
}
