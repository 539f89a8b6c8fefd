package search

import (
	"context"
	"fmt"
	"maps"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
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

// each returns the goal of the set that of makes of each candidate; infinite if that is nil or not legal.
func (s *search) each(all []*Candidate, of func(*Candidate) []*Candidate) ([]float64, error) {
	goals := make([]float64, len(all))
	errs := make([]error, len(all))
	work := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for i := range work {
				goals[i], errs[i] = s.goal(of(all[i]))
			}
		})
	}
	for i := range all {
		work <- i
	}
	close(work)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return goals, nil
}

func (s *search) goal(set []*Candidate) (float64, error) {
	if set == nil {
		return math.Inf(1), nil
	}
	key := keyOf(set)
	s.mu.Lock()
	g, ok := s.seen[key]
	s.mu.Unlock()
	if ok {
		return g, nil
	}
	g = math.Inf(1)
	if _, err := s.planned(set); err == nil {
		o, err := s.simulate(set, s.small, s.part)
		if err != nil {
			return 0, err
		}
		g = s.Goal(o)
	}
	s.mu.Lock()
	s.seen[key] = g
	s.result.Tried++
	s.mu.Unlock()
	return g, nil
}

func keyOf(set []*Candidate) string {
	names := make([]string, len(set))
	for i, c := range set {
		names[i] = c.String()
	}
	slices.Sort(names)
	return strings.Join(names, "\n")
}

// enough is how many requests plans are compared on.
const enough = 5000

// read takes the trace apart, and a sample of it.
func (s *search) read() (err error) {
	if s.whole, err = sim.Read(s.Trace); err != nil {
		return err
	}
	s.small, s.part = s.whole, max(1, len(s.Trace.Runs)/enough)
	if s.part > 1 {
		s.small, err = sim.Read(s.Trace.Sample(s.part))
	}
	return err
}

// simulate replays a trace, which is one of so many parts of the whole, under a legal set.
func (s *search) simulate(set []*Candidate, trace *sim.Trace, part int) (*sim.Outcome, error) {
	plans, err := s.planned(set)
	if err != nil {
		return nil, err
	}
	return sim.Run(trace, sim.Options{Plans: plans, Memory: s.memory() / int64(part)})
}

// memory is the bound of all stored results.
func (s *search) memory() int64 {
	if m, ok := s.Base.Memory(); ok {
		return int64(m)
	}
	return engine.DefaultMemory
}

// file is the author's plan with a set added.
func (s *search) file(set []*Candidate) (*plan.File, error) {
	f, err := plan.Parse(s.Base.Name, s.Base.Format())
	if err != nil {
		return nil, err
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

// planned returns the planned graphs of a set; an error says why it is not legal.
func (s *search) planned(set []*Candidate) (map[graph.FlowName]*graph.Graph, error) {
	f, err := s.file(set)
	if err != nil {
		return nil, err
	}
	plans := map[graph.FlowName]*graph.Graph{}
	for _, part := range f.Flows() {
		g := s.graphs[part.Name]
		if g == nil {
			continue // nobody asked for it
		}
		planned, problems := plan.Apply(g, part.Decisions)
		if len(problems) > 0 {
			return nil, problems[0]
		}
		r := check.Check(g, planned, check.Program{Sole: s.Sole}, check.DefaultRules())
		if !r.OK() {
			return nil, fmt.Errorf("%s", r.String())
		}
		plans[part.Name] = planned
	}
	return plans, nil
}

func (s *search) tell(what string) {
	if s.Progress != nil {
		s.Progress(what)
	}
}

func sortedNames(graphs map[graph.FlowName]*graph.Graph) []graph.FlowName {
	return slices.Sorted(maps.Keys(graphs))
}
