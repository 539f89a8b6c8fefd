package profile

// What a trace says of each node.

import (
	"slices"
	"time"

	"fluxo.dev/fluxo/graph"
)

// Stats are those of one node.
type Stats struct {
	Count    int             // visits; of a loop, times that it ran
	Failures int             // errors that it returned
	Distinct int             // contents of what it read
	Took     []time.Duration // sorted
	Calls    []time.Duration // likewise, of calls that stand for many visits one
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

// Percentiles returns what 0 to 99 of a hundred calls did not exceed.
func (s *Stats) Percentiles() (all [100]time.Duration) {
	if len(s.Calls) == 0 {
		return all
	}
	for i := range all {
		all[i] = s.Calls[i*len(s.Calls)/100]
	}
	return all
}

// A summary is under way.
type summary struct {
	shapes map[graph.FlowName]*shape
	stats  map[graph.FlowName]map[graph.NodeID]*Stats
	reads  map[*Stats]map[uint64]bool
	calls  Calls
}

// Summarize returns the stats of the nodes that the trace's runs came by.
func (t *Trace) Summarize() (map[graph.FlowName]map[graph.NodeID]*Stats, error) {
	s := &summary{map[graph.FlowName]*shape{}, map[graph.FlowName]map[graph.NodeID]*Stats{}, map[*Stats]map[uint64]bool{}, Calls{}}
	for _, f := range t.Flows {
		shape, err := newShape(f)
		if err != nil {
			return nil, err
		}
		s.shapes[f.Name], s.stats[f.Name] = shape, map[graph.NodeID]*Stats{}
	}
	for _, r := range t.Runs {
		if err := visits(s.shapes, r, s.visit); err != nil {
			return nil, err
		}
	}
	for st, contents := range s.reads {
		st.Distinct = len(contents)
		slices.Sort(st.Took)
		slices.Sort(st.Calls)
	}
	return s.stats, nil
}

func (s *summary) visit(flow *shape, v *Visit, reads uint64) {
	stats, n := s.stats[flow.flow], flow.nodes[v.Node]
	st := stats[n.ID]
	if st == nil {
		st = &Stats{}
		stats[n.ID] = st
		s.reads[st] = map[uint64]bool{}
	}
	st.Count++
	st.Took = append(st.Took, v.Took)
	if s.calls.Add(v) {
		st.Calls = append(st.Calls, v.Took)
	}
	if v.Kind != "" {
		st.Failures++
	}
	s.reads[st][reads] = true
}
