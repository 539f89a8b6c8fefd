package profile

// What a trace says of each node.

import (
	"fmt"
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
)

// Stats are those of one node.
type Stats struct {
	Count    int // visits; of a loop, times that it ran
	Failures int // errors that it returned
	Distinct int // contents of what it read
	Took     []time.Duration
}

// Mean returns the mean time of the node.
func (s *Stats) Mean() time.Duration {
	if len(s.Took) == 0 {
		return 0
	}
	sum := time.Duration(0)
	for _, d := range s.Took {
		sum += d
	}
	return sum / time.Duration(len(s.Took))
}

// Median returns the median time of the node.
func (s *Stats) Median() time.Duration {
	if len(s.Took) == 0 {
		return 0
	}
	return slices.Sorted(slices.Values(s.Took))[len(s.Took)/2]
}

// A summary is under way.
type summary struct {
	nodes map[graph.FlowName][]*graph.Node // by number
	vars  map[graph.FlowName]map[graph.VarID]int
	stats map[graph.FlowName]map[graph.NodeID]*Stats
	reads map[*Stats]map[uint64]bool
}

// Summarize returns the stats of the nodes that the trace's runs came by.
func (t *Trace) Summarize() (map[graph.FlowName]map[graph.NodeID]*Stats, error) {
	s := &summary{
		map[graph.FlowName][]*graph.Node{}, map[graph.FlowName]map[graph.VarID]int{},
		map[graph.FlowName]map[graph.NodeID]*Stats{}, map[*Stats]map[uint64]bool{},
	}
	for _, f := range t.Flows {
		g, err := graph.Parse(f.Graph)
		if err != nil {
			return nil, fmt.Errorf("graph in the trace: %w", err)
		}
		for at := range g.Places() {
			s.nodes[f.Name] = append(s.nodes[f.Name], at.Node)
		}
		s.vars[f.Name] = map[graph.VarID]int{}
		for i, v := range g.Vars {
			if v.Kind != graph.Context {
				s.vars[f.Name][v.ID] = i
			}
		}
		s.stats[f.Name] = map[graph.NodeID]*Stats{}
	}
	for _, r := range t.Runs {
		if err := s.run(r); err != nil {
			return nil, err
		}
	}
	for st, contents := range s.reads {
		st.Distinct = len(contents)
	}
	return s.stats, nil
}

func (s *summary) run(r *Run) error {
	nodes, stats := s.nodes[r.Flow], s.stats[r.Flow]
	held := map[int]uint64{}
	hold(held, r.Params)
	for i := range r.Visits {
		v := &r.Visits[i]
		if v.Node < 0 || int(v.Node) >= len(nodes) {
			return fmt.Errorf("a run of %s in the trace came by node %d of %d: it is of another version of the source", r.Flow, v.Node, len(nodes))
		}
		n := nodes[v.Node]
		if !n.Kind.IsLoop() || v.Block < 0 {
			s.visit(r.Flow, stats, n, v, held)
		}
		hold(held, v.Sets)
		if v.Run != nil {
			if err := s.run(v.Run); err != nil {
				return err
			}
		}
	}
	return nil
}

func hold(held map[int]uint64, values []Value) {
	for _, v := range values {
		held[int(v.Var)] = v.Hash
	}
}

func (s *summary) visit(flow graph.FlowName, stats map[graph.NodeID]*Stats, n *graph.Node, v *Visit, held map[int]uint64) {
	st := stats[n.ID]
	if st == nil {
		st = &Stats{}
		stats[n.ID] = st
		s.reads[st] = map[uint64]bool{}
	}
	st.Count++
	st.Took = append(st.Took, v.Took)
	if v.Kind != "" {
		st.Failures++
	}
	h := uint64(1)
	for _, id := range n.In {
		if i, ok := s.vars[flow][id]; ok {
			h = Mix(h, held[i])
		}
	}
	s.reads[st][h] = true
}
