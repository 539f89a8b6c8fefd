package sim

// What replays are made from: a trace, taken apart once, or read again for each of them.

import (
	"fmt"
	"iter"
	"time"

	"fluxo.dev/fluxo/graph"
	"fluxo.dev/fluxo/internal/profile"
)

// A Trace is a profile's, ready for any number of replays, at the same time too.
type Trace struct {
	cores  int
	costs  profile.Costs
	flows  map[graph.FlowName]*flow
	scenes []*scene       // of its requests, if it was taken apart as a whole
	source profile.Source // otherwise
	beside []beside       // what is written by none of these
	drawn  bool           // times of nodes are drawn: they are not the run's own
}

// Read takes a trace apart. It must not be changed afterwards.
func Read(p *profile.Trace) (*Trace, error) {
	t, u := &Trace{cores: max(p.Cores, 1), costs: p.Costs, flows: map[graph.FlowName]*flow{}}, &used{}
	for _, f := range p.Flows {
		fl, err := newFlow(f.Graph)
		if err != nil {
			return nil, err
		}
		t.flows[fl.graph.Flow] = fl
	}
	for i, run := range p.Runs {
		s, err := t.read(run, uint64(i))
		if err != nil {
			return nil, err
		}
		t.learn(s, u)
		u.busy += run.Busy
		u.made += run.Made
		u.requests++
		t.scenes = append(t.scenes, s)
		t.beside = append(t.beside, elsewhere(run)...)
	}
	for _, fl := range t.flows {
		fl.usual.settle()
	}
	if t.costs == (profile.Costs{}) {
		t.costs = u.costs()
	}
	return t, nil
}

// used is what a process used of its processors for its requests.
type used struct {
	busy, computed  time.Duration // of all; and what visits show of it
	requests, calls int           // calls of steps that wait
	made            int64         // those that there were, if they were fewer
}

// costs shares out what no visit shows. How much of it belongs to a request and how much to a call cannot be
// seen in requests that make the same calls: an exchange with a client is taken to cost what one with an upstream does.
func (u *used) costs() profile.Costs {
	if u.busy <= u.computed {
		return profile.Costs{}
	}
	calls := int64(u.calls)
	if u.made > 0 {
		calls = u.made
	}
	each := (u.busy - u.computed) / time.Duration(int64(u.requests)+calls)
	return profile.Costs{Request: each, Call: each}
}

// learn takes in what a run did, and the runs that it called.
func (t *Trace) learn(s *scene, u *used) { t.learnScope(t.flows[s.run.Flow], 0, s, u) }

func (t *Trace) learnScope(fl *flow, scope int, s *scene, u *used) {
	for i := range s.visits {
		v, n := &s.visits[i], fl.scopes[scope].nodes[i]
		if v.Visit == nil {
			continue
		}
		for _, it := range v.iterations {
			t.learnScope(fl, n.loop, it, u)
		}
		if v.called != nil {
			t.learn(v.called, u)
		}
		if !n.Kind.IsLoop() {
			fl.usual.learn(n, v)
		}
		switch {
		case n.waits():
			u.calls++
		case !n.Kind.IsLoop() && n.Kind != graph.Call:
			u.computed += v.Took
		}
	}
}

// each goes through the requests, by arrival.
func (t *Trace) each() iter.Seq2[*scene, error] {
	return func(yield func(*scene, error) bool) {
		if t.source == nil {
			for _, s := range t.scenes {
				if !yield(s, nil) {
					return
				}
			}
			return
		}
		n := uint64(0)
		for run, err := range t.source.Each() {
			var s *scene
			if err == nil {
				s, err = t.read(run, n)
			}
			if n++; !yield(s, err) || err != nil {
				return
			}
		}
	}
}

// From returns t with the requests of another source, which is read anew for each replay and of which
// nothing is kept in memory: t may be a sample of it. What a run did not record it takes from t.
func (t *Trace) From(src profile.Source) *Trace {
	out := *t
	out.source, out.scenes, out.beside = src, nil, nil
	return &out
}

// WithTimes returns t with each node taking a time that it took in costs, drawn anew for every
// request and independently of the other nodes: the structure of one trace with the times of
// another. Failures take times of failures. A node that costs never came by keeps its own times.
func (t *Trace) WithTimes(costs *Trace) (*Trace, error) {
	out := *t
	out.drawn, out.flows = true, map[graph.FlowName]*flow{}
	for name, fl := range t.flows {
		from := costs.flows[name]
		if from == nil {
			out.flows[name] = fl
			continue
		}
		if what := graph.Differ(fl.graph, from.graph); what != "" {
			return nil, fmt.Errorf("the two traces have different versions of %s, which differ first at %s: record both of one", name, what)
		}
		c := *fl
		c.usual = fl.usual.withTimes(from.usual)
		out.flows[name] = &c
	}
	return &out, nil
}

// Only returns the part of t with the requests of some flows.
func (t *Trace) Only(flows func(graph.FlowName) bool) *Trace {
	out := *t
	out.scenes = nil
	for _, s := range t.scenes {
		if flows(s.run.Flow) {
			out.scenes = append(out.scenes, s)
		}
	}
	return &out
}

// Between returns the requests of t that arrive from a time on and before another, at most so many of them, in memory.
func (t *Trace) Between(from, to time.Duration, most int) (*Trace, error) {
	out := *t
	out.source, out.scenes = nil, nil
	for s, err := range t.each() {
		if err != nil {
			return nil, err
		}
		if t.source != nil && s.run.At >= from && s.run.At < to {
			out.beside = append(out.beside, elsewhere(s.run)...)
		}
		if s.run.At >= from && s.run.At < to && len(out.scenes) < most {
			out.scenes = append(out.scenes, s)
		}
	}
	return &out, nil
}
