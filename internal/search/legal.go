package search

// Planned graphs of sets of candidates, and why a set is not legal.

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/plan"
)

// A flowPlan is one flow under some decisions.
type flowPlan struct {
	graph  *graph.Graph
	report check.Report
	err    error // why it is not legal
}

// flow returns one flow under what the author fixes and a set. What was worked out once is remembered.
func (s *search) flow(name graph.FlowName, set []*Candidate) *flowPlan {
	key := string(name) + "\n" + keyOf(set, func(c *Candidate) bool { return c.Flow == name })
	s.mu.Lock()
	p := s.planned[key]
	s.mu.Unlock()
	if p != nil {
		return p
	}
	p = s.plan(name, set)
	s.mu.Lock()
	if len(s.planned) < maxRemembered {
		s.planned[key] = p
	}
	s.mu.Unlock()
	return p
}

func (s *search) plan(name graph.FlowName, set []*Candidate) *flowPlan {
	g, p := s.graphs[name], &flowPlan{}
	ds := slices.Clone(s.fixed[name])
	for _, c := range set {
		if c.Flow != name {
			continue
		}
		for _, d := range c.Decisions {
			if p.err = plan.Fits(ds, d); p.err != nil {
				return p
			}
			ds = append(ds, d)
		}
	}
	planned, problems := plan.Apply(g, ds)
	if len(problems) > 0 {
		p.err = problems[0]
		return p
	}
	p.graph, p.report = planned, s.check(g, planned)
	if !p.report.OK() {
		p.err = errors.New(strings.TrimSpace(p.report.String()))
		return p
	}
	if hasForks(g) {
		p.graph, _ = plan.WithOwn(g, ds, func(planned *graph.Graph) map[graph.NodeID]string { return s.check(g, planned).Reasons() })
	}
	return p
}

func (s *search) check(g, planned *graph.Graph) check.Report {
	return check.Check(g, planned, check.Program{Sole: s.Sole}, check.DefaultRules())
}

// hasForks reports whether the author of a flow runs parts of it beside each other.
func hasForks(g *graph.Graph) bool {
	for at := range g.Places() {
		if at.Node.Fork != nil {
			return true
		}
	}
	return false
}

// illegal says why a set may not be; nil if it may.
func (s *search) illegal(set []*Candidate) error {
	for _, name := range s.names {
		if !slices.ContainsFunc(set, func(c *Candidate) bool { return c.Flow == name }) {
			continue
		}
		if p := s.flow(name, set); p.err != nil {
			return p.err
		}
	}
	return nil
}

// legal keeps the candidates that may stand by themselves, beside what the author fixes.
func (s *search) legal(all []*Candidate) []*Candidate {
	return slices.DeleteFunc(all, func(c *Candidate) bool {
		err := s.illegal([]*Candidate{c})
		if err != nil {
			s.result.Refused = append(s.result.Refused, Refusal{c, err.Error()})
		}
		return err != nil
	})
}

// holds lists the conjuncts that a candidate's own nodes were held against.
func (s *search) holds(c *Candidate) (ids []graph.ConjunctID) {
	p := s.plan(c.Flow, []*Candidate{c})
	for _, v := range p.report.Verdicts {
		for _, id := range v.Holds {
			if !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// wholeKey names a set.
func wholeKey(set []*Candidate) string { return keyOf(set, func(*Candidate) bool { return true }) }

// keyOf names a part of a set.
func keyOf(set []*Candidate, of func(*Candidate) bool) string {
	var names []string
	for _, c := range set {
		if of(c) {
			names = append(names, c.text)
		}
	}
	slices.Sort(names)
	return strings.Join(names, "\n")
}

// file is the author's plan with a set added.
func (s *search) file(set []*Candidate) (*plan.File, error) {
	f, err := plan.Parse(s.Base.Name, s.Base.Format())
	if err != nil {
		return nil, fmt.Errorf("the plan cannot be read again: %w", err)
	}
	for _, c := range set {
		for _, d := range c.Decisions {
			if err := f.Add(c.Flow, d); err != nil {
				return nil, err
			}
		}
	}
	return f, nil
}
