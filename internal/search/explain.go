package search

// Why a plan's decisions stand: what each gains, and what would stand in its place.

import (
	"context"
	"slices"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
)

// A Reason is what is to be said of one decision that is in force.
type Reason struct {
	Flow     graph.FlowName
	Decision plan.Decision
	Without  float64    // the goal of the plan without it
	Instead  *Candidate // what would serve best in its place; nil if nothing is legal there
	With     float64    // the goal with that
}

// Explain gives the reasons for the decisions of a plan, in its order, and the goal that the
// whole plan reaches.
func Explain(ctx context.Context, p Problem) (reasons []Reason, goal float64, err error) {
	s, all, err := begin(p)
	if err != nil {
		return nil, 0, err
	}
	var chosen []*Candidate
	for _, fl := range p.Base.Flows() {
		for _, d := range fl.Decisions {
			if d.InForce() {
				chosen = append(chosen, &Candidate{Flow: fl.Name, Decisions: []plan.Decision{d}})
			}
		}
	}
	if s.Base, err = unforced(p.Base); err != nil {
		return nil, 0, err
	}
	if goal, err = s.goal(chosen); err != nil {
		return nil, 0, err
	}
	for i, c := range chosen {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		r, err := s.reason(chosen, i, all)
		if err != nil {
			return nil, 0, err
		}
		r.Flow, r.Decision = c.Flow, c.Decisions[0]
		reasons = append(reasons, r)
	}
	return reasons, goal, nil
}

// reason looks at one decision beside the others.
func (s *search) reason(chosen []*Candidate, i int, all []*Candidate) (r Reason, err error) {
	rest := slices.Delete(slices.Clone(chosen), i, i+1)
	if r.Without, err = s.goal(rest); err != nil {
		return r, err
	}
	near := slices.DeleteFunc(slices.Clone(all), func(c *Candidate) bool {
		return c.Flow != chosen[i].Flow || c.String() == chosen[i].String() || !chosen[i].touches(c)
	})
	goals, err := s.each(near, func(c *Candidate) []*Candidate { return append(slices.Clone(rest), c) })
	if err != nil {
		return r, err
	}
	for k, g := range goals {
		if r.Instead == nil || g < r.With {
			r.Instead, r.With = near[k], g
		}
	}
	return r, nil
}

// touches reports whether two candidates name a node in common.
func (c *Candidate) touches(o *Candidate) bool {
	for _, d := range c.Decisions {
		for _, r := range d.Items {
			for _, e := range o.Decisions {
				for _, q := range e.Items {
					if r.First == q.First || r.Last == q.Last || r.First == q.Last || r.Last == q.First {
						return true
					}
				}
			}
		}
	}
	return false
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
