package search

// How much a candidate can save at most, told without a replay: who is tried first, and who is not tried at all.

import (
	"math"
	"slices"
	"strings"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/sim"
)

// rank bounds what each candidate can save of the time of all requests of the sample, and sorts them by that, the
// most first.
func (s *search) rank(all []*Candidate, stats map[graph.FlowName]map[graph.NodeID]*profile.Stats) ([]*Candidate, error) {
	for _, c := range all {
		for _, d := range c.Decisions {
			b, err := s.bound(c.Flow, d, stats[c.Flow])
			if err != nil {
				return nil, err
			}
			c.bound += b
		}
	}
	slices.SortStableFunc(all, func(a, b *Candidate) int {
		switch {
		case a.bound > b.bound:
			return -1
		case a.bound < b.bound:
			return 1
		}
		return 0
	})
	return all, nil
}

// promising leaves out the candidates that cannot be worth while.
func (s *search) promising(all []*Candidate) []*Candidate {
	return slices.DeleteFunc(slices.Clone(all), func(c *Candidate) bool { return s.most(c) < s.least(s.written) })
}

// bound returns the seconds that one decision can save at most. It is infinite of words that are unknown here.
func (s *search) bound(flow graph.FlowName, d plan.Decision, stats map[graph.NodeID]*profile.Stats) (float64, error) {
	switch d.Verb {
	case plan.Store, plan.Coalesce:
		c, err := s.curve(flow, d.Items[0])
		if err != nil {
			return 0, err
		}
		if d.Verb == plan.Coalesce {
			return c.Overlap.Seconds(), nil
		}
		if strings.Contains(d.What(), "=") {
			return c.Total.Seconds(), nil // it is filled at other times than when it is asked for
		}
		_, saved := c.Saved(math.MaxInt64)
		return saved.Seconds(), nil
	case plan.Parallel:
		sum, least := 0.0, math.Inf(1)
		for _, r := range d.Items {
			took := s.total(flow, r, stats)
			sum, least = sum+took, min(least, took)
		}
		if d.Ahead == 0 {
			sum -= least // one of them begins where it stands
		}
		return sum, nil
	}
	return math.Inf(1), nil
}

// total returns the seconds that a region took, in all requests together.
func (s *search) total(flow graph.FlowName, r plan.Region, stats map[graph.NodeID]*profile.Stats) float64 {
	sum, inside := 0.0, false
	for at := range s.graphs[flow].Places() {
		switch {
		case at.Node.ID == r.First:
			inside = true
			for n := range graph.Within(at.Node) {
				sum += seconds(stats[n.ID])
			}
		case inside && !strings.HasPrefix(string(at.Node.ID), string(r.First)+"/"):
			sum += seconds(stats[at.Node.ID])
		}
		if at.Node.ID == r.Last {
			break
		}
	}
	return sum
}

func seconds(st *profile.Stats) float64 {
	sum := time.Duration(0)
	if st != nil {
		for _, d := range st.Took {
			sum += d
		}
	}
	return sum.Seconds()
}

// curve returns what is known of keeping a region.
func (s *search) curve(flow graph.FlowName, r plan.Region) (*sim.Curve, error) {
	key := sim.Region{Flow: flow, First: r.First, Last: r.Last}
	if c := s.curves[key]; c != nil {
		return c, nil
	}
	c, err := s.small.Curve(key)
	if err == nil {
		s.curves[key] = c
	}
	return c, err
}
