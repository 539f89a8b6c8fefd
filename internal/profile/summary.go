package profile

// How a profile comes about: run by run.

import (
	"time"

	"fluxo.dev/fluxo/graph"
)

// A Summary is a profile that grows with every run that is noted. Its methods must not be called at the same time.
type Summary struct {
	profile Profile
	shapes  map[graph.FlowName]*shape
	graphs  func(graph.FlowName) string
	nodes   map[*graph.Node]*NodeProfile
}

// NewSummary returns an empty one. graphs has the text of each flow's graph.
func NewSummary(service string, began time.Time, graphs func(graph.FlowName) string) *Summary {
	return &Summary{
		profile: Profile{Service: service, Began: began, Processes: 1},
		shapes:  map[graph.FlowName]*shape{}, graphs: graphs, nodes: map[*graph.Node]*NodeProfile{},
	}
}

// Add adds a run.
func (s *Summary) Add(r *Run) error {
	if err := s.learn(r); err != nil {
		return err
	}
	at := r.At
	if err := visits(s.shapes, r, func(flow *shape, v *Visit, reads uint64) { s.visit(flow, v, reads, at) }); err != nil {
		return err
	}
	s.run(r, at)
	return nil
}

// learn reads the graphs that a run is of.
func (s *Summary) learn(r *Run) error {
	if s.shapes[r.Flow] == nil {
		shape, err := newShape(Flow{r.Flow, s.graphs(r.Flow)})
		if err != nil {
			return err
		}
		s.shapes[r.Flow] = shape
		s.profile.add(r.Flow, s.graphs(r.Flow))
	}
	for i := range r.Visits {
		if called := r.Visits[i].Run; called != nil {
			if err := s.learn(called); err != nil {
				return err
			}
		}
	}
	return nil
}

// run adds what a run, and those that it called, came to as a whole.
func (s *Summary) run(r *Run, at time.Duration) {
	f := s.profile.flow(r.Flow)
	f.Runs++
	if r.Failed {
		f.Raised++
	}
	f.Took.Add(r.Took, 1)
	f.Asked.add(r.content(), at)
	for i := range r.Visits {
		if called := r.Visits[i].Run; called != nil {
			s.run(called, at)
		}
	}
}

func (s *Summary) visit(flow *shape, v *Visit, reads uint64, at time.Duration) {
	n := s.node(flow, int(v.Node))
	n.Count++
	if v.Kind != "" {
		n.Failures++
	}
	n.Took.Add(v.Took, 1)
	n.Reads.add(reads, at)
	for _, set := range v.Sets {
		e := n.value(flow.vars[set.Var].ID)
		e.Count++
		e.Bytes += int64(set.Size)
		e.Most = max(e.Most, int64(set.Size))
	}
}

// node returns the profile of a node, which stands where the source has it.
func (s *Summary) node(flow *shape, number int) *NodeProfile {
	key := flow.nodes[number]
	if n := s.nodes[key]; n != nil {
		return n
	}
	n := &NodeProfile{Node: key.ID}
	s.nodes[key] = n
	f := s.profile.flow(flow.flow)
	f.Nodes = f.Nodes[:0]
	for _, other := range flow.nodes {
		if n := s.nodes[other]; n != nil {
			f.Nodes = append(f.Nodes, n)
		}
	}
	return n
}

// Pause says that runs were not noted for a while: what is used next may have been used meanwhile.
func (s *Summary) Pause() {
	for _, f := range s.profile.Flows {
		f.Asked.forget()
		for _, n := range f.Nodes {
			n.Reads.forget()
		}
	}
}

// Profile returns a copy of what there is so far. observed is how long runs were noted.
func (s *Summary) Profile(until time.Time, observed time.Duration) *Profile {
	p := &Profile{Service: s.profile.Service, Began: s.profile.Began, Until: until, Observed: observed, Processes: 1}
	for _, f := range s.profile.Flows {
		p.add(f.Flow, f.Graph).merge(f)
	}
	return p
}
