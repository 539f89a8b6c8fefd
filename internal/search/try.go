package search

// Sets of candidates, tried: whether they are legal, and what a replay comes to.

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/check"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/plan"
	"fluxo.dev/fluxo/internal/sim"
)

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
