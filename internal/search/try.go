package search

// Sets of candidates, replayed: each part of the program by itself, and nothing twice.

import (
	"errors"
	"runtime"
	"sync"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/engine"
	"fluxo.dev/fluxo/internal/sim"
)

// maxRemembered bounds what is remembered of plans and replays.
const maxRemembered = 1 << 14

// A part is a number of flows that call each other, or of which some write what others read, with the requests for them.
// A decision about one of them changes nothing for the other parts but how busy the machine and how full the store is,
// which the replay of the whole shows.
type part struct {
	flows map[graph.FlowName]bool
	trace *sim.Trace
}

// parts takes the program apart.
func parts(graphs map[graph.FlowName]*graph.Graph, trace *sim.Trace) (all []*part) {
	of := map[graph.FlowName]*part{}
	for _, name := range sortedNames(graphs) {
		of[name] = &part{flows: map[graph.FlowName]bool{name: true}}
	}
	join := func(from, to *part) {
		if from == nil || from == to {
			return
		}
		for f := range from.flows {
			to.flows[f], of[f] = true, to
		}
	}
	readers, writers := usersOf(graphs)
	for _, name := range sortedNames(graphs) {
		for at := range graphs[name].Places() {
			if at.Node.Kind == graph.Call {
				join(of[graph.FlowName(at.Node.Callee)], of[name])
			}
		}
		for _, data := range writers[name] {
			for _, reader := range readers[data] {
				join(of[reader], of[name])
			}
		}
	}
	seen := map[*part]bool{}
	for _, name := range sortedNames(graphs) {
		p := of[name]
		if seen[p] {
			continue
		}
		seen[p] = true
		p.trace = trace.Only(func(f graph.FlowName) bool { return p.flows[f] })
		all = append(all, p)
	}
	return all
}

// usersOf returns which flows read named data, by its name, and the names of the data that flows write.
func usersOf(graphs map[graph.FlowName]*graph.Graph) (readers map[string][]graph.FlowName, writers map[graph.FlowName][]string) {
	readers, writers = map[string][]graph.FlowName{}, map[graph.FlowName][]string{}
	for name, g := range graphs {
		for _, e := range graph.EffectsOf(g.Body.Nodes...) {
			for _, d := range e.Data {
				if e.Class == graph.Writes {
					writers[name] = append(writers[name], d.Name)
				} else {
					readers[d.Name] = append(readers[d.Name], name)
				}
			}
		}
	}
	return readers, writers
}

// score judges a set on the sample.
func (s *search) score(set []*Candidate) (score, error) {
	if s.illegal(set) != nil {
		return never, nil
	}
	whole := wholeKey(set)
	s.mu.Lock()
	sc, ok := s.seen[whole]
	s.mu.Unlock()
	if ok {
		return sc, nil
	}
	var tallies []tally
	for i, p := range s.parts {
		t, err := s.tally(i, p, set)
		if err != nil {
			return never, err
		}
		if t == nil {
			sc = never
			break
		}
		tallies = append(tallies, *t)
	}
	if sc != never {
		sc = s.judge.score(tallies)
	}
	s.mu.Lock()
	if len(s.seen) < maxRemembered {
		s.seen[whole] = sc
	}
	s.result.Tried++
	s.mu.Unlock()
	return sc, nil
}

// A partKey names a set as far as it is about one part.
type partKey struct {
	part int
	set  string
}

// tally replays one part under a set; nil if that is more than it can serve.
func (s *search) tally(i int, p *part, set []*Candidate) (*tally, error) {
	key := partKey{i, keyOf(set, func(c *Candidate) bool { return p.flows[c.Flow] })}
	s.mu.Lock()
	t, ok := s.tallies[key]
	s.mu.Unlock()
	if ok {
		return t, nil
	}
	o, err := s.replay(p.trace, set, sim.Options{Memory: s.memory() / int64(s.part.Of)})
	switch {
	case errors.Is(err, sim.ErrOverload):
	case err != nil:
		return nil, err
	default:
		one := tallyOf(o)
		one.stored *= int64(s.part.Of)
		t = &one
	}
	if len(s.parts) > 1 { // of one part the score is what is remembered
		s.mu.Lock()
		s.tallies[key] = t
		if len(s.tallies) > maxTallies {
			clear(s.tallies)
		}
		s.mu.Unlock()
	}
	return t, nil
}

// maxTallies bounds what is remembered of parts: each has a number for each request.
const maxTallies = 1 << 10

// replay replays a trace under a legal set.
func (s *search) replay(trace *sim.Trace, set []*Candidate, o sim.Options) (*sim.Outcome, error) {
	o.Plans, o.Scheduled = map[graph.FlowName]*graph.Graph{}, s.Scheduled
	for _, name := range s.names {
		p := s.flow(name, set)
		if p.err != nil {
			return nil, p.err
		}
		o.Plans[name] = p.graph
	}
	return sim.Run(trace, o)
}

// scores judges sets beside each other, as many as there are processors at a time, and of those that are the same one: how many
// were tried shall not depend on who was first.
func (s *search) scores(sets [][]*Candidate) ([]score, error) {
	out := make([]score, len(sets))
	errs := make([]error, len(sets))
	first := map[string]int{}
	var same []int // which is the first that a set is the same as
	for i, set := range sets {
		key := wholeKey(set)
		if _, ok := first[key]; !ok {
			first[key] = i
		}
		same = append(same, first[key])
	}
	work := make(chan int)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(sets)) {
		wg.Go(func() {
			for i := range work {
				out[i], errs[i] = s.score(sets[i])
			}
		})
	}
	for i := range sets {
		if same[i] == i {
			work <- i
		}
	}
	close(work)
	wg.Wait()
	for i := range sets {
		out[i] = out[same[i]]
	}
	return out, errors.Join(errs...)
}

// spent reports whether the search has used what it may.
func (s *search) spent() bool {
	return s.ctx.Err() != nil || time.Now().After(s.until) || s.result.Tried >= s.Replays
}

// memory is the bound of all stored results.
func (s *search) memory() int64 {
	if m, ok := s.Base.Memory(); ok {
		return int64(m)
	}
	return engine.DefaultMemory
}
