package search

// The climb: the best candidate next to what is chosen, again and again.

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/profile"
	"fluxo.dev/fluxo/internal/sim"
	"fluxo.dev/fluxo/pattern"
)

// A Goal is what a plan is to make small.
type Goal func(*sim.Outcome) float64

// Mean is the mean time of a request, in seconds.
func Mean(o *sim.Outcome) float64 {
	sum := time.Duration(0)
	for _, r := range o.Requests {
		sum += r.Took
	}
	return sum.Seconds() / float64(max(len(o.Requests), 1))
}

// worthwhile is the share of the goal that a decision has to gain.
const worthwhile = 0.005

// A Problem is what a plan is looked for.
type Problem struct {
	Trace    *profile.Trace
	Base     *plan.File // what the author says: pin, never and off lines; it is not changed
	Sole     map[string]bool
	Patterns []pattern.Pattern
	Goal     Goal
	Progress func(string) // told what is being looked at; nil for nobody
}

// A Result is the plan that was found.
type Result struct {
	Plan          *plan.File
	Before, After *sim.Outcome
	Steps         []Step
	Tried         int // plans that were simulated
	Refused       []Refusal
}

// A Step is a decision that was made, with the evidence for it.
type Step struct {
	Candidate     *Candidate
	Before, After float64    // the goal without it and with it
	Next          *Candidate // the alternative that came nearest; nil if there was none
	NextAfter     float64
}

// A Refusal is a candidate that is not legal.
type Refusal struct {
	Candidate *Candidate
	Reason    string
}

// A search is one under way.
type search struct {
	Problem
	whole  *sim.Trace
	small  *sim.Trace // a sample that plans are compared on
	part   int        // small is one of so many parts of whole
	graphs map[graph.FlowName]*graph.Graph
	seen   map[string]float64 // goals of sets that were simulated
	mu     sync.Mutex
	result *Result
}

// begin reads the trace and asks the patterns. The candidates that it returns are legal.
func begin(p Problem) (s *search, all []*Candidate, err error) {
	s = &search{Problem: p, graphs: map[graph.FlowName]*graph.Graph{}, seen: map[string]float64{}, result: &Result{}}
	for _, f := range p.Trace.Flows {
		g, err := graph.Parse(f.Graph)
		if err != nil {
			return nil, nil, fmt.Errorf("graph in the trace: %w", err)
		}
		s.graphs[f.Name] = g
	}
	stats, err := p.Trace.Summarize()
	if err != nil {
		return nil, nil, err
	}
	if err := s.read(); err != nil {
		return nil, nil, err
	}
	if all, err = candidates(p.Patterns, s.graphs, stats); err != nil {
		return nil, nil, err
	}
	return s, s.legal(all), nil
}

// Find looks for a plan.
func Find(ctx context.Context, p Problem) (*Result, error) {
	s, all, err := begin(p)
	if err != nil {
		return nil, err
	}
	if s.result.Before, err = s.simulate(nil, s.whole, 1); err != nil {
		return nil, err
	}
	chosen, err := s.climb(ctx, all)
	if err != nil {
		return nil, err
	}
	if s.result.After, err = s.simulate(chosen, s.whole, 1); err != nil {
		return nil, err
	}
	s.result.Plan, err = s.file(chosen)
	return s.result, err
}

// legal keeps the candidates that the checker lets stand by themselves.
func (s *search) legal(all []*Candidate) []*Candidate {
	return slices.DeleteFunc(all, func(c *Candidate) bool {
		_, err := s.planned([]*Candidate{c})
		if err != nil {
			s.result.Refused = append(s.result.Refused, Refusal{c, err.Error()})
		}
		return err != nil
	})
}

// climb adds the best candidate as long as one gains, and takes away what does not any more.
func (s *search) climb(ctx context.Context, all []*Candidate) (chosen []*Candidate, err error) {
	present, err := s.goal([]*Candidate{})
	if err != nil {
		return nil, err
	}
	for ctx.Err() == nil {
		goals, err := s.each(all, func(c *Candidate) []*Candidate {
			if slices.Contains(chosen, c) {
				return nil
			}
			return append(slices.Clone(chosen), c)
		})
		if err != nil {
			return nil, err
		}
		order := make([]int, len(all))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(a, b int) int {
			switch {
			case goals[a] < goals[b]:
				return -1
			case goals[a] > goals[b]:
				return 1
			}
			return 0
		})
		if len(order) == 0 || goals[order[0]] > present*(1-worthwhile) {
			break
		}
		step := Step{Candidate: all[order[0]], Before: present, After: goals[order[0]]}
		if len(order) > 1 && !math.IsInf(goals[order[1]], 1) {
			step.Next, step.NextAfter = all[order[1]], goals[order[1]]
		}
		chosen, present = append(chosen, step.Candidate), step.After
		s.result.Steps = append(s.result.Steps, step)
		s.tell(fmt.Sprintf("%s: %.4g", step.Candidate, present))
		if chosen, present, err = s.prune(chosen, present); err != nil {
			return nil, err
		}
	}
	return chosen, ctx.Err()
}

// prune takes away what does not pay any more beside what came after it, one after the other, the least first.
func (s *search) prune(chosen []*Candidate, present float64) ([]*Candidate, float64, error) {
	for len(chosen) > 1 {
		without := func(c *Candidate) []*Candidate {
			return slices.DeleteFunc(slices.Clone(chosen), func(o *Candidate) bool { return o == c })
		}
		goals, err := s.each(chosen, without)
		if err != nil {
			return nil, 0, err
		}
		least := 0
		for i := range goals {
			if goals[i] < goals[least] {
				least = i
			}
		}
		if goals[least] > present*(1+worthwhile/2) {
			break
		}
		s.tell(fmt.Sprintf("%s does not pay any more", chosen[least]))
		s.result.Steps = slices.DeleteFunc(s.result.Steps, func(st Step) bool { return st.Candidate == chosen[least] })
		chosen, present = without(chosen[least]), goals[least]
	}
	return chosen, present, nil
}

func (s *search) tell(what string) {
	if s.Progress != nil {
		s.Progress(what)
	}
}

func sortedNames(graphs map[graph.FlowName]*graph.Graph) []graph.FlowName {
	return slices.Sorted(maps.Keys(graphs))
}
